/** Every schedule of a row kernel: rows per invocation, four rows or four elements at once, and a workgroup a row. */
import { afterAll, describe, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { elementCount, type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { sizeOfAxes } from '../../compiler/kernel/spec.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { chooseSchedule } from '../../compiler/schedule/choose-schedule.ts';
import type { Schedule } from '../../compiler/schedule/schedule.ts';
import { profileOf, runGraph, testDevice } from '../support/run-graph.ts';

afterAll(async () => (await testDevice()).close());

type RowSchedule = Schedule & { kind: 'row' };
const schedules: readonly (readonly [string, RowSchedule])[] = [
  ['an invocation a row', { kind: 'row', by: 'invocation', workgroup: 4, lanes: 'none' }],
  ['four rows an invocation', { kind: 'row', by: 'invocation', workgroup: 16, lanes: 'rows' }],
  ['four elements at once', { kind: 'row', by: 'invocation', workgroup: 1, lanes: 'elements' }],
  ['a workgroup a row', { kind: 'row', by: 'workgroup', workgroup: 64, lanes: 'none' }],
];

/** What a schedule cannot do (a row count that four does not divide) falls back to the rules of thumb. */
const legal = (rows: number, elements: number, arg: boolean, s: RowSchedule): boolean =>
  s.lanes === 'rows' ? rows % 4 === 0 : s.lanes === 'elements' ? elements % 4 === 0 && !arg : true;

type Build = (
  g: Graph,
  x: Node,
) => { results: readonly Node[]; replaces?: ReadonlyMap<number, Node> };
const cases: readonly (readonly [string, number, Build])[] = [
  [
    'sum, max and min',
    0,
    (g, x) => ({ results: [b.sum(g, x, 1), b.reduce(g, 'max', x, 1), b.reduce(g, 'min', x, 1)] }),
  ],
  [
    'the first largest and smallest',
    0,
    (g, x) => ({ results: [b.reduce(g, 'argmax', x, 1), b.reduce(g, 'argmin', x, 1)] }),
  ],
  [
    'any and all',
    0,
    (g, x) => ({
      results: [b.reduce(g, 'max', b.gt(g, x, 2), 1), b.reduce(g, 'min', b.gt(g, x, -4), 1)],
    }),
  ],
  [
    'a reduction of a reduction',
    0,
    (g, x) => ({ results: [b.sum(g, b.sub(g, x, b.reduce(g, 'max', x, 1, true)), 1)] }),
  ],
  ['columns', 0, (g, x) => ({ results: [b.sum(g, x, 0)] })],
  [
    'softmax with its statistics',
    1e-6,
    (g, x) => {
      const m = b.reduce(g, 'max', x, 1, true);
      const e = b.exp(g, b.sub(g, x, m));
      const s = b.sum(g, e, 1, true);
      return { results: [b.div(g, e, s), m, b.log(g, s)] };
    },
  ],
  [
    'a row that is overwritten while elements still read it',
    0,
    (g, x) => {
      const rows = Number(x.type.shape[0]);
      const bias = b.input(g, 'bias', 'param', 'f32', [rows]);
      const shifted = b.add(g, x, b.reshape(g, bias, [rows, 1]));
      return { results: [shifted, b.sub(g, bias, b.sum(g, x, 1))], replaces: new Map([[1, bias]]) };
    },
  ],
];

describe.each(schedules)('%s', (_, schedule) => {
  describe.each(cases)('%s', (_name, tolerance, build) => {
    test.each([
      [1, 7],
      [8, 12],
      [20, 33],
      [3, 260],
    ])('%i rows of %i', async (rows, elements) => {
      const g = new Graph();
      const x = b.input(g, 'x', 'data', 'f32', [rows, elements]);
      const { results, replaces = new Map() } = build(g, x);
      const fill = (shape: readonly number[]): NdArray =>
        ndArray(
          'f32',
          shape,
          Array.from({ length: elementCount(shape) }, (__, i) => ((i * 7919) % 11) - 5),
        );
      const given = new Map([
        ['x', fill([rows, elements])],
        ['bias', fill([rows])],
      ]);
      const want = interpret(results, (n) => given.get(String(n.attrs['name'])));
      const { values } = await runGraph(g, runPasses(g, results), given, {
        device: profileOf(await testDevice()),
        replaces,
        choose: (spec, device) =>
          spec.kind === 'row' &&
          legal(
            sizeOfAxes(spec.axes),
            sizeOfAxes(spec.reducedAxes),
            spec.reductions.some((r) => r.combine.startsWith('arg')),
            schedule,
          )
            ? schedule
            : chooseSchedule(spec, device),
      });
      values.forEach((v, i) => {
        v.data.forEach((got, k) => {
          const w = want[i]?.data[k] ?? Number.NaN;
          expect(Math.abs(got - w), `result ${i}[${k}]: ${got}, not ${w}`).toBeLessThanOrEqual(
            tolerance * (1 + Math.abs(w)),
          );
        });
      });
    });
  });
});
