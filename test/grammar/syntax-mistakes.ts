/** Sources with one mistake: how the tables of the syntax tests are written, and what they demand. */
import { describe, expect, it } from 'vitest';
import { applyFix, parseText, unmark } from './marked.ts';

/** The marked source, the code, the sentence, the help, and the source after the fix. */
export type Mistake = readonly [
  marked: string,
  code: string,
  message: string | RegExp,
  help?: string | RegExp | undefined,
  fixed?: string,
];

/** Code, span, sentence, help and fix of each; the source is in order after its fix. */
export function testMistakes(family: string, rows: readonly Mistake[]): void {
  describe(family, () => {
    it.each(rows.map((row) => ({ marked: row[0], row })))('$marked', ({ row }) => {
      const [marked, code, message, help, fixed] = row;
      const { text, spans } = unmark(marked);
      const { diagnostics } = parseText(text);
      expect(diagnostics.map((d) => d.code)).toEqual([code]);
      const [diagnostic] = diagnostics;
      if (diagnostic === undefined) throw new Error('no diagnostic');
      expect(diagnostic.span).toEqual(spans[0]);
      if (typeof message === 'string') expect(diagnostic.message).toBe(message);
      else expect(diagnostic.message).toMatch(message);
      if (typeof help === 'string') expect(diagnostic.help).toBe(help);
      else if (help !== undefined) expect(diagnostic.help).toMatch(help);
      expect(applyFix(text, diagnostic)).toBe(fixed);
      if (fixed !== undefined) expect(parseText(fixed).diagnostics).toEqual([]);
    });
  });
}
