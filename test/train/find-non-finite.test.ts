/** The search for where a NaN comes from: what is infinite on the way and does no harm is passed over. */
import { expect, test } from 'vitest';
import * as build from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { reachable } from '../../compiler/graph/walk.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { findNonFinite } from '../../train/find-non-finite.ts';

const g = new Graph();
const x = build.input(g, 'x', 'data', 'f32', [4]);

function search(results: readonly Node[], data: readonly number[]) {
  const nodes = reachable(results);
  const found = interpret(nodes, (n) => (n === x ? ndArray('f32', [4], data) : undefined), {
    round: Math.fround,
  });
  const values = new Map(nodes.map((n, i): [Node, NdArray | undefined] => [n, found[i]]));
  return findNonFinite(results, (n) => values.get(n));
}

const log = build.log(g, x);
const total = (node: Node): Node => build.sum(g, node, 0);

test('the logarithm of 0, with its element and what it had there', () => {
  const found = search([total(build.mul(g, log, 2))], [1, 0, 2, 0.5]);
  expect(found?.first).toMatchObject({ node: log, element: 1, value: Number.NEGATIVE_INFINITY });
  expect(found?.first.inputs).toEqual([{ node: x, range: [0, 2], notFinite: 0, at: 0 }]);
  expect(found?.becomesNaN).toBeUndefined();
});

test('what is not chosen is not to blame', () => {
  const safe = build.where(g, build.gt(g, x, 0), log, 0);
  const huge = build.exp(g, build.mul(g, x, 100));
  expect(search([total(safe)], [1, 0, -2, 0.5])).toBeUndefined();
  expect(search([total(build.add(g, safe, huge))], [1, 0, -2, 0.5])?.first).toMatchObject({
    node: huge,
    element: 0,
  });
});

test('infinite first, then NaN: both places', () => {
  const difference = build.sub(g, log, log);
  const other = build.sub(g, build.mul(g, log, 2), log);
  expect(search([total(difference)], [1, 0, 2, 0.5])?.becomesNaN?.node).toBe(difference);
  expect(search([total(other)], [1, 0, 2, 0.5])).toMatchObject({
    first: { node: log },
    becomesNaN: { node: other, element: 1 },
  });
});

test('a constant of the file is never the place; where it is used is', () => {
  const infinite = build.literal(g, Number.NEGATIVE_INFINITY, 'f32');
  const masked = build.where(g, build.gt(g, x, 10), x, infinite);
  const shifted = build.sub(g, masked, build.reduce(g, 'max', masked, [0], true));
  expect(search([total(shifted)], [1, 0, 2, 0.5])).toMatchObject({
    first: { node: masked },
    becomesNaN: { node: shifted },
  });
  // With one entry left, the others become 0, and nothing is wrong.
  expect(search([total(build.exp(g, shifted))], [1, 0, 20, 0.5])).toBeUndefined();
});

test('data that are not finite, and of two causes the earlier one', () => {
  expect(search([total(log)], [1, Number.NaN, 2, 1])?.first).toMatchObject({ node: x, element: 1 });
  const second = build.div(g, 1, x);
  const [early, late] = log.id < second.id ? [log, second] : [second, log];
  expect(search([total(late), total(early)], [1, 0, 2, 1])?.first.node).toBe(early);
});
