/** The pages of all codes, for `nnc explain`. A code without a page does not compile. */
import type { Code } from '../index.ts';
import { lints } from './lints.ts';
import { names } from './names.ts';
import type { Page } from './page.ts';
import { shapes } from './shapes.ts';
import { sizes } from './sizes.ts';
import { syntax } from './syntax.ts';
import { type TrainerCode, training } from './training.ts';
import { values } from './values.ts';

export type { Page } from './page.ts';

/** Codes with a page: those of the catalogue, and those of the trainer. */
export type PageCode = Code | TrainerCode;

/** In the order of their codes. */
export const pages: Readonly<Record<PageCode, Page>> = {
  ...syntax,
  ...shapes,
  ...sizes,
  ...names,
  ...values,
  ...training,
  ...lints,
};
