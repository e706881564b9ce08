/** Bounds of errors: what single precision makes of a graph lies within them, and they are no larger than they need be. */
import { describe, expect, test } from 'vitest';
import * as build from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { intrinsics } from '../../compiler/scalar/intrinsics.ts';
import { applicationError, knownFunctions, sumError } from '../../verify/accuracy.ts';
import { compareNumbers } from '../../verify/compare-numbers.ts';
import { cheapRandom } from '../../verify/difference-quotient.ts';
import { boundedValues } from '../../verify/error-bounds.ts';

const g = new Graph();
const x = build.input(g, 'x', 'data', 'f32', [4, 64]);
const y = build.input(g, 'y', 'data', 'f32', [64, 8]);
const ids = build.input(g, 'ids', 'data', 'i32', [3]);

const random = cheapRandom(7);
const uniform = (shape: readonly number[]): NdArray =>
  ndArray(
    'f32',
    shape,
    Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => Math.fround(2 * random() - 1)),
  );
const values = new Map<Node, NdArray>([
  [x, uniform([4, 64])],
  [y, uniform([64, 8])],
  [ids, ndArray('i32', [3], [2, 0, 3])],
]);
const given = (node: Node) => values.get(node);
const boundsOf = (node: Node) => {
  const found = boundedValues([node], given).get(node);
  if (found === undefined) throw new Error('no bounds');
  return found;
};

test('the tables know every function', () => {
  expect(intrinsics.map((fn) => fn.name).filter((name) => !knownFunctions.has(name))).toEqual([]);
});

describe('single precision, node by node, stays within', () => {
  const product = build.matmul(g, x, y);
  const scaled = build.div(g, product, build.add(g, build.abs(g, product), 0.1));
  const shifted = build.sub(g, scaled, build.reduce(g, 'max', scaled, [1], true));
  const total = build.sum(g, build.exp(g, shifted), [1], true);
  const graphs: Readonly<Record<string, Node>> = {
    product,
    quotient: scaled,
    softmax: build.div(g, build.exp(g, shifted), total),
    'log of a sum': build.log(g, total),
    'a difference that cancels': build.sub(g, build.add(g, product, 100), 100),
    'chosen by a comparison': build.where(
      g,
      build.gt(g, product, 0),
      build.sqrt(g, build.abs(g, product)),
      product,
    ),
    rows: build.gather(g, product, ids, 0),
  };
  test.each(Object.entries(graphs))('%s', (_, node) => {
    const bounded = boundsOf(node);
    for (let run = 0; run < 8; run++) {
      // Rounded, and wrong by up to one unit in the last place, as a device's functions may be.
      const round = (v: number): number => Math.fround(v) * (1 + (2 * random() - 1) * 2 ** -23);
      const [found] = interpret([node], given, { round });
      const { wrong, unknown } = compareNumbers(node, 'f32', bounded, found?.data ?? []);
      expect({ run, wrong, unknown }).toEqual({ run, wrong: 0, unknown: 0 });
    }
  });
});

test('the bound of a product is far below one of its terms, so that a missing one shows', () => {
  const { value, error } = boundsOf(build.matmul(g, x, y));
  const typicalTerm = 1 / 9;
  expect(Math.max(...error)).toBeLessThan(typicalTerm / 100);
  const found = value.data.slice();
  found[3] = (found[3] ?? 0) + 1e-3;
  expect(compareNumbers(x, 'f32', { value, error }, found)).toMatchObject({
    wrong: 1,
    worst: { element: 3 },
  });
});

test('whole numbers and bools are exact, and uncertain only where rounding decides', () => {
  const exact = boundsOf(build.cast(g, build.gt(g, x, 0), 'i32'));
  expect(Math.max(...exact.error)).toBe(0);
  const product = build.matmul(g, x, y);
  const [first = 0] = boundsOf(product).value.data;
  // Compared with its own exact value, the first element may be on either side.
  const { error } = boundsOf(build.gt(g, product, first));
  expect([error[0], Math.max(...error.slice(1))]).toEqual([1, 0]);
});

test('a row number of the largest is uncertain where another is as large but for rounding', () => {
  const product = build.matmul(g, x, y);
  const twice = build.concat(g, [product, build.add(g, product, 1e-9)], 1);
  const certain = boundsOf(build.reduce(g, 'argmax', product, [1]));
  expect([...certain.error]).toEqual([0, 0, 0, 0]);
  const uncertain = boundsOf(build.reduce(g, 'argmax', twice, [1]));
  expect([...uncertain.error]).toEqual(Array(4).fill(Number.POSITIVE_INFINITY));
  // Equals that are exact: the first counts, on every device.
  const equals = boundsOf(build.reduce(g, 'argmax', build.concat(g, [x, x], 1), [1]));
  expect([...equals.error]).toEqual([0, 0, 0, 0]);
});

test('what is not finite and not chosen does no harm; what is chosen is not compared', () => {
  const log = build.log(g, x);
  const guarded = build.where(g, build.gt(g, x, 0), log, 0);
  expect(boundsOf(guarded).error.every(Number.isFinite)).toBe(true);
  const { value, error } = boundsOf(log);
  const negative = [...value.data].filter(Number.isNaN).length;
  expect(negative).toBeGreaterThan(0);
  const { unknown } = compareNumbers(log, 'f32', { value, error }, value.data);
  expect(unknown).toBe(negative);
});

test('a number that is lost is wrong, and one that should be exact may not differ at all', () => {
  const bounded = { value: ndArray('f32', [2], [1, 2]), error: Float64Array.of(1e-6, 0) };
  expect(compareNumbers(x, 'f32', bounded, [Number.NaN, 2]).wrong).toBe(1);
  expect(compareNumbers(x, 'f32', bounded, [1 + 1e-6, 2 + 1e-12])).toMatchObject({
    wrong: 1,
    worst: { element: 1, share: Number.POSITIVE_INFINITY },
  });
});

test('sums: all errors at worst, and not more than a few times the root of their number', () => {
  expect(sumError(1, 'f32')).toBe(2 ** -24);
  expect(sumError(100, 'f32')).toBe(100 * 2 ** -24);
  expect(sumError(10_000, 'f32')).toBe(1600 * 2 ** -24);
  expect(applicationError({ name: 'maximum' }, [1, 2], 2, 'f32')).toBe(0);
  expect(applicationError({ name: 'add' }, [1, 2], 3, 'i32')).toBe(0);
});
