/** Derivatives of running products and maxima: against differences, at ties and zeros, and for sizes that are not known yet. */
import { describe, expect, test } from 'vitest';
import { gradient } from '../../compiler/autodiff/gradient.ts';
import * as b from '../../compiler/builder.ts';
import { type Dim, symbol } from '../../compiler/graph/dim.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { prefixOp } from '../../compiler/ops/prefix.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';

const weights = [3, -1, 2, 5, 0.5, -2];

/** The gradient of sum(prefix(x) · weights), with the size a number or a symbol. */
function slopes(
  kind: 'prod' | 'max',
  attrs: { reverse: boolean; exclusive: boolean },
  values: readonly number[],
  size: Dim,
): number[] {
  const g = new Graph();
  const x = b.input(g, 'x', 'data', 'f32', [2, size]);
  const w = b.input(g, 'w', 'data', 'f32', [size]);
  const y = g.make(prefixOp(kind), [x], { axis: 1, ...attrs });
  const [dx] = gradient(g, b.sum(g, b.mul(g, y, w)), [x]);
  if (dx === undefined) throw new Error('no gradient');
  const n = values.length;
  const given: Readonly<Record<string, ReturnType<typeof ndArray>>> = {
    x: ndArray('f32', [2, n], [...values, ...values.toReversed()]),
    w: ndArray('f32', [n], weights.slice(0, n)),
  };
  const [value] = interpret(bindSizes(g, [dx], { n }), (node) => given[String(node.attrs['name'])]);
  return [...(value?.data ?? [])].map((v) => v + 0);
}

const forms = [false, true].flatMap((reverse) =>
  [false, true].map((exclusive) => ({ reverse, exclusive })),
);

describe.each(['prod', 'max'] as const)('cum%s', (kind) => {
  test.each(forms)(
    '$reverse $exclusive: a size that is not known gives the same gradient',
    (form) => {
      for (const values of [[2, -3, 0, 1, 4], [1, 1, 0, 0, 3, 3], [7]]) {
        const known = slopes(kind, form, values, values.length);
        expect(slopes(kind, form, values, symbol('n'))).toEqual(known);
        expect(known.every(Number.isFinite)).toBe(true);
      }
    },
  );
});

test('the gradient of a running maximum goes to the first of equals', () => {
  const form = { reverse: false, exclusive: false };
  // Maxima 1 4 4 4 6 6; of the reversed row 5 6 6 6 6 6.
  expect(slopes('max', form, [1, 4, 2, 4, 6, 5], 6)).toEqual([
    ...[3, -1 + 2 + 5, 0, 0, 0.5 - 2, 0],
    ...[3, -1 + 2 + 5 + 0.5 - 2, 0, 0, 0, 0],
  ]);
});

test('an exclusive running maximum passes on what came before', () => {
  const form = { reverse: false, exclusive: true };
  const x = [1, 4, 2, 4];
  // Maxima -inf 1 4 4, and of the reversed row -inf 4 4 4.
  expect(slopes('max', form, x, 4)).toEqual([-1, 2 + 5, 0, 0, -1 + 2 + 5, 0, 0, 0]);
});
