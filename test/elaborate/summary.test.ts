/** The table of `nnc summary`: rows that add up, layers of several results, sections, narrow terminals, and the same as data. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { printSummary, summaryData } from '../../compiler/elaborate/summary.ts';
import { modelOf } from '../support/model.ts';

const folder = fileURLToPath(new URL('../../models/', import.meta.url));
const modelFile = (name: string) => modelOf(readFileSync(folder + name, 'utf8'), name);

const mixed = `layer pair(u: dim)(x: f32[n, d]) {
  param W: f32[d, u] = 0
  state seen: f32 = 0
  update seen = seen + 1
  return (x @ W, x)
}
input x: f32[n, 8]
let shared = dense(8)
let (a, b) = x |> shared |> relu |> shared |> pair(8)
param extra: f32[8] = 1
state calls: f32 = 0
update calls = calls + 1
output y = (a * extra + b) |> repeat 2 { residual { layer_norm |> dense(8) } |> batch_norm } as blocks
`;

test('a shared layer once, a repeated one each time, states counted, a row for every owner', () => {
  const lines = printSummary(modelOf(mixed)).split('\n');
  expect(lines.slice(1, -3).map((line) => line.split(/ {2,}/))).toEqual([
    ['shared', '@', 'f32[n, 8]', '72'],
    ['pair', '@', 'f32[n, 8], f32[n, 8]', '65'],
    ['extra', 'param', 'f32[8]', '8'],
    ['calls', 'state', 'f32', '1'],
    ['blocks.0.layer_norm', 'layer_norm', 'f32[n, 8]', '16'],
    ['blocks.0.dense', '@', 'f32[n, 8]', '72'],
    ['blocks.0.batch_norm', 'batch_norm', 'f32[n, 8]', '32'],
    ['blocks.1.layer_norm', 'layer_norm', 'f32[n, 8]', '16'],
    ['blocks.1.dense', '@', 'f32[n, 8]', '72'],
    ['blocks.1.batch_norm', 'batch_norm', 'f32[n, 8]', '32'],
  ]);
  expect(lines.at(-3)).toMatch(/ total {6}386 {3}\(trainable 352, state 34, 1\.5 kB\)$/);
});

test.each(readdirSync(folder).filter((file) => file.endsWith('.nn')))(
  'the rows of models/%s add up to its parameters and states',
  (name) => {
    const model = modelFile(name);
    const sum = model.sites.reduce((n, site) => n + site.parameters + site.states, 0);
    const total = / total +([\d,]+) /.exec(printSummary(model))?.[1];
    expect(total).toBe(sum.toLocaleString('en-US'));
  },
);

test('what each of several sections trains', () => {
  const lines = printSummary(modelFile('gan.nn')).split('\n');
  expect(lines.filter((line) => line.startsWith('train '))).toEqual([
    'train critic minimises d_loss, 267,009 parameters',
    'train generator minimises g_loss, 218,128 parameters, every 5 steps',
  ]);
});

describe('what goes in and out', () => {
  const model = modelFile('char_transformer.nn');

  test('on one line where there is room', () => {
    expect(printSummary(model).trimEnd().split('\n').at(-1)).toBe(
      'inputs  text u8[batch, t]  next u8[batch, t]     outputs  logits f32[batch, t, 65]     guards  t <= 64 (char_transformer.nn:19)',
    );
  });

  test('on lines of their own where there is not', () => {
    expect(printSummary(model, 80).trimEnd().split('\n').slice(-3)).toEqual([
      'inputs   text u8[batch, t]  next u8[batch, t]',
      'outputs  logits f32[batch, t, 65]',
      'guards   t <= 64 (char_transformer.nn:19)',
    ]);
    expect(printSummary(model, 40).trimEnd().split('\n').slice(-4, -2)).toEqual([
      'inputs   text u8[batch, t]',
      '         next u8[batch, t]',
    ]);
  });
});

test('as data: tensors by their paths, symbolic sizes as text', () => {
  expect(summaryData(modelOf(mixed))).toMatchObject({
    trainable: 352,
    state: 34,
    inputs: [{ name: 'x', dtype: 'f32', shape: ['n', 8] }],
    outputs: [{ name: 'y', dtype: 'f32', shape: ['n', 8] }],
    sections: [],
  });
  const { states } = summaryData(modelOf(mixed)) as { states: readonly { path: string }[] };
  expect(states.map((one) => one.path)).toContain('blocks.1.batch_norm.mu');
});
