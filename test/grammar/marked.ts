/** Sources with a mark around the span that a test expects: `let y = ⟦f64⟧`. */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { type Parsed, parse } from '../../grammar/parse.ts';

const fileName = 'test.nn';

export interface Marked {
  readonly text: string;
  readonly spans: readonly { readonly start: number; readonly end: number }[];
}

export function unmark(marked: string): Marked {
  const spans: { start: number; end: number }[] = [];
  let text = '';
  let start = 0;
  for (const char of marked) {
    if (char === '⟦') start = text.length;
    else if (char === '⟧') spans.push({ start, end: text.length });
    else text += char;
  }
  return { text, spans };
}

export function parseText(text: string): Parsed {
  return parse({ name: fileName, text });
}

/** The text after the diagnostic's fix. */
export function applyFix(text: string, { fix }: Diagnostic): string | undefined {
  return fix === undefined
    ? undefined
    : text.slice(0, fix.span.start) + fix.text + text.slice(fix.span.end);
}
