/**
 * Every contraction schedule on every kind of shape: ragged in rows, columns and depth, primes, size 1, batches, a packed
 * image as prologue, several outputs as epilogue. Each schedule meets each of the four ways to transpose at three of the
 * sizes, two at each: a driver takes up to a second for a kernel. The arithmetic is exact, so results must be equal.
 */
import { afterAll, describe, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { elementCount, type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { chooseSchedule } from '../../compiler/schedule/choose-schedule.ts';
import type { SingleSchedule } from '../../compiler/schedule/schedule.ts';
import { closeTestDevice, profileOf, runGraph, testDevice } from '../support/run-graph.ts';

afterAll(closeTestDevice);

type Given = Map<string, NdArray>;
const whole = (
  g: Graph,
  name: string,
  shape: readonly number[],
  given: Given,
  storage: 'f32' | 'u8' = 'f32',
): Node => {
  const low = storage === 'u8' ? 0 : 3;
  const node = b.input(g, name, 'data', storage, shape);
  given.set(
    name,
    ndArray(
      node.type.dtype,
      shape,
      Array.from({ length: elementCount(shape) }, (_, i) => ((i * 7919 + name.length) % 7) - low),
    ),
  );
  return node;
};

const tile = (
  variant: 'direct' | 'subgroup' | 'shared',
  rest: Partial<SingleSchedule & { kind: 'contract' }>,
): SingleSchedule => ({
  kind: 'contract',
  variant,
  workgroup: 64,
  rows: 4,
  columns: 1,
  swapped: false,
  depth: 4,
  ...rest,
});

const lanes = (await testDevice()).subgroupSize;
const schedules: readonly (readonly [string, SingleSchedule])[] = [
  ['direct 8x4', tile('direct', { rows: 8 })],
  ['direct 3x8, swapped', tile('direct', { rows: 3, columns: 2, swapped: true })],
  ['direct, one depth a trip', tile('direct', { rows: 2, depth: 1 })],
  ['shared 32x32', tile('shared', { depth: 16 })],
  ['shared 32x32, two buffers', tile('shared', { depth: 8, buffers: 2 })],
  ['shared 24x64, six depths', tile('shared', { rows: 3, columns: 2, depth: 6, buffers: 2 })],
  ['shared 64x64, swapped', tile('shared', { workgroup: 256, depth: 8, swapped: true })],
  ['shared 64x64, two buffers', tile('shared', { rows: 8, columns: 2, depth: 4, buffers: 2 })],
  ...(lanes === undefined
    ? []
    : ([
        ['subgroup 16', tile('subgroup', { workgroup: lanes, rows: 16 })],
        ['subgroup 32, swapped', tile('subgroup', { workgroup: lanes, rows: 32, swapped: true })],
        ['subgroup 10, swapped', tile('subgroup', { workgroup: lanes, rows: 10, swapped: true })],
        [
          'subgroup 7 x 2, five depths',
          tile('subgroup', { workgroup: lanes, rows: 7, columns: 2, depth: 5 }),
        ],
      ] as const)),
];
if (lanes === undefined)
  console.log('subgroup tiles skipped: this adapter has no subgroups of one size');

const sizes = [
  [1, 1, 1],
  [17, 13, 8],
  [33, 20, 12],
  [5, 64, 37],
  [70, 1, 20],
  [64, 10, 128],
] as const;

async function check(
  g: Graph,
  results: readonly Node[],
  given: Given,
  schedule: SingleSchedule,
): Promise<void> {
  const want = interpret(results, (n) => given.get(String(n.attrs['name'])));
  const { values } = await runGraph(g, results, given, {
    device: profileOf(await testDevice()),
    choose: (spec, device) => (spec.kind === 'contract' ? schedule : chooseSchedule(spec, device)),
  });
  values.forEach((v, i) => {
    expect(v.data).toEqual(want[i]?.data);
  });
}

describe.each(schedules)('%s', (_, schedule) => {
  test.each(sizes.map(([m, n, k], i) => [m, n, k, i % 2 === 0] as const))(
    '%i x %i x %i, both as they are or both transposed: %o',
    async (m, n, k, isAlike) => {
      const g = new Graph();
      const given: Given = new Map();
      const [a, at] = [whole(g, 'a', [m, k], given), whole(g, 'at', [k, m], given)];
      const [c, ct] = [whole(g, 'c', [k, n], given), whole(g, 'ct', [n, k], given)];
      const [x, y] = [b.transpose(g, at), b.transpose(g, ct)];
      const pairs = isAlike
        ? [[a, c] as const, [x, y] as const]
        : [[a, y] as const, [x, c] as const];
      const results = pairs.map(([left, right]) => b.matmul(g, left, right));
      await check(g, results, given, schedule);
    },
  );

  test('batches, a packed image, and an epilogue with two outputs', async () => {
    const g = new Graph();
    const given: Given = new Map();
    const image = whole(g, 'image', [3, 18, 4, 5], given, 'u8');
    const x = b.reshape(g, b.mul(g, b.cast(g, image, 'f32'), 2), [3, 18, 20]);
    const w = whole(g, 'w', [3, 20, 24], given);
    const bias = whole(g, 'bias', [24], given);
    const z = b.add(g, b.matmul(g, x, w), bias);
    await check(g, [b.where(g, b.gt(g, z, 0), z, 0), z], given, schedule);
  });
});
