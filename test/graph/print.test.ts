/** The printed form of a graph, and that reading it back gives the very same nodes. */
import { expect, test } from 'vitest';
import { gradient } from '../../compiler/autodiff/gradient.ts';
import * as b from '../../compiler/builder.ts';
import { addDims, floorDims, modDims, mulDims, symbol } from '../../compiler/graph/dim.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { parseGraph } from '../../compiler/graph/parse-text.ts';
import { printGraph } from '../../compiler/graph/print.ts';
import { literalOp } from '../../compiler/ops/leaf.ts';
import { builtinOps } from '../../compiler/ops/registry.ts';
import { random } from '../autodiff/evaluate-at.ts';
import { randomProgram } from './random-program.ts';

function dense(): { g: Graph; y: Node; w: Node } {
  const g = new Graph();
  const x = b.input(g, 'x', 'data', 'u8', [symbol('batch'), 4]);
  const w = b.input(g, 'w', 'param', 'f32', [4, 2]);
  const y = g.from({ path: 'dense', line: 'models/m.nn:5', role: 'forward' }, () =>
    b.matmul(g, b.div(g, b.cast(g, x, 'f32'), 255), w),
  );
  return { g, y, w };
}

test('the printed form', () => {
  const { g, y, w } = dense();
  const [dw] = gradient(g, y, [w]);
  expect(
    printGraph(g, [
      { name: 'y', node: y },
      { name: 'dw', node: dw ?? y },
    ]),
  ).toMatchInlineSnapshot(`
    "%0: i32[batch, 4] = input() {kind: "data", name: "x", shape: [batch, 4], storage: "u8"}
    %1: f32[4, 2] = input() {kind: "param", name: "w", shape: [4, 2], storage: "f32"}
    %2: f32[batch, 4] = cast(%0) {to: "f32"}  # models/m.nn:5 dense
    %3: f32[] = literal() {dtype: "f32", value: 255}  # models/m.nn:5 dense
    %4: f32[1, 1] = reshape(%3) {shape: [1, 1]}  # models/m.nn:5 dense
    %5: f32[batch, 4] = expand(%4) {shape: [batch, 4]}  # models/m.nn:5 dense
    %6: f32[batch, 4] = div(%2, %5)  # models/m.nn:5 dense
    %7: f32[batch, 2] = contract(%6, %1) {acc: "f32", labels: "mk,kn->mn"}  # models/m.nn:5 dense
    %8: f32[] = literal() {dtype: "f32", value: 1}  # models/m.nn:5 dense gradient (seed)
    %9: f32[1, 1] = reshape(%8) {shape: [1, 1]}  # models/m.nn:5 dense gradient (seed)
    %10: f32[batch, 2] = expand(%9) {shape: [batch, 2]}  # models/m.nn:5 dense gradient (seed)
    %11: f32[4, 2] = contract(%6, %10) {acc: "f32", labels: "mk,mn->kn"}  # models/m.nn:5 dense gradient (vjp of contract)
    return y=%7, dw=%11
    "
  `);
});

test('reading it back gives the very same nodes', () => {
  const { g, y, w } = dense();
  const [dw] = gradient(g, y, [w]);
  const text = printGraph(g, [
    { name: 'y', node: y },
    { name: 'dw', node: dw ?? y },
  ]);
  const again = parseGraph(text, builtinOps, g);
  expect(again.results).toEqual([
    { name: 'y', node: y },
    { name: 'dw', node: dw },
  ]);
  expect(again.results[0]?.node).toBe(y);
});

const FIRST_SEED = 555;
test.each(Array.from({ length: 30 }, (_, i) => FIRST_SEED + i))('seed %i: round trip', (seed) => {
  const { graph, inputs, result } = randomProgram(random(seed), 20);
  const grads = gradient(graph, result, inputs).filter((n) => n !== undefined);
  const results = [result, ...grads].map((node, i) => ({ name: `r${i}`, node }));
  const text = printGraph(graph, results, { origins: false });
  const elsewhere = parseGraph(text, builtinOps);
  expect(printGraph(elsewhere.graph, elsewhere.results, { origins: false })).toBe(text);
  parseGraph(text, builtinOps, graph).results.forEach((r, i) => {
    expect(r.node).toBe(results[i]?.node);
  });
});

test('odd sizes, numbers and names survive', () => {
  const g = new Graph();
  const n = symbol('n');
  const sizes = [
    addDims(mulDims(2, n), 1),
    mulDims(n, mulDims(n, symbol('m'))),
    floorDims(addDims(n, -3), 2),
    modDims(n, 4),
    addDims(-1, mulDims(-1, symbol('block.k'))),
  ];
  const numbers = [-0, 1e-300, -2.5e30, 0.1, Number.NaN, Infinity, -Infinity, 4294967295];
  const results = [
    ...sizes.map((dim) => b.size(g, dim, 'f32')),
    ...numbers.map((value) => g.make(literalOp, [], { value, dtype: 'f32' })),
    b.variable(g, b.input(g, 'a "quoted" # name, {odd}', 'data', 'f32', sizes), 'v'),
  ].map((node, i) => ({ name: i === 0 ? 'with space' : `r${i}`, node }));
  const text = printGraph(g, results);
  parseGraph(text, builtinOps, g).results.forEach((r, i) => {
    expect(r.node).toBe(results[i]?.node);
    expect(r.name).toBe(results[i]?.name);
  });
});

test.each([
  [
    '%0: f32[] = literally() {}',
    'line 1, column 12: expected the name of an op, found "literally() {}"',
  ],
  ['%1: f32[] = neg(%0)', 'line 1, column 17: expected a node that stands above, found "%0)"'],
  [
    '\n%0: f32[2] = literal() {dtype: "f32", value: 1}',
    'line 2, column 13: expected f32[2], not f32[], found "literal() {dtype: "f"',
  ],
  ['return y', 'line 1, column 9: expected "=", found the end of the line'],
  [
    '%0: f32[] = literal() {dtype: "f32", value: 1} 7',
    'line 1, column 48: expected the end of the line, found "7"',
  ],
])('%j is refused', (text, message) => {
  expect(() => parseGraph(text, builtinOps)).toThrow(message);
});
