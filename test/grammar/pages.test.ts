/** The pages of `nnc explain`: one for each code that exists, and their programs get that code and, mended, none. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../grammar/catalogue/index.ts';
import { pages } from '../../grammar/catalogue/pages/index.ts';
import { elaborateText } from '../elaborate/elaborate-text.ts';
import { lintText } from '../lint/lint-text.ts';

const reference = readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8');

/** Codes that the first column of section 5 names; "NN0901/3/4" are three. */
function documentedCodes(): readonly string[] {
  const section = reference.slice(reference.indexOf('## 5.'), reference.indexOf('## 6.'));
  return [...section.matchAll(/^\| (NN\d{4})((?:\/\d)*) \|/gm)].flatMap(
    ([, code = '', more = '']) => [
      code,
      ...[...more].filter((char) => char !== '/').map((digit) => code.slice(0, -1) + digit),
    ],
  );
}

/** Of the trainer, which are not made by the catalogue. */
const trainerCodes = ['NN0506', 'NN0507', 'NN0508', 'NN0509', 'NN0510'];

const withPrograms = Object.entries(pages).flatMap(([code, { wrong, right }]) =>
  wrong === undefined || right === undefined ? [] : [{ code, wrong, right }],
);

describe('pages', () => {
  it('are there for each code of the catalogue and each row of section 5, in order', () => {
    const codes = [...Object.keys(catalogue), ...trainerCodes].toSorted();
    expect(Object.keys(pages)).toEqual(codes);
    expect(documentedCodes().toSorted()).toEqual(codes);
  });

  it('have a program, or say why not', () => {
    for (const [code, page] of Object.entries(pages)) {
      expect(page.title, code).toMatch(/^\S.*[^.]$/);
      expect(page.text.length, code).toBeGreaterThan(100);
      expect(page.wrong === undefined, code).toBe(page.without !== undefined);
      expect(page.wrong === undefined, code).toBe(page.right === undefined);
    }
  });

  it.each(withPrograms)('$code: its program gets it, and nothing else', ({ code, wrong }) => {
    expect(codesOf(wrong)).toEqual([code]);
  });

  it.each(withPrograms)('$code: the mended program is clean', ({ right }) => {
    expect(codesOf(right)).toEqual([]);
  });
});

/** Of errors, and where there are none, of warnings. */
function codesOf(text: string): readonly string[] {
  const errors = elaborateText(text).diagnostics;
  return (errors.length > 0 ? errors : lintText(text)).map((one) => one.code);
}
