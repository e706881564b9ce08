/** `nnc layers`: the index by topic, one entry in full, and examples that are right. */
import { expect, test } from 'vitest';
import { exampleOf } from '../../cli/layer-example.ts';
import { library } from '../../cli/library.ts';
import { runCommand } from '../../cli/program.ts';
import { sampleModel, sampleOf } from '../../cli/sample-layer.ts';
import { parse } from '../../grammar/index.ts';
import { memoryTerminal } from './memory-terminal.ts';

async function layers(...words: readonly string[]) {
  const terminal = memoryTerminal();
  const code = await runCommand(['layers', ...words], { env: {}, terminal, now: () => 0 });
  return { code, out: terminal.out(), err: terminal.err() };
}

test('the index: every topic, with the first sentence of each', async () => {
  const { code, out } = await layers();
  expect(code).toBe(0);
  for (const topic of [
    'std/layers.nn',
    'std/optimizers.nn',
    'built in: shapes',
    'built in: random',
  ])
    expect(out).toContain(`\n${topic}\n`);
  expect(out).toMatch(/^ {2}dense\(in\?, units, bias=, init=\)\(x\) +x W \+ b: /m);
  expect(out).toMatch(/^ {2}flip\(x, axis=\) +The elements in the opposite order/m);
  // What only the prelude itself calls.
  expect(out).not.toMatch(/^ {2}_/m);
  expect(out).toMatch(/\n\d+ names; `nnc layers NAME` shows one of them\n$/);
  for (const line of out.split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(80);
});

test('one layer in full', async () => {
  const { code, out } = await layers('dense');
  expect(code).toBe(0);
  expect(
    out,
  ).toContain(`layer dense(in?: dim, units: dim, bias: bool = true, init: fn = glorot)(x: float[..., in]) -> float[..., units]
std/layers.nn, line 27

x W + b: [..., in] to [..., units].

example
  x |> dense(10)

options
  in     dim   found from the input
  units  dim
  bias   bool  true unless given
  init   fn    glorot unless given

takes
  x  float[..., in]

owns
  param W: f32[in, units] = init(in, units)
  param b: f32[units] = 0

source
  layer dense(`);
});

test('a layer of layers owns what these do', () => {
  const attention = library().find((one) => one.name === 'attention');
  expect(attention && sampleOf(attention)).toEqual({
    input: 'x: f32[n, 16, 64]',
    owned: [
      'param qkv.W: f32[64, 192]',
      'param qkv.b: f32[192]',
      'param proj.W: f32[64, 64]',
      'param proj.b: f32[64]',
    ],
  });
});

test('what is built in has its sentence; names of others are understood', async () => {
  const { out } = await layers('topk');
  expect(out).toMatch(
    /^topk\(x, k, axis=\)\nbuilt into the compiler: rows and order\n\nThe k largest/,
  );
  expect((await layers('Linear')).err).toContain('help: it is called `dense` here');
  expect(await layers('sofmax')).toMatchObject({
    code: 2,
    err: 'error: the library has nothing called `sofmax`\nhelp: did you mean `softmax`?\n',
  });
  expect(JSON.parse((await layers('adam', '--json')).out)).toMatchObject({
    kind: 'layer',
    params: expect.arrayContaining([{ name: 'lr', type: '', default: '1e-3', optional: false }]),
    owned: expect.arrayContaining(['state m = zeros_like(p)']),
  });
});

test('all that is built in has a sentence', () => {
  const silent = library().filter((one) => one.kind === 'built in' && !/^.{4,}\S$/.test(one.doc));
  expect(silent.map((one) => one.name)).toEqual([]);
});

test('every example is a statement or a value of the language', () => {
  const broken = library().flatMap((one) => {
    const example = exampleOf(one);
    if (example === undefined) return [];
    const text = /^(loss|metric|train|let) /.test(example) ? example : `let y = ${example}`;
    const { diagnostics } = parse({ name: 'example.nn', text: `${text}\n` });
    return diagnostics.length === 0 ? [] : [`${one.name}: ${example}`];
  });
  expect(broken).toEqual([]);
});

test('every example of a layer that is piped into elaborates', () => {
  const piped = library().filter(
    (one) => one.kind === 'layer' && exampleOf(one)?.includes('|>') === true,
  );
  expect(piped.length).toBeGreaterThan(10);
  expect(piped.filter((one) => sampleModel(one) === undefined).map((one) => one.name)).toEqual([]);
});
