/** The texts that random edits start from: models, the reference's examples, the prelude, and the programs of `nnc explain`. */
import { readdirSync, readFileSync } from 'node:fs';
import { pages } from '../../../grammar/catalogue/pages/index.ts';

const root = new URL('../../../', import.meta.url);

const filesIn = (folder: string): readonly string[] =>
  readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith('.nn'))
    .toSorted()
    .map((name) => readFileSync(new URL(folder + name, root), 'utf8'));

const programs = Object.values(pages).flatMap(({ wrong, right }) =>
  [wrong, right].filter((text) => text !== undefined),
);

export const corpus: readonly string[] = [
  ...['models/', 'test/grammar/examples/', 'compiler/std/'].flatMap(filesIn),
  ...programs,
];
