/** What the graph fuzzer does to a tensor: a step for each op, or for each family of alike ones. */

import { einsumOf } from '../../compiler/build-einsum.ts';
import * as views from '../../compiler/build-views.ts';
import * as b from '../../compiler/builder.ts';
import { symbol } from '../../compiler/graph/dim.ts';
import { type DType, isInteger } from '../../compiler/graph/dtype.ts';
import { elementCount } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { copy } from '../../compiler/ops/copy.ts';
import { orthonormal } from '../../compiler/ops/orthonormal.ts';
import { prefixOp } from '../../compiler/ops/prefix.ts';
import { concat as concatOp, pad as padOp, slice as sliceOp } from '../../compiler/ops/view.ts';
import * as f from '../../compiler/scalar/intrinsics.ts';
import type { Intrinsic } from '../../compiler/scalar/scalar.ts';
import { type Maker, MOST_ELEMENTS, SIZES, shapeOf } from './maker.ts';
import { type Random, shuffled } from './random.ts';

export type Step = (m: Maker, x: Node) => Node | undefined;

const isNumber = (x: Node): boolean => x.type.dtype !== 'bool';
const sizeAt = (x: Node, axis: number): number => shapeOf(x)[axis] ?? 1;

/** A number as a tensor of this type. */
const numeric = ({ graph }: Maker, x: Node): Node => (isNumber(x) ? x : b.cast(graph, x, 'i32'));
const float = ({ graph }: Maker, x: Node): Node => b.cast(graph, x, 'f32');
const integer = ({ graph, pick }: Maker, x: Node): Node =>
  isInteger(x.type.dtype) ? x : b.cast(graph, x, pick(['i32', 'u32'] as const));

/** A tensor of the same dtype that broadcasts with x. */
function partner(m: Maker, x: Node): Node {
  const shape = shapeOf(x);
  const broadcasts = (n: Node): boolean => {
    const own = shapeOf(n);
    return (
      n.type.dtype === x.type.dtype &&
      own.length <= shape.length &&
      own.every((d, i) => d === 1 || d === shape[i - own.length + shape.length])
    );
  };
  const found = m.random(4) > 0 ? m.find(broadcasts) : undefined;
  if (found !== undefined) return found;
  const own = shape.slice(m.random(shape.length + 1)).map((n) => (m.random(3) === 0 ? 1 : n));
  return b.cast(m.graph, m.fresh(own, m.pick([x.type.dtype, 'u8'] as const)), x.type.dtype);
}

const exactBinary = [f.add, f.sub, f.mul, f.max, f.min] as const;
const exactUnary = [f.neg, f.abs, f.sign] as const;
const roundings = [f.floor, f.ceil, f.trunc, f.round] as const;
const comparisons = [f.lt, f.le, f.gt, f.ge, f.eq, f.ne] as const;
const wholeDivisions = [f.div, f.rem, f.floordiv] as const;
/** Float functions whose values are rounded afterwards; whatever the table gets besides the above. */
const named = new Set<Intrinsic>([
  ...exactBinary,
  ...exactUnary,
  ...roundings,
  ...comparisons,
  ...wholeDivisions,
  f.select,
  f.and,
  f.or,
  f.xor,
  f.not,
  f.shr,
  f.threefry,
]);
export const roundedFunctions: readonly Intrinsic[] = [
  ...f.intrinsics.filter((fn) => !named.has(fn) && fn.domain !== 'bool'),
  f.div,
];
/** Where a function is finite, and not at the edge where the sign of a zero decides. */
const domains: Readonly<Record<string, readonly [number, number]>> = {
  log: [1, 8],
  log2: [1, 8],
  log1p: [0, 8],
  sqrt: [0, 8],
  rsqrt: [1, 8],
  asin: [-1, 1],
  acos: [-1, 1],
  pow: [1, 4],
  div: [1, 4],
  atan2: [1, 4],
};

