/**
 * The front-end fuzzer in CI: about half a minute from a fixed seed, which is printed, for random edits,
 * programs out of the grammar, and programs that mean something. Longer, or from another seed: `npm run fuzz`
 * with NNC_FUZZ_SECONDS and NNC_FUZZ_SEED. What fails is shrunk to a small file.
 */
import { expect, test } from 'vitest';
import { builtins } from '../../compiler/elaborate/builtins/index.ts';
import { isNotYet } from '../../compiler/elaborate/builtins/not-yet.ts';
import { stdSources } from '../../compiler/std/embedded.ts';
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
  /** Of the time. */
  readonly share: number;
  /** The share of texts without errors. */
  readonly least: number;
}[] = [
  { kind: 'edit', make: editedText, share: 0.3, least: 0 },
  { kind: 'grammar', make: grammarProgram, share: 0.2, least: 0 },
  { kind: 'typed', make: typedProgram, share: 0.5, least: 0.9 },
];

test.each(kinds)(
  '$kind: nothing throws or hangs, places are right, the formatter is stable',
  async ({ kind, make, share, least }) => {
    const part = seconds * share;
    const { texts, clean, codes, slowest, failure } = await fuzzTexts(kind, make, first, part);
    if (failure !== undefined) expect.fail(failure);
    console.log(
      `front-end fuzzer, ${kind}: seeds ${first} to ${first + texts - 1}, ${percent(clean / texts)} without errors, ` +
        `${codes.size} codes, slowest ${slowest.toFixed(0)} ms`,
    );
    expect(texts).toBeGreaterThan(0);
    expect(clean / texts).toBeGreaterThanOrEqual(least);
  },
  (seconds + 200) * 1000,
);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

test('the programs from the grammar use every form of it, and make every kind of node', () => {
  const used = new Set<Form>();
  const kinds = new Set<string>();
  for (let seed = 0; seed < 3000; seed++)
    for (const kind of kindsIn(parse({ name: 'a.nn', text: grammarProgram(seed, used) }).file))
      kinds.add(kind);
  const forms = [...grammar].flatMap(([rule, form]) => formsOf(form).map((one) => ({ rule, one })));
  // Programs start with the parts of `file`, not with the rule itself.
  const unused = forms.filter(({ rule, one }) => rule !== 'file' && !used.has(one));
  expect(unused.map(({ rule, one }) => `${rule}: ${JSON.stringify(one)}`)).toEqual([]);
  expect(kindsOfTree.filter((kind) => !kinds.has(kind))).toEqual([]);
});

test('the typed programs use every function and layer, built in or of the prelude', () => {
  const words = (text: string): readonly string[] => text.match(/[a-z_]\w*/g) ?? [];
  const used = new Set<string>();
  for (let seed = 0; seed < 5000; seed++)
    for (const word of words(typedProgram(seed))) used.add(word);
  const prelude = stdSources.flatMap(({ text }) =>
    text.split(/^(?=(?:fn|layer) )/m).flatMap((declaration) => {
      const [, name] = /^(?:fn|layer) (\w+)/.exec(declaration) ?? [];
      return name === undefined ? [] : [{ name, declaration }];
    }),
  );
  // What a declaration uses is used with it.
  for (let size = 0; size < used.size; ) {
    size = used.size;
    for (const { name, declaration } of prelude)
      if (used.has(name)) for (const word of words(declaration)) used.add(word);
  }
  const names = [
    ...prelude.map((one) => one.name),
    ...[...builtins.values()].filter((one) => !isNotYet(one)).map((one) => one.name),
  ];
  expect(names.filter((name) => !used.has(name))).toEqual([]);
});
