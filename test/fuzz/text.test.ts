/** The front-end fuzzer's own tools: it finds what is planted, a hang too, and shrinks it; it reads grammars. */
import { describe, expect, test } from 'vitest';
import { randomFrom } from './random.ts';
import { derive } from './text/derive.ts';
import { readEbnf } from './text/ebnf.ts';
import { fuzzTexts } from './text/fuzz-texts.ts';
import { shrinkText } from './text/shrink-text.ts';

const thread = new URL('text/planted-worker.ts', import.meta.url);
const program = (seed: number, line: string): string =>
  ['input x: f32[n, 3]', ...(seed > 12 ? [line] : []), 'output y = relu(x)', ''].join('\n');

describe('what is planted', () => {
  test('is found and shrunk to a few characters, with the way to replay it', async () => {
    const make = (seed: number): string => program(seed, 'let z = (x @  w) |> relu');
    const { texts, failure } = await fuzzTexts('edit', make, 10, 60, { thread });
    expect(texts).toBe(4);
    expect(failure).toMatch(/^# seed 13, edit: broken is "products are sound"$/m);
    expect(failure).toMatch(/^# replay: NNC_FUZZ_SEED=13 NNC_FUZZ_SECONDS=1 /m);
    expect(failure).toMatch(/^@w$/m);
  }, 60_000);

  test('is found where it hangs', async () => {
    const make = (seed: number): string => program(seed, 'let z = (repeat 3)');
    const { failure } = await fuzzTexts('edit', make, 13, 60, { thread, hangSeconds: 0.3 });
    expect(failure).toMatch(/broken is "the compiler comes back"/);
    expect(failure).toMatch(/^\(repeat$/m);
  }, 120_000);
});

test('shrinking ends where nothing more can go', async () => {
  const fails = async (text: string): Promise<boolean> => /a.*b/s.test(text);
  expect(await shrinkText('x\nfoo(a, 1)\ny\n[b]\n', fails)).toBe('ab');
});

test('a grammar is read, and ends as soon as it is full', () => {
  const grammar = readEbnf('sum = "(" sum ")" | NUM {"+" sum} ; word = [ID] "x" ;');
  expect([...grammar.keys()]).toEqual(['sum', 'word']);
  const words = { NUM: () => '1', ID: () => 'a' };
  const start = { kind: 'name', name: 'sum' } as const;
  for (let seed = 0; seed < 50; seed++) {
    const made = derive({ grammar, random: randomFrom(seed), words }, start, 20).join('');
    expect(made).toMatch(/^[(]*1/);
    expect(made.length).toBeLessThan(60);
  }
  expect(() => readEbnf('a = "b"')).toThrow('expected ;');
});
