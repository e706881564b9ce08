/** What simplification does to small graphs, and that it never changes a value. */
import { describe, expect, test } from 'vitest';
import { gradient } from '../../compiler/autodiff/gradient.ts';
import * as b from '../../compiler/builder.ts';
import { symbol } from '../../compiler/graph/dim.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { verifyGraph } from '../../compiler/graph/verify.ts';
import { reachable } from '../../compiler/graph/walk.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';
import { graphPasses, runPasses } from '../../compiler/rewrite/passes.ts';
import { simplify } from '../../compiler/rewrite/simplify.ts';
import { smallResiduals } from '../../compiler/rewrite/small-residuals.ts';
import { dataInput, elementsOf, random, randomArray } from '../autodiff/evaluate-at.ts';
import { randomProgram } from '../graph/random-program.ts';

const one = (nodes: readonly (Node | undefined)[]): Node => {
  const [node] = nodes;
  if (node === undefined) throw new Error('nothing came out');
  return node;
};
const names = (nodes: readonly Node[]): string[] => reachable(nodes).map((n) => n.op.name);
const simple = (g: Graph, y: Node): Node => one(simplify(g, [y]));

type Case = readonly [string, (g: Graph, x: Node) => Node, (g: Graph, x: Node) => Node];
// x is f32[2, 3].
const cases: readonly Case[] = [
  ['x + 0', (g, x) => b.add(g, x, 0), (_, x) => x],
  ['0 + x', (g, x) => b.add(g, 0, x), (_, x) => x],
  ['x - 0', (g, x) => b.sub(g, x, 0), (_, x) => x],
  [
    'x - x',
    (g, x) => b.sub(g, x, x),
    (g, x) => b.broadcastTo(g, b.literal(g, 0, 'f32'), x.type.shape),
  ],
  ['x * 1', (g, x) => b.mul(g, x, 1), (_, x) => x],
  ['x / 1', (g, x) => b.div(g, x, 1), (_, x) => x],
  ['x * -1', (g, x) => b.mul(g, x, -1), (g, x) => b.neg(g, x)],
  ['0 - x', (g, x) => b.sub(g, 0, x), (g, x) => b.neg(g, x)],
  ['- -x', (g, x) => b.neg(g, b.neg(g, x)), (_, x) => x],
  ['x + -y', (g, x) => b.add(g, x, b.neg(g, b.exp(g, x))), (g, x) => b.sub(g, x, b.exp(g, x))],
  ['x / 4', (g, x) => b.div(g, x, 4), (g, x) => b.mul(g, x, 0.25)],
  ['x / 3 stays', (g, x) => b.div(g, x, 3), (g, x) => b.div(g, x, 3)],
  ['(x * 3) * 2', (g, x) => b.mul(g, b.mul(g, x, 3), 2), (g, x) => b.mul(g, x, 6)],
  [
    '(x * 3) * 5 stays',
    (g, x) => b.mul(g, b.mul(g, x, 3), 5),
    (g, x) => b.mul(g, b.mul(g, x, 3), 5),
  ],
  [
    '2 * 3 + x',
    (g, x) => b.add(g, b.mul(g, b.literal(g, 2, 'f32'), 3), x),
    (g, x) => b.add(g, x, 6),
  ],
  [
    'log(0) stays',
    (g) => b.log(g, b.literal(g, 0, 'f32')),
    (g) => b.log(g, b.literal(g, 0, 'f32')),
  ],
  ['select(c, x, x)', (g, x) => b.where(g, b.gt(g, x, 0), x, x), (_, x) => x],
  [
    'select(not c, x, 0)',
    (g, x) => b.where(g, b.not(g, b.gt(g, x, 0)), x, 0),
    (g, x) => b.where(g, b.gt(g, x, 0), 0, x),
  ],
  [
    'select(c, select(c, x, 1), 0)',
    (g, x) => b.where(g, b.gt(g, x, 0), b.where(g, b.gt(g, x, 0), x, 1), 0),
    (g, x) => b.where(g, b.gt(g, x, 0), x, 0),
  ],
  [
    'cast to i32 and on to f32 from a bool',
    (g, x) => b.cast(g, b.cast(g, b.gt(g, x, 0), 'i32'), 'f32'),
    (g, x) => b.cast(g, b.gt(g, x, 0), 'f32'),
  ],
  [
    'a cast that truncates stays',
    (g, x) => b.cast(g, b.cast(g, x, 'i32'), 'f32'),
    (g, x) => b.cast(g, b.cast(g, x, 'i32'), 'f32'),
  ],
  ['reshape of reshape', (g, x) => b.reshape(g, b.reshape(g, x, [6]), [2, 3]), (_, x) => x],
  ['transposed twice', (g, x) => b.transpose(g, b.transpose(g, x)), (_, x) => x],
  [
    'expand of expand',
    (g, x) => b.expand(g, b.expand(g, b.reshape(g, x, [1, 1, 6]), [1, 4, 6]), [5, 4, 6]),
    (g, x) => b.expand(g, b.reshape(g, x, [1, 1, 6]), [5, 4, 6]),
  ],
  [
    'arithmetic before repetition',
    (g, x) => b.exp(g, b.expand(g, b.reshape(g, x, [1, 6]), [4, 6])),
    (g, x) => b.expand(g, b.exp(g, b.reshape(g, x, [1, 6])), [4, 6]),
  ],
  [
    'slice of slice',
    (g, x) => b.slice(g, b.slice(g, x, [0, 2], [1, -1], [2, 3]), [1, 0], [1, 2], [1, 2]),
    (g, x) => b.slice(g, x, [1, 2], [1, -2], [1, 2]),
  ],
  [
    'permuting an axis of size 1',
    (g, x) => b.permute(g, b.reshape(g, x, [6, 1]), [1, 0]),
    (g, x) => b.reshape(g, x, [1, 6]),
  ],
  [
    'sum of repeated',
    (g, x) => b.sum(g, b.expand(g, b.reshape(g, x, [2, 3, 1]), [2, 3, 4]), 2),
    (g, x) => b.mul(g, x, 4),
  ],
  ['sum over size 1', (g, x) => b.sum(g, b.reshape(g, x, [2, 1, 3]), 1), (_, x) => x],
  [
    'product with a transpose',
    (g, x) => b.matmul(g, x, b.transpose(g, x)),
    (g, x) => b.einsum(g, 'mk,nk->mn', x, x),
  ],
  [
    'product with ones',
    (g, x) => b.matmul(g, b.broadcastTo(g, b.literal(g, 1, 'f32'), [4, 2]), x),
    (g, x) => b.expand(g, b.reshape(g, b.sum(g, x, 0), [1, 3]), [4, 3]),
  ],
];

