/** Gradients against differences: rules of the file's own that are wrong are named, stand-ins and stops are left alone. */
import { afterAll, describe, expect, test } from 'vitest';
import * as build from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node, Op } from '../../compiler/graph/node.ts';
import type { Model } from '../../compiler/model.ts';
import { checkGradients } from '../../verify/check-gradients.ts';
import { checkRule } from '../../verify/check-rule.ts';
import { cheapRandom } from '../../verify/difference-quotient.ts';
import { trialValues } from '../../verify/values.ts';
import { modelOf } from '../support/model.ts';
import { closeTestDevice } from '../support/run-graph.ts';
import { verifyModel } from './verify-model.ts';

afterAll(closeTestDevice);

const withFn = (fn: string, call: string): Model =>
  modelOf(`input x: f32[n, 6]
input y: f32[n]
${fn}
let h = x |> dense(5) |> tanh
let z = ${call}
let out = z |> dense(1)
loss = mse(reshape(out, [-1]), y)
train { optimizer: sgd(lr=0.1) }
`);
const dims = { n: 5 };

const check = (model: Model, trust = false) =>
  checkGradients(model, dims, trialValues(model, [{ kind: 'train', dims }], 0), 0, trust);

const square = (rule: string) => `fn square(x) = x * x
  vjp (y, dy) => ${rule}`;

test('a right rule agrees, parameter by parameter', () => {
  const { results, standIns } = check(withFn(square('2 * x * dy'), 'square(h)'));
  expect(results.map(({ params, differs }) => [params.join(), differs])).toEqual([
    ['dense.W', false],
    ['dense.b', false],
    ['dense_1.W', false],
    ['dense_1.b', false],
  ]);
  expect(standIns).toEqual([]);
});

test('a wrong one is found where it matters, and named', () => {
  const model = withFn(square('3 * x * dy'), 'square(h)');
  const { results } = check(model);
  const wrong = results.filter((one) => one.differs);
  expect(wrong.map(({ params }) => params)).toEqual([['dense.W', 'dense.b']]);
  const [blame] = wrong.map((one) => one.blame);
  expect(blame?.ownRule).toBe('square');
  expect((blame?.analytic ?? 0) / (blame?.numeric ?? 1)).toBeCloseTo(1.5, 6);
  const lines = blame && model.graph.originsOf(blame.node).map((origin) => origin.line);
  expect(lines).toContain('test.nn:6');
});

test('trusted, it is left alone, with the parameters behind it', () => {
  const { results, standIns } = check(withFn(square('-2 * x * dy'), 'square(h)'), true);
  expect(results.map(({ params, differs }) => [params.join(), differs])).toEqual([
    ['dense_1.W', false],
    ['dense_1.b', false],
  ]);
  expect(standIns.map((one) => one.ownRule)).toEqual(['square']);
});

test('a rule for a fn of steps is a stand-in without being told', () => {
  const { results, standIns } = check(
    withFn('fn ste(x) = round(x)\n  vjp (y, dy) => dy', 'ste(3 * h)'),
  );
  expect(results.filter((one) => one.differs)).toEqual([]);
  expect(standIns.map((one) => [one.ownRule, one.isFlat])).toEqual([['ste', true]]);
});

test('differences stop where derivatives do', () => {
  const { results } = check(withFn('', 'h * stop_gradient(exp(h))'));
  expect(results.map((one) => one.differs)).toEqual([false, false, false, false]);
});

test('the whole command says so too, and that the device has the same gradients', async () => {
  const { findings, deviceGradients } = await verifyModel(
    withFn(square('3 * x * dy'), 'square(h)'),
    dims,
  );
  expect(findings.map(({ kind }) => kind)).toEqual(['gradient']);
  expect(deviceGradients.map((one) => [one.parameters, one.deviation])).toEqual([[4, undefined]]);
});

describe('one node by itself', () => {
  const g = new Graph();
  const x = build.input(g, 'x', 'data', 'f32', [4]);
  const value = ndArray('f32', [4], [0.3, -0.7, 1.1, 2]);
  const valueAt = (n: Node) => (n === x ? value : undefined);

  test('every derivative of an elementwise function', () => {
    for (const node of [build.exp(g, x), build.mul(g, x, x), build.abs(g, x), build.sum(g, x, 0)])
      expect([node.op.name, checkRule(g, node, valueAt, cheapRandom(1))?.differs]).toEqual([
        node.op.name,
        false,
      ]);
  });

  test('an op whose adjoint forgets a factor', () => {
    const twice: Op = {
      name: 'twice',
      infer: ([t]) => t ?? x.type,
      lowering: {
        kind: 'view',
        access: (at) => ({ pieces: [{ input: 0, at, guards: [] }], other: 0 }),
      },
      derivative: { kind: 'linear', adjoint: (_, grad) => grad },
      evaluate: ([v]) =>
        ndArray(
          'f32',
          [4],
          v?.data.map((one) => 2 * one),
        ),
    };
    const rule = checkRule(g, g.make(twice, [x]), valueAt, cheapRandom(1));
    expect(rule?.differs).toBe(true);
    expect((rule?.numeric ?? 0) / (rule?.analytic ?? 1)).toBeCloseTo(2, 6);
  });
});