const binaryStep: Step = (m, x) => {
  const from = numeric(m, x);
  const y = partner(m, from);
  const fn = m.pick(exactBinary);
  // A difference of unsigned numbers wraps; its top bits are small again.
  const z = b.elementwise(m.graph, fn, ...(m.random(2) === 0 ? [from, y] : [y, from]));
  return fn === f.sub && from.type.dtype === 'u32' ? b.elementwise(m.graph, f.shr, z, 29) : z;
};
const unaryStep: Step = (m, x) => {
  const from = numeric(m, x);
  return from.type.dtype === 'u32'
    ? b.elementwise(m.graph, f.shr, b.elementwise(m.graph, f.mul, from, 2654435761), 30)
    : b.elementwise(m.graph, m.pick(exactUnary), from);
};
const roundingStep: Step = (m, x) =>
  b.elementwise(m.graph, m.pick(roundings), b.div(m.graph, float(m, x), m.pick([1, 2, 4, -2])));
const divisionStep: Step = (m, x) => {
  const fn = m.pick(wholeDivisions);
  const from = numeric(m, x);
  if (isInteger(from.type.dtype)) return b.elementwise(m.graph, fn, from, partner(m, from));
  return b.elementwise(m.graph, fn, from, m.pick([1, 2, 4, -2]));
};
const shiftStep: Step = (m, x) => b.elementwise(m.graph, f.shr, integer(m, x), m.random(4));
const randomBitsStep: Step = (m, x) => {
  const u = b.cast(m.graph, integer(m, x), 'u32');
  const words = b.elementwise(m.graph, f.threefry, u, m.random(9), 7, m.random(3));
  return b.elementwise(m.graph, f.shr, words, 28 + m.random(4));
};
/** round(f(x)·s): far enough from a half that the last bits of f do not matter. */
const roundedStep: Step = (m, x) => {
  const { graph: g } = m;
  const fn = m.pick(roundedFunctions);
  const [lo, hi] = domains[fn.name] ?? [-3, 3];
  const operand = (y: Node): Node => b.maximum(g, b.minimum(g, float(m, y), hi), lo);
  const first = operand(x);
  const operands = [
    first,
    ...Array.from({ length: fn.arity - 1 }, () => operand(partner(m, float(m, x)))),
  ];
  return firstExact(m, b.elementwise(g, fn, ...operands));
};
/** round(q·s) of the orthonormal columns q of a small matrix whose columns are far from dependent. */
const orthonormalStep: Step = (m, x) => {
  const { graph: g } = m;
  const n = 1 + m.random(4);
  const rows = n + m.random(4);
  const count = elementCount(shapeOf(x));
  const flat = b.reshape(g, float(m, x), [count]);
  const entries =
    count < rows * n
      ? m.fresh([rows * n], 'f32')
      : g.make(sliceOp, [flat], { start: [0], step: [1], size: [rows * n] });
  const q = g.make(orthonormal, [b.reshape(g, entries, [rows, n])]);
  return firstExact(m, q);
};
/** round(y·s) for a factor s that makes it exact. */
function firstExact(m: Maker, y: Node): Node | undefined {
  return [1, 2, 3, 5]
    .map((s) => b.elementwise(m.graph, f.round, b.mul(m.graph, y, s)))
    .find((z) => m.meter.isExact(z));
}
const compareStep: Step = (m, x) =>
  b.elementwise(m.graph, m.pick(isNumber(x) ? comparisons : [f.eq, f.ne]), x, partner(m, x));
const condition = (m: Maker, x: Node): Node =>
  x.type.dtype === 'bool' ? x : (compareStep(m, x) ?? x);
const logicStep: Step = (m, x) => {
  const p = condition(m, x);
  return m.random(3) === 0
    ? b.not(m.graph, p)
    : b.elementwise(m.graph, m.pick([f.and, f.or, f.xor]), p, partner(m, p));
};
const selectStep: Step = (m, x) => {
  const from = numeric(m, x);
  const no = m.random(2) === 0 ? partner(m, from) : m.random(3);
  return b.where(m.graph, condition(m, x), from, no);
};
const castStep: Step = (m, x) => {
  const to = m.pick<DType>(['f32', 'i32', 'u32', 'bool']);
  // Negative numbers have no place in a u32, and which one they get depends on where they come from.
  const from = to === 'u32' && isNumber(x) ? b.maximum(m.graph, x, 0) : x;
  return b.cast(m.graph, from, to);
};

const permuteStep: Step = (m, x) =>
  b.permute(m.graph, x, shuffled(m.random, [...shapeOf(x).keys()]));
const reshapeStep: Step = (m, x) =>
  b.reshape(m.graph, x, randomFactors(elementCount(shapeOf(x)), m.random));
