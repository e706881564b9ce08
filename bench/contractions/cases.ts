/**
 * Products by shape: each as a graph for the compiler, and by hand where the hand-written contestant
 * has a kernel for it (`bench/hand/`). They are the products of the measured models and some that no tile fits.
 */
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { backFromTen, gradientByTen, rowsByTen, storeScores } from '../hand/narrow.ts';
import { subgroupTile } from '../hand/subgroup-tile.ts';
import type { Kernel } from '../hand/wgsl.ts';

export interface ContractionCase {
  readonly name: string;
  /** Multiply-adds count as two. */
  readonly flop: number;
  readonly graph: Graph;
  readonly result: Node;
  /** The same by hand for subgroups of `lanes`, with its bindings in order: names of the graph's inputs, or `result`. */
  hand?(lanes: number): { readonly kernel: Kernel; readonly binds: readonly string[] } | undefined;
}

interface Shape {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Stored as [k, m]. */
  readonly leftTransposed?: boolean;
  /** Stored as [n, k]. */
  readonly rightTransposed?: boolean;
}

type Epilogue = (g: Graph, product: Node) => Node;

function product(name: string, shape: Shape, epilogue: Epilogue = (_, x) => x) {
  const { m, n, k, leftTransposed = false, rightTransposed = false } = shape;
  const g = new Graph();
  const input = (text: string, transposed: boolean, rows: number, columns: number): Node => {
    const node = b.input(g, text, 'data', 'f32', transposed ? [columns, rows] : [rows, columns]);
    return transposed ? b.transpose(g, node) : node;
  };
  const left = input('A', leftTransposed, m, k);
  const right = input('B', rightTransposed, k, n);
  const result = epilogue(g, b.matmul(g, left, right));
  return { name, flop: 2 * m * n * k, graph: g, result };
}

const plain = (name: string, shape: Shape): ContractionCase => {
  const { m, n, k, leftTransposed = false, rightTransposed = false } = shape;
  return {
    ...product(name, shape),
    hand(lanes) {
      const rows = leftTransposed ? 16 : 4 * lanes;
      if (rightTransposed || m % rows !== 0 || n % (4 * lanes) !== 0 || k % 4 !== 0)
        return undefined;
      return {
        kernel: subgroupTile({
          name: 'tile',
          m,
          n,
          k,
          lanes,
          rows,
          transposed: leftTransposed,
          bindings: ['A: vec4f', 'B: vec4f', '!C: vec4f'],
          store: (index, sum) => `C[${index}] = ${sum};`,
        }),
        binds: ['A', 'B', 'result'],
      };
    },
  };
};

const addBias =
  (n: number): Epilogue =>
  (g, x) =>
    b.add(g, x, b.input(g, 'bias', 'data', 'f32', [n]));

/** The gradient of relu: the product where the activation is positive. */
const reluMask =
  (m: number, n: number): Epilogue =>
  (g, x) =>
    b.where(g, b.gt(g, b.input(g, 'H', 'data', 'f32', [m, n]), 0), x, 0);

export const contractionCases = (): readonly ContractionCase[] => [
  plain('256^3', { m: 256, n: 256, k: 256 }),
  plain('512^3', { m: 512, n: 512, k: 512 }),
  plain('1024^3', { m: 1024, n: 1024, k: 1024 }),
  plain('[128,784][784,512]', { m: 128, n: 512, k: 784 }),
  plain('[784,128]T [128,512]', { m: 784, n: 512, k: 128, leftTransposed: true }),
  plain('512^3 A BT', { m: 512, n: 512, k: 512, rightTransposed: true }),
  plain('512^3 AT BT', { m: 512, n: 512, k: 512, leftTransposed: true, rightTransposed: true }),
  plain('512^3 AT B', { m: 512, n: 512, k: 512, leftTransposed: true }),
  {
    ...product('[128,512][512,10] + bias', { m: 128, n: 10, k: 512 }, addBias(10)),
    hand: (lanes) => ({
      kernel: rowsByTen({
        name: 'rows',
        m: 128,
        k: 512,
        lanes,
        bindings: ['!Z: f32'],
        finish: storeScores,
      }),
      binds: ['A', 'B', 'bias', 'result'],
    }),
  },
  {
    ...product(
      '[128,10][512,10]T relu mask',
      { m: 128, n: 512, k: 10, rightTransposed: true },
      reluMask(128, 512),
    ),
    hand: (lanes) => ({
      kernel: backFromTen({ m: 128, n: 512, lanes }),
      binds: ['A', 'B', 'H', 'result'],
    }),
  },
  {
    ...product('[128,512]T [128,10]', { m: 512, n: 10, k: 128, leftTransposed: true }),
    hand: (lanes) => ({
      kernel: gradientByTen({
        m: 128,
        n: 512,
        lanes,
        store: (index, sum) => `C[${index}] = ${sum};`,
      }),
      binds: ['A', 'B', 'result'],
    }),
  },
  plain('[1,784][784,512]', { m: 1, n: 512, k: 784 }),
  plain('[1,512][512,10]', { m: 1, n: 10, k: 512 }),
  plain('[1024,512][512,10]', { m: 1024, n: 10, k: 512 }),
  plain('[1024,784][784,512]', { m: 1024, n: 512, k: 784 }),
  plain('[6000,784]T [6000,10]', { m: 784, n: 10, k: 6000, leftTransposed: true }),
  plain('[256,784][784,50]', { m: 256, n: 50, k: 784 }),
  plain('[256,784]T [256,50]', { m: 784, n: 50, k: 256, leftTransposed: true }),
  plain('[256,50][50,10]', { m: 256, n: 10, k: 50 }),
  plain('[32,64][64,100]', { m: 32, n: 100, k: 64 }),
  plain('[32,50][50,10]', { m: 32, n: 10, k: 50 }),
  plain('[2048,64][64,192]', { m: 2048, n: 192, k: 64 }),
  plain('[64,100][100,50]', { m: 64, n: 50, k: 100 }),
  plain('[127,783][783,509]', { m: 127, n: 509, k: 783 }),
  plain('[16,2048][2048,16]', { m: 16, n: 16, k: 2048 }),
  plain('[256,64][64,50]', { m: 256, n: 50, k: 64 }),
];
