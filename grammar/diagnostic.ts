/**
 * A Diagnostic is a user's mistake as data: collected, never thrown. `render.ts` turns it into a
 * code frame, `to-json.ts` into JSON; the catalogue (`catalogue/`) holds the sentence of every code.
 */
import type { Span } from './ast.ts';

/** A mistake, or what is doubtful, at its place. */
export interface Diagnostic {
  /** `NN0202`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One sentence in the user's words, no full stop at the end. */
  readonly message: string;
  /** Which source it is in: the name given to `parse`. */
  readonly file: string;
  readonly span: Span;
  /** Printed under the caret at `span`: `f32[100, 10]: 100 rows (param, line 4)`. */
  readonly label?: string;
  /** Other places that explain it: the line that fixed the other size, the opener of a brace. */
  readonly notes: readonly Note[];
  /** `= required by std/losses.nn:12: …`: facts without a place in the user's file. */
  readonly facts?: readonly string[];
  /** What to write instead. */
  readonly help?: string;
  /** An edit that is safe to apply. */
  readonly fix?: Fix;
}

/** Another place that explains a mistake. */
export interface Note {
  readonly message: string;
  readonly file: string;
  readonly span: Span;
  /** Marked with `^` like the diagnostic itself, not `-`: one of several equal culprits. */
  readonly equal?: boolean;
}

/** The text that replaces what stands at a place. */
export interface Fix {
  readonly span: Span;
  readonly text: string;
}