const sliceStep: Step = (m, x) => {
  const shape = shapeOf(x);
  const start = shape.map((n) => m.random(n));
  const step = shape.map(() => m.pick([1, 1, 1, -1, 2, -2]));
  const size = shape.map((n, i) => {
    const room = (step[i] ?? 1) > 0 ? n - (start[i] ?? 0) : (start[i] ?? 0) + 1;
    return 1 + m.random(Math.ceil(room / Math.abs(step[i] ?? 1)));
  });
  return m.graph.make(sliceOp, [x], { start, step, size });
};
const padStep: Step = (m, x) => {
  const shape = shapeOf(x);
  const amounts = (): number[] => shape.map(() => (m.random(2) === 0 ? 0 : m.random(3)));
  return m.graph.make(padOp, [x], {
    lo: amounts(),
    hi: amounts(),
    interior: shape.map(() => (m.random(4) === 0 ? 1 : 0)),
    value: x.type.dtype === 'f32' || x.type.dtype === 'i32' ? m.random(3) - 1 : m.random(2),
  });
};
const concatStep: Step = (m, x) => {
  const shape = shapeOf(x);
  if (shape.length === 0) return undefined;
  const axis = m.random(shape.length);
  const other = m.fresh(
    shape.map((n, i) => (i === axis ? m.pick(SIZES) : n)),
    x.type.dtype,
  );
  const pieces = m.pick([
    [x, x],
    [x, other],
    [other, x, other],
  ]);
  return b.concat(m.graph, pieces, axis);
};
const expandStep: Step = (m, x) =>
  b.broadcastTo(m.graph, x, [
    ...(m.random(2) === 0 ? [m.pick(SIZES)] : []),
    ...shapeOf(x).map((n) => (n === 1 ? m.pick(SIZES) : n)),
  ]);
const markStep: Step = (m, x) =>
  m.pick([
    () => b.stopGradient(m.graph, x),
    () => b.variable(m.graph, x, `v${x.id}`),
    () => m.graph.make(copy, [x]),
  ])();
/** A value with a derivative of its own, which need not be that of the value. */
const ruleStep: Step = (m, x) => {
  const { graph: g } = m;
  const from = float(m, x);
  const value = b.maximum(g, from, m.random(3) - 1);
  const [y, dy] = ['y', 'dy'].map((name) => b.ruleArgument(g, value.type, `${name}${value.id}`));
  if (y === undefined || dy === undefined) return undefined;
  const cotangent = m.random(2) === 0 ? b.mul(g, dy, 2) : b.where(g, b.gt(g, y, 0), dy, 0);
  return b.customVjp(g, value, { y, dy, cotangents: [cotangent] }, [from]);
};
/** The functions that are made of several views. */
const wholeAxisStep: Step = (m, x) => {
  const shape = shapeOf(x);
  if (shape.length === 0) return undefined;
  const axis = m.random(shape.length);
  const n = sizeAt(x, axis);
  return m.pick<() => Node | undefined>([
    () => views.flip(m.graph, x, axis),
    () => views.roll(m.graph, x, m.random(2 * n + 1) - n, axis),
    () =>
      views.tile(
        m.graph,
        x,
        shape.map(() => 1 + m.random(2)),
      ),
    () => views.repeatInterleave(m.graph, x, 1 + m.random(3), axis),
    () =>
      views.padAxis(
        m.graph,
        x,
        axis,
        m.random(n),
        m.random(n),
        m.pick(['edge', 'reflect', 'symmetric', 'wrap']),
      ),
    () =>
      n * n <= MOST_ELEMENTS / 8 && axis === shape.length - 1
        ? views.diagonalMatrix(m.graph, x)
        : undefined,
    () => (shape.length >= 2 ? views.diagonal(m.graph, x) : undefined),
    () =>
      shape.length >= 2 && isNumber(x)
        ? views.triangle(m.graph, x, m.pick(['upper', 'lower']), m.random(3) - 1)
        : undefined,
  ])();
};

