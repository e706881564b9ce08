/**
 * The front-end fuzzer in CI: about half a minute from a fixed seed, which is printed, for random edits,
 * programs out of the grammar, and programs that mean something. Longer, or from another seed: `npm run fuzz`
 * with NNC_FUZZ_SECONDS and NNC_FUZZ_SEED. What fails is shrunk to a small file.
 */
import { expect, test } from 'vitest';
import { parse } from '../../grammar/parse.ts';
import type { Kind } from './text/check-text.ts';
import { type Form, formsOf } from './text/ebnf.ts';
import { editedText } from './text/edit.ts';
import { fuzzTexts } from './text/fuzz-texts.ts';
import { grammar, grammarProgram } from './text/grammar-program.ts';
import { kindsIn, kindsOfTree } from './text/tree-kinds.ts';
import { typedProgram } from './text/typed/program.ts';

const seconds = Number(process.env['NNC_FUZZ_SECONDS'] ?? 27);
const first = Number(process.env['NNC_FUZZ_SEED'] ?? 20261122);

const kinds: readonly {
  readonly kind: Kind;
  readonly make: (seed: number) => string;
}[] = [
  { kind: 'edit', make: editedText },
  { kind: 'grammar', make: grammarProgram },
  { kind: 'typed', make: typedProgram },
];

test.each(kinds)(
  '$kind: nothing throws or hangs, places are right, the formatter is stable',
  async ({ kind, make }) => {
    const part = seconds / kinds.length;
    const { texts, clean, codes, slowest, failure } = await fuzzTexts(kind, make, first, part);
    if (failure !== undefined) expect.fail(failure);
    console.log(
      `front-end fuzzer, ${kind}: seeds ${first} to ${first + texts - 1}, ${clean} without errors, ` +
        `${codes.size} codes, slowest ${slowest.toFixed(0)} ms`,
    );
    expect(texts).toBeGreaterThan(1);
  },
  (seconds + 200) * 1000,
);

test('the programs from the grammar use every form of it, and make every kind of node', () => {
  const used = new Set<Form>();
  const kinds = new Set<string>();
  for (let seed = first; seed < first + 3000; seed++)
    for (const kind of kindsIn(parse({ name: 'a.nn', text: grammarProgram(seed, used) }).file))
      kinds.add(kind);
  const forms = [...grammar].flatMap(([rule, form]) => formsOf(form).map((one) => ({ rule, one })));
  // Programs start with the parts of `file`, not with the rule itself.
  const unused = forms.filter(({ rule, one }) => rule !== 'file' && !used.has(one));
  expect(unused.map(({ rule, one }) => `${rule}: ${JSON.stringify(one)}`)).toEqual([]);
  expect(kindsOfTree.filter((kind) => !kinds.has(kind))).toEqual([]);
});
