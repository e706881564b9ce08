/** Gradients of random programs against finite differences, JVP against VJP, and second derivatives. */
import { expect, test } from 'vitest';
import { gradient } from '../../compiler/autodiff/gradient.ts';
import { jvp } from '../../compiler/autodiff/jvp.ts';
import * as b from '../../compiler/builder.ts';
import type { NdArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { verifyGraph } from '../../compiler/graph/verify.ts';
import { randomProgram } from '../graph/random-program.ts';
import {
  dataInput,
  dot,
  elementsOf,
  interpreted,
  moved,
  random,
  randomArray,
} from './evaluate-at.ts';

const FIRST_SEED = 4711;
const seeds = Array.from({ length: 60 }, (_, i) => FIRST_SEED + i);

function setUp(seed: number) {
  const next = random(seed);
  const { graph, inputs, result } = randomProgram(next, 12);
  const shapeOf = (x: Node): number[] => x.type.shape.map(Number);
  const at = new Map(
    inputs.map((x) => [x, randomArray(next, 'f32', shapeOf(x), [-1, 1])] as const),
  );
  const vs = inputs.map((x) => randomArray(next, 'f32', shapeOf(x), [-1, 1]));
  const vNodes = inputs.map((x, i) => dataInput(graph, `v${i}`, 'f32', shapeOf(x)));
  const along = (step: number): Map<Node, NdArray> =>
    new Map(
      inputs.map((x, i) => {
        const [value, v] = [at.get(x), vs[i]];
        if (value === undefined || v === undefined) throw new Error('no value');
        return [x, moved(value, v, step)] as const;
      }),
    );
  const withV = (values: Map<Node, NdArray>): Map<Node, NdArray> =>
    new Map([...values, ...vNodes.map((n, i) => [n, vs[i] as NdArray] as const)]);
  return { graph, inputs, result, vs, vNodes, along, withV };
}

const first = (xs: readonly number[]): number => xs[0] ?? Number.NaN;

test.each(seeds)('seed %i: gradient, jvp and differences agree, twice', (seed) => {
  const p = setUp(seed);
  const grads = gradient(p.graph, p.result, p.inputs);
  // <gradient, v> as a node, so that it can be differentiated again.
  const slope = grads.reduce<Node | undefined>((sum, grad, i) => {
    const v = p.vNodes[i];
    if (grad === undefined || v === undefined) return sum;
    const part = b.sum(p.graph, b.mul(p.graph, grad, v));
    return sum === undefined ? part : b.add(p.graph, sum, part);
  }, undefined);
  if (slope === undefined) throw new Error('no input matters');
  verifyGraph(p.graph, [slope]);
  const at = p.withV(p.along(0));
  const reverse = first(elementsOf(slope, at));

  const [tangent] = jvp(
    p.graph,
    [p.result],
    new Map(p.inputs.map((x, i) => [x, p.vNodes[i] ?? x])),
  );
  if (tangent === undefined) throw new Error('no tangent');
  const forward = first(elementsOf(tangent, at));
  expect(Math.abs(forward - reverse)).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(reverse)));

  const h = 1e-6;
  const value = (y: Node, step: number) => first(elementsOf(y, p.withV(p.along(step))));
  // A stop_gradient inside moves with the inputs, so differences must hold it still: skip those.
  const cuts = grads.length > 0 && usesStop(p.result);
  const difference = (value(p.result, h) - value(p.result, -h)) / (2 * h);
  if (!cuts)
    expect(Math.abs(difference - reverse)).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(reverse)));

  const second = gradient(p.graph, slope, p.inputs);
  const curvature = second.reduce((sum, grad, i) => {
    const v = p.vs[i];
    if (grad === undefined || v === undefined) return sum;
    return sum + dot(interpreted([grad], at)[0] ?? v, v);
  }, 0);
  const secondDifference = (value(slope, h) - value(slope, -h)) / (2 * h);
  if (!cuts)
    expect(Math.abs(secondDifference - curvature)).toBeLessThanOrEqual(
      1e-5 * (1 + Math.abs(curvature)),
    );
});

function usesStop(root: Node): boolean {
  const seen = new Set<Node>();
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.op.name === 'stop_gradient') return true;
    open.push(...node.inputs);
  }
  return false;
}