const reduceStep: Step = (m, x) => {
  const shape = shapeOf(x);
  const axes = shape.flatMap((_, i) => (m.random(2) === 0 ? [i] : []));
  if (axes.length === 0) return undefined;
  const kinds = isNumber(x)
    ? (['sum', 'sum', 'max', 'min', 'argmax', 'argmin', 'prod'] as const)
    : (['max', 'min'] as const);
  return b.reduce(m.graph, m.pick<b.ReduceKind>(kinds), x, axes, m.random(2) === 0);
};
const prefixStep: Step = (m, x) => {
  const from = numeric(m, x);
  if (shapeOf(from).length === 0) return undefined;
  const kind = m.pick(['sum', 'sum', 'prod', 'max'] as const);
  return m.graph.make(prefixOp(kind), [from], {
    axis: m.random(shapeOf(from).length),
    reverse: m.random(2) === 0,
    exclusive: kind !== 'max' && m.random(2) === 0,
  });
};
const matmulStep: Step = (m, x) => {
  const from = numeric(m, x);
  const shape = shapeOf(from);
  const k = shape.at(-1);
  if (k === undefined) return undefined;
  const matrix = b.reshape(m.graph, from, [elementCount(shape) / k, k]);
  if (m.random(3) === 0) return b.matmul(m.graph, matrix, b.transpose(m.graph, matrix));
  const lead = shape.length > 2 && m.random(2) === 0 ? shape.slice(0, -2) : [];
  const other = m.fresh([...lead, k, m.pick(SIZES)], from.type.dtype);
  return b.matmul(m.graph, lead.length > 0 || m.random(2) === 0 ? from : matrix, other);
};
/** Random names for the axes, some of them shared, some twice in one tensor. */
const einsumStep: Step = (m, x) => {
  const from = numeric(m, x);
  const shape = shapeOf(from);
  if (shape.length === 0) return undefined;
  const names = shape.map((n, i) => {
    const twin = shape.findIndex((d, j) => j < i && d === n);
    return twin >= 0 && m.random(2) === 0 ? `a${twin}` : `a${i}`;
  });
  const sizes = new Map(names.map((name, i) => [name, shape[i] ?? 1] as const));
  const shared = [...sizes.keys()].filter(() => m.random(2) === 0);
  const axes = shuffled(m.random, [...shared, ...(m.random(2) === 0 ? ['n'] : [])]);
  if (axes.includes('n')) sizes.set('n', m.pick(SIZES));
  const other = m.fresh(
    axes.map((name) => sizes.get(name) ?? 1),
    from.type.dtype,
  );
  const out = shuffled(
    m.random,
    [...sizes.keys()].filter(() => m.random(3) > 0),
  );
  return einsumOf(
    m.graph,
    [
      { node: from, axes: names },
      { node: other, axes },
    ],
    out,
  );
};

