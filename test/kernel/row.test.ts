/** Schedules of a row kernel: by an invocation, a subgroup or a workgroup, four rows or elements at once, held or re-read. */
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
import { closeTestDevice, profileOf, runGraph, testDevice } from '../support/run-graph.ts';

afterAll(closeTestDevice);

type RowSchedule = Schedule & { kind: 'row' };
type Variant = Pick<RowSchedule, 'by' | 'lanes' | 'held'>;
const variants: readonly (readonly [string, Variant, number])[] = [
  ['an invocation a row', { by: 'invocation', lanes: 'none', held: false }, 4],
  ['four rows an invocation', { by: 'invocation', lanes: 'rows', held: false }, 16],
  ['four elements at once', { by: 'invocation', lanes: 'elements', held: false }, 1],
  ['four elements at once, held', { by: 'invocation', lanes: 'elements', held: true }, 4],
  // A subgroup's size is the device's.
  ['a subgroup a row', { by: 'subgroup', lanes: 'none', held: false }, 0],
  [
    'a subgroup a row, four elements at once, held',
    { by: 'subgroup', lanes: 'elements', held: true },
    0,
  ],
  ['a workgroup a row', { by: 'workgroup', lanes: 'none', held: false }, 64],
  [
    'a workgroup a row, four elements at once',
    { by: 'workgroup', lanes: 'elements', held: false },
    32,
  ],
];

/** What a schedule cannot do (a row count that four does not divide) falls back to the best ranked. */
const legal = (rows: number, elements: number, arg: boolean, s: Variant): boolean =>
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

describe.each(variants)('%s', (_, variant, workgroup) => {
  describe.each(cases)('%s', (_name, tolerance, build) => {
    test.for([
      [1, 7],
      [8, 12],
      [20, 33],
      [3, 260],
    ])('%i rows of %i', async ([rows = 0, elements = 0], { skip }) => {
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
      const profile = profileOf(await testDevice());
      const lanes = profile.subgroupSize;
      if (lanes === undefined && workgroup === 0) skip('this device has no subgroups of one size');
      const { values } = await runGraph(g, runPasses(g, results), given, {
        device: profile,
        replaces,
        choose: (spec, device) =>
          spec.kind === 'row' &&
          legal(
            sizeOfAxes(spec.axes),
            sizeOfAxes(spec.reducedAxes),
            spec.reductions.some((r) => r.combine.startsWith('arg')),
            variant,
          )
            ? { kind: 'row', ...variant, workgroup: workgroup || (lanes ?? 0) }
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
