/** Formatting a whole text, with the proof that nothing of it was lost. */
import type { File } from '../ast.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { parse } from '../parse.ts';
import { lex } from '../scan/scan.ts';
import type { Source } from '../source.ts';
import { format } from './format.ts';

export interface Formatted {
  /** Absent where there are syntax errors: such a file is left alone. */
  readonly text?: string;
  /** The syntax errors. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the text still means the same and has all its comments; if not, the formatter is wrong. */
  readonly isFaithful: boolean;
}

export function formatSource(source: Source): Formatted {
  const { file, diagnostics } = parse(source);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { diagnostics: errors, isFaithful: true };
  const text = format(source.text, file);
  const again = parse({ name: source.name, text });
  const isFaithful =
    meaning(again.file) === meaning(file) && comments(text) === comments(source.text);
  return { text, diagnostics: [], isFaithful };
}

/** The tree without its places. */
export function meaning(file: File): string {
  return JSON.stringify(file, (key, value: unknown) =>
    key === 'span' || key === 'opSpan' ? undefined : value,
  );
}

/** Two comments may come to stand on one line. */
function comments(text: string): string {
  return lex(text)
    .comments.map(({ image }) => image)
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}
