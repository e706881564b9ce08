/**
 * The catalogue of all diagnostics, and `report`, the one way to make one. A code that is not here
 * or a hole that is not filled does not compile.
 */
import type { Span } from '../ast.ts';
import type { Diagnostic, Fix, Note } from '../diagnostic.ts';
import type { Sentences } from './entry.ts';
import { lints } from './lints.ts';
import { names } from './names.ts';
import { shapes } from './shapes.ts';
import { syntax } from './syntax.ts';
import { training } from './training.ts';
import { values } from './values.ts';

type Entries = typeof syntax &
  typeof shapes &
  typeof names &
  typeof values &
  typeof training &
  typeof lints;

export type Code = keyof Entries;

/** The holes in the sentences of a code; `{}` for a code without any. */
export type Params<C extends Code> =
  Parameters<Entries[C]> extends readonly [infer P] ? P : Readonly<Record<string, never>>;

export const catalogue: Entries = {
  ...syntax,
  ...shapes,
  ...names,
  ...values,
  ...training,
  ...lints,
};

/** Where a diagnostic stands, and what only that place can tell. */
export interface Place {
  /** The source's name, as given to `parse`. */
  readonly file: string;
  readonly span: Span;
  readonly label?: string | undefined;
  readonly notes?: readonly Note[] | undefined;
  /** Added to the catalogue's own facts. */
  readonly facts?: readonly string[] | undefined;
  /** Replaces the catalogue's help where the place knows better. */
  readonly help?: string | undefined;
  readonly fix?: Fix | undefined;
}

export function report<C extends Code>(code: C, params: Params<C>, place: Place): Diagnostic {
  // Correct by the type of `Params`, which TypeScript cannot follow through a generic key.
  const sentences = catalogue[code] as (params: Params<C>) => Sentences;
  const { severity, message, help, facts } = sentences(params);
  const shownHelp = place.help ?? help;
  const shownFacts = [...(facts ?? []), ...(place.facts ?? [])];
  return {
    code,
    severity,
    message,
    file: place.file,
    span: place.span,
    notes: place.notes ?? [],
    ...(place.label === undefined ? {} : { label: place.label }),
    ...(shownFacts.length === 0 ? {} : { facts: shownFacts }),
    ...(shownHelp === undefined ? {} : { help: shownHelp }),
    ...(place.fix === undefined ? {} : { fix: place.fix }),
  };
}
