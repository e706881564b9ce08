/**
 * The shape of one catalogue entry: a function from the holes of a diagnostic to its sentences.
 * Entries are grouped in files by family; `index.ts` joins them and makes diagnostics of them.
 */
import type { Diagnostic } from '../diagnostic.ts';

export interface Sentences {
  readonly severity: Diagnostic['severity'];
  /** The headline: one sentence in the user's words, no full stop at the end. */
  readonly message: string;
  /** What to write instead; none where nothing certain can be said. */
  readonly help?: string | undefined;
  /** Lines printed with `=` below the frame. */
  readonly facts?: readonly string[] | undefined;
}

export function error(message: string, help?: string, facts?: readonly string[]): Sentences {
  return { severity: 'error', message, help, facts };
}

export function warning(message: string, help?: string, facts?: readonly string[]): Sentences {
  return { severity: 'warning', message, help, facts };
}

/** `did you mean …?`, or nothing when there is no near word. */
export function didYouMean(suggestion: string | undefined): string | undefined {
  return suggestion === undefined ? undefined : `did you mean \`${suggestion}\`?`;
}
