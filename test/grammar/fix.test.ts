/** Safe edits: every code that the reference marks with "(fix)" is mended, and nothing is made worse. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pages } from '../../grammar/catalogue/pages/index.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { applyFixes } from '../../grammar/fix.ts';
import { elaborateText } from '../elaborate/elaborate-text.ts';
import { lintText } from '../lint/lint-text.ts';

function check({ text }: { readonly text: string }): readonly Diagnostic[] {
  const errors = elaborateText(text).diagnostics;
  return errors.length > 0 ? errors : lintText(text);
}
const fixed = (text: string) => applyFixes({ name: 'test.nn', text }, check);

const reference = readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8');
const promised = [...reference.matchAll(/^\| (NN\d{4}) \|.*\(fix\).*\|$/gm)].map(
  ([, code = '']) => code,
);

describe('codes with "(fix)" in the reference', () => {
  it('are all there', () => expect(promised.length).toBeGreaterThan(7));

  it.each(promised)('%s', (code) => {
    const wrong = pages[code as keyof typeof pages].wrong ?? '';
    const { text, applied, left } = fixed(wrong);
    expect(applied.map((one) => one.code)).toEqual([code]);
    expect(left).toEqual([]);
    expect(text).not.toBe(wrong);
    expect(check({ text })).toEqual([]);
  });
});

describe('several at once', () => {
  it('and one inside another', () => {
    const { text, applied, left } = fixed(
      'input x: f32[n, 4] // rows\ninput i: i32[n, 4]\nh = x * .5 + x * i\noutput y = h |> dense(4, 3, False)\nrelu\n',
    );
    expect(text).toBe(
      'input x: f32[n, 4] # rows\ninput i: i32[n, 4]\nlet h = x * 0.5 + x * cast(i, f32)\noutput y = h |> dense(4, 3, bias=false)\n|> relu\n',
    );
    expect(left).toEqual([]);
    expect(applied).toHaveLength(7);
  });

  it('what has no safe edit stays as it is', () => {
    const text = 'input x: f32[n, 4]\noutput y = x |> rellu\n';
    const { left, applied, text: after } = fixed(text);
    expect(after).toBe(text);
    expect(applied).toEqual([]);
    expect(left.map(({ code }) => code)).toEqual(['NN0301']);
  });
});

describe('edits that do not help', () => {
  const error = (start: number, text: string): Diagnostic => ({
    code: 'NN0001',
    severity: 'error',
    message: '',
    file: 'a.nn',
    span: { start, end: start + 1 },
    notes: [],
    fix: { span: { start, end: start + 1 }, text },
  });

  it('are taken back, one by one, and the good one beside them stays', () => {
    // Every `x` is a mistake; the edit of the first makes two of it.
    const result = applyFixes({ name: 'a.nn', text: 'x x' }, ({ text }) =>
      [...text.matchAll(/x/g)].map(({ index }) => error(index, index === 0 ? 'xx' : 'y')),
    );
    expect(result.text).toBe('x y');
    expect(result.applied).toHaveLength(1);
    expect(result.left).toHaveLength(1);
  });

  it('end, whatever they do', () => {
    let checks = 0;
    const result = applyFixes({ name: 'a.nn', text: 'x' }, ({ text }) => {
      checks++;
      return [{ ...error(0, text === 'x' ? 'z' : 'x'), file: 'a.nn' }];
    });
    expect(result.text).toBe('x');
    expect(checks).toBeLessThan(10);
  });

  it('of other files are left out', () => {
    const result = applyFixes({ name: 'a.nn', text: 'x' }, () => [
      { ...error(0, 'y'), file: 'b.nn' },
    ]);
    expect(result.text).toBe('x');
  });
});