/** Numbers of rows, now and then one that does not exist. */
function rowNumbers(m: Maker, shape: readonly number[], n: number): Node {
  const ids = integer(m, m.fresh(shape, m.pick(['u8', 'i8', 'i32', 'u32'] as const)));
  const whole = ids.type.dtype === 'u32' ? ids : b.maximum(m.graph, ids, -1);
  return b.minimum(m.graph, whole, n - 1 + m.random(2));
}
const gatherStep: Step = (m, x) => {
  const shape = shapeOf(x);
  if (shape.length === 0) return undefined;
  const axis = m.random(shape.length);
  const n = sizeAt(x, axis);
  if (m.random(2) === 0) return b.gather(m.graph, x, rowNumbers(m, m.shape(32), n), axis);
  const ids = rowNumbers(
    m,
    shape.map((d, i) => (i === axis ? m.pick(SIZES) : d)),
    n,
  );
  return b.takeAlong(m.graph, x, ids, axis);
};
const scatterStep: Step = (m, x) => {
  const from = numeric(m, x);
  const n = m.pick(SIZES);
  const rank = m.random(shapeOf(from).length + 1);
  return b.scatterAdd(m.graph, rowNumbers(m, shapeOf(from).slice(0, rank), n), from, n);
};
const sortStep: Step = (m, x) => {
  const from = numeric(m, x);
  const rank = shapeOf(from).length;
  if (rank === 0) return undefined;
  const axis = m.random(rank);
  const count = 1 + m.random(sizeAt(from, axis));
  const ids = b.argsort(m.graph, from, { axis, descending: m.random(2) === 0, count });
  return m.random(2) === 0 ? ids : b.takeAlong(m.graph, from, ids, axis);
};
const leafStep: Step = (m, x) => {
  const { graph: g } = m;
  const dtype = isNumber(x) ? x.type.dtype : 'f32';
  const n = shapeOf(x).at(-1) ?? 1;
  return m.pick([
    () => b.mul(g, numeric(m, x), b.cast(g, b.iota(g, n), isNumber(x) ? dtype : 'i32')),
    () => b.iota(g, m.pick(SIZES)),
    () => b.add(g, b.size(g, symbol('n'), dtype), b.literal(g, m.random(3), dtype)),
    () => b.add(g, x.type.dtype === dtype ? x : b.cast(g, x, dtype), b.size(g, symbol('n'), dtype)),
  ])();
};
/** Lines that are stored one after another, as partial sums are: each begins at a multiple of four but for single numbers. */
const poolStep: Step = (m, x) => {
  const { graph: g } = m;
  const { dtype } = x.type;
  const line = (node: Node): Node => {
    const size = elementCount(shapeOf(node));
    const flat = b.reshape(g, node, [size]);
    return size % 4 === 0 || size === 1 ? flat : b.pad(g, flat, [0], [4 - (size % 4)]);
  };
  const others = Array.from({ length: 1 + m.random(8) }, () =>
    m.find((y) => y.type.dtype === dtype && y !== x),
  );
  const lines = [x, ...others.flatMap((y) => y ?? [])].map(line);
  const isNumber = (y: Node): boolean => elementCount(shapeOf(y)) === 1;
  const inputs = [...lines.filter((y) => !isNumber(y)), ...lines.filter(isNumber)];
  const size = inputs.reduce((n, y) => n + elementCount(shapeOf(y)), 0);
  if (size > MOST_ELEMENTS) return undefined;
  return g.make(concatOp, inputs, { axis: 0, pooled: true });
};
/** A product and what is reduced over its blocks. */
const blockStep: Step = (m, x) => {
  const { graph: g } = m;
  const from = numeric(m, x);
  const shape = shapeOf(from);
  const depth = shape.at(-1) ?? 1;
  if (shape.length !== 2 || depth > 8) return undefined;
  const [height, width] = m.pick([
    [8, 4],
    [4, 8],
    [2, 4],
    [3, 5],
  ] as const);
  const [down, across] = [2 + m.random(3), 2 + m.random(3)];
  const left = m.fresh([height * down, depth]);
  const right = m.fresh([depth, width * across]);
  const product = b.matmul(g, b.cast(g, left, from.type.dtype), b.cast(g, right, from.type.dtype));
  const blocks = b.reshape(g, product, [down, height, across, width]);
  const reduced = b.reduce(g, m.pick(['sum', 'max', 'min'] as const), blocks, [1, 3]);
  return m.random(2) === 0 ? reduced : b.add(g, product, b.sum(g, reduced, [0, 1]));
};
/** The same thing twice, by different ways: sharing. */
const sharedStep: Step = (m, x) => {
  const from = numeric(m, x);
  const flat = b.reshape(m.graph, from, [elementCount(shapeOf(from))]);
  return b.add(m.graph, from, b.reshape(m.graph, flat, shapeOf(from)));
};

const times = (n: number, step: Step): Step[] => Array<Step>(n).fill(step);

export const steps: readonly Step[] = [
  ...times(3, binaryStep),
  unaryStep,
  roundingStep,
  divisionStep,
  shiftStep,
  randomBitsStep,
  ...times(2, roundedStep),
  orthonormalStep,
  compareStep,
  logicStep,
  selectStep,
  castStep,
  permuteStep,
  reshapeStep,
  ...times(2, sliceStep),
  padStep,
  concatStep,
  poolStep,
  blockStep,
  expandStep,
  markStep,
  ruleStep,
  wholeAxisStep,
  ...times(6, reduceStep),
  ...times(2, prefixStep),
  ...times(4, matmulStep),
  einsumStep,
  gatherStep,
  scatterStep,
  sortStep,
  leafStep,
  sharedStep,
];

function randomFactors(n: number, random: Random): number[] {
  const shape: number[] = [];
  let rest = n;
  for (let d = 2; rest > 1 && shape.length < 4; ) {
    if (rest % d !== 0) {
      d++;
      continue;
    }
    if (shape.length > 0 && random(2) === 0) shape[shape.length - 1] = (shape.at(-1) ?? 1) * d;
    else shape.push(d);
    rest /= d;
  }
  if (rest > 1) shape.push(rest);
  if (random(3) === 0) shape.splice(random(shape.length + 1), 0, 1);
  return shape;
}