test.each(cases)('%s', (_, build, want) => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [2, 3]);
  expect(simple(g, build(g, x))).toBe(want(g, x));
});

test('symbolic sizes: the sum of a repeated value counts with the size', () => {
  const g = new Graph();
  const n = symbol('batch');
  const x = dataInput(g, 'x', 'f32', [1, 3]);
  const y = simple(g, b.sum(g, b.expand(g, x, [n, 3]), 0));
  expect(names([y])).not.toContain('sum');
  const at = new Map([[x, ndArray('f32', [1, 3], [1, 2, 3])]]);
  expect(elementsOf(one(bindSizes(g, [y], { batch: 7 })), at)).toEqual([7, 14, 21]);
});

describe('small residuals', () => {
  const relu = (g: Graph, x: Node): Node => b.where(g, b.gt(g, x, 0), x, 0);

  test('the mask of relu is asked of its output', () => {
    const g = new Graph();
    const x = dataInput(g, 'x', 'f32', [2, 3]);
    const w = dataInput(g, 'w', 'f32', [3, 3]);
    const pre = b.matmul(g, x, w);
    const y = relu(g, pre);
    const dw = one(gradient(g, b.mean(g, b.mul(g, y, y)), [w]));
    const [loss, grad] = smallResiduals(g, [b.mean(g, b.mul(g, y, y)), dw]);
    const backward = reachable([loss ?? y, grad ?? dw]).filter(
      (n) => n.op.name === 'gt' && n.inputs[0] === y,
    );
    expect(backward.length).toBe(1);
    // Only relu itself reads what stands before it.
    const readers = reachable([loss ?? y, grad ?? dw]).filter((n) => n.inputs.includes(pre));
    expect(readers.map((n) => n.op.name).sort()).toEqual(['gt', 'select']);
    const next = random(3);
    const at = new Map([
      [x, randomArray(next, 'f32', [2, 3])],
      [w, randomArray(next, 'f32', [3, 3])],
    ]);
    expect(elementsOf(grad ?? x, at)).toEqual(elementsOf(dw, at));
  });

  test('a mask without relu stays', () => {
    const g = new Graph();
    const x = dataInput(g, 'x', 'f32', [2, 3]);
    const y = b.where(g, b.gt(g, x, 0), x, b.mul(g, x, 0.01));
    const dx = gradient(g, b.sum(g, y), [x]);
    expect(smallResiduals(g, [y, one(dx)])).toEqual([y, one(dx)]);
  });
});

