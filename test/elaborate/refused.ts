/** Programs that are refused: how the tables of the diagnostics tests are written, and what they demand. */
import { describe, expect, test } from 'vitest';
import { elaborateText, unmark } from './elaborate-text.ts';

export interface Refused {
  readonly code: string;
  /** The place is marked with «…». */
  readonly text: string;
  readonly message: string;
  readonly help: string | undefined;
  /** Messages of the notes, as far as they matter. */
  readonly notes?: readonly string[];
  readonly label?: string;
  readonly facts?: readonly string[];
  readonly fix?: string;
}

/** The whole list of diagnostics is compared, so a second one for the same cause fails too. */
export function testRefused(family: string, rows: readonly Refused[]): void {
  describe(family, () => {
    test.each(rows.map((row) => [`${row.code} ${row.message}`, row] as const))('%s', (_, row) => {
      const { text, marks } = unmark(row.text);
      const { diagnostics, model } = elaborateText(text);
      expect(diagnostics.map((d) => d.code)).toEqual([row.code]);
      const [d] = diagnostics;
      expect(d?.message).toBe(row.message);
      expect(d?.help).toBe(row.help);
      expect(d?.span).toEqual(marks[0]);
      if (row.label !== undefined) expect(d?.label).toBe(row.label);
      if (row.notes !== undefined) expect(d?.notes.map((n) => n.message)).toEqual(row.notes);
      if (row.facts !== undefined) expect(d?.facts).toEqual(row.facts);
      if (row.fix !== undefined) expect(d?.fix?.text).toBe(row.fix);
      expect(model).toBeUndefined();
    });
  });
}
