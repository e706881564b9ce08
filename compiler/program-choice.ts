/** Which program of a model is compiled, at which sizes, and what it is called. */
import type { Model } from './model.ts';
import type { ProgramKind } from './programs.ts';
import { type SectionSet, sectionSets } from './train-step.ts';

/** A program to compile. */
export interface ProgramChoice {
  readonly kind: ProgramKind;
  /** Numbers for the symbolic sizes. */
  readonly dims: Readonly<Record<string, number>>;
  /** Of a training step: the `train` sections that run in it, unless all do. */
  readonly sections?: SectionSet;
}

/** `train@128`, `train@128:critic` where only some sections run; with several sizes `predict@batch=8,t=64`. */
export function programName(
  kind: ProgramKind,
  dims: Readonly<Record<string, number>>,
  sections?: SectionSet,
): string {
  const entries = Object.entries(dims);
  const [only] = entries;
  const end = sections === undefined ? '' : `:${sections.join('+')}`;
  if (only === undefined) return `${kind}${end}`;
  return entries.length === 1
    ? `${kind}@${only[1]}${end}`
    : `${kind}@${entries.map(([n, v]) => `${n}=${v}`).join()}${end}`;
}

/** The choice once for each set of sections that meet in a step; once, if it is no training step. */
export const withSections = (model: Model, choice: ProgramChoice): readonly ProgramChoice[] =>
  choice.kind === 'train'
    ? sectionSets(model).map((sections) => ({ ...choice, sections }))
    : [choice];