describe('the pipeline', () => {
  const FIRST_SEED = 90210;
  test.each(Array.from({ length: 60 }, (_, i) => FIRST_SEED + i))(
    'seed %i: no pass changes a value, with gradients',
    (seed) => {
      const next = random(seed);
      const { graph, inputs, result } = randomProgram(next, 14);
      const grads = gradient(graph, result, inputs).filter((n) => n !== undefined);
      const at = new Map(
        inputs.map(
          (x) => [x, randomArray(next, 'f32', x.type.shape.map(Number), [-1, 1])] as const,
        ),
      );
      const results = [result, ...grads];
      const want = results.map((n) => elementsOf(n, at));
      const types = results.map((n) => n.type);
      runPasses(graph, results, {
        onPass(name, now) {
          verifyGraph(graph, now, name);
          expect(now.map((n) => n.type)).toEqual(types);
          now.forEach((n, i) => {
            elementsOf(n, at).forEach((v, k) => {
              const w = want[i]?.[k] ?? Number.NaN;
              expect(Math.abs(v - w), `${name}, result ${i}`).toBeLessThanOrEqual(
                1e-10 * (1 + Math.abs(w)),
              );
            });
          });
        },
      });
    },
  );

  test('passes are switched off by name, and rules too', () => {
    const g = new Graph();
    const x = dataInput(g, 'x', 'f32', []);
    const y = b.mul(g, b.variable(g, x, 'x'), 0);
    const seen: string[] = [];
    const onPass = (name: string): void => {
      seen.push(name);
    };
    expect(runPasses(g, [y], { off: new Set(graphPasses.map((p) => p.name)), onPass })).toEqual([
      y,
    ]);
    expect(seen).toEqual([]);
    const kept = one(runPasses(g, [y], { off: new Set(['fold/times-zero']), onPass }));
    expect(kept).toBe(b.mul(g, x, 0));
    expect(one(runPasses(g, [y]))).toBe(b.literal(g, 0, 'f32'));
    expect(seen).toEqual(graphPasses.map((p) => p.name));
    const third = b.div(g, x, 3);
    expect(one(runPasses(g, [third]))).toBe(third);
  });

  test('no marks are left', () => {
    const g = new Graph();
    const x = dataInput(g, 'x', 'f32', [2, 3]);
    const y = b.log(g, b.sum(g, b.exp(g, b.variable(g, x, 'v')), 1));
    const left = names(runPasses(g, [y]));
    expect(left).not.toContain('variable');
    expect(left).not.toContain('stop_gradient');
    expect(left).toContain('max');
  });

  test('what a rule makes says so, and where the original came from', () => {
    const g = new Graph();
    const x = dataInput(g, 'x', 'f32', [2]);
    const y = g.from({ path: 'head', line: 'm.nn:4', role: 'forward' }, () =>
      b.log(g, b.add(g, 1, b.exp(g, x))),
    );
    const softplus = one(runPasses(g, [y]));
    expect(softplus.op.name).toBe('softplus');
    expect(g.originsOf(softplus)).toContainEqual({
      path: 'head',
      line: 'm.nn:4',
      role: 'forward',
      rule: 'stable/softplus',
    });
  });
});
