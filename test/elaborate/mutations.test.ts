/** Broken programs: whatever the text, elaboration gives a model or a diagnostic, and never throws. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { elaborateText } from './elaborate-text.ts';

const folder = fileURLToPath(new URL('../../models/', import.meta.url));
const sources = readdirSync(folder)
  .filter((f) => f.endsWith('.nn'))
  .map((f) => readFileSync(folder + f, 'utf8').match(/\w+|\s+|[^\w\s]/g) ?? []);
const words = sources.flat().filter((t) => t.trim() !== '');
const strays = [
  'None',
  '-1',
  '0',
  '()',
  '[]',
  '...',
  '_',
  '1.5',
  '"s"',
  'grad',
  '{',
  '}',
  '1000',
  'i32',
  'step',
];
const seed = 20260801;

/** A linear congruential generator (Numerical Recipes), enough to choose tokens. */
function generator(state: number): (n: number) => number {
  let s = state;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 2 ** 32) * n);
  };
}

test(`2,000 mutations of the example models (seed ${seed})`, () => {
  const choose = generator(seed);
  for (let i = 0; i < 2000; i++) {
    const tokens = [...(sources[choose(sources.length)] ?? [])];
    for (let k = 0; k <= choose(3); k++) {
      const at = choose(tokens.length);
      const word =
        (choose(3) === 0 ? strays[choose(strays.length)] : words[choose(words.length)]) ?? '';
      const kind = choose(3);
      if (kind === 0) tokens.splice(at, 1);
      else tokens.splice(at, kind - 1, word);
    }
    const text = tokens.join('');
    const failure = problemWith(text);
    expect(failure === undefined ? '' : `${failure}\n${text}`).toBe('');
  }
});

function problemWith(text: string): string | undefined {
  try {
    const { model, diagnostics } = elaborateText(text);
    if (model === undefined && !diagnostics.some((d) => d.severity === 'error'))
      return 'neither a model nor an error';
    const odd = diagnostics.find(
      (d) => d.file !== 'test.nn' || /undefined|\[object/.test(d.message + (d.help ?? '')),
    );
    return odd && `odd diagnostic: ${odd.file} ${odd.message} ${odd.help}`;
  } catch (error) {
    return String(error);
  }
}
