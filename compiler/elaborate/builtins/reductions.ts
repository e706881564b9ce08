/** Reductions and running reductions. */
import * as build from '../../builder.ts';
import { dimText, productOf, subDims } from '../../graph/dim.ts';
import { isFloat } from '../../graph/dtype.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Node } from '../../graph/node.ts';
import { prefixOp } from '../../ops/prefix.ts';
import { atMost } from '../guards.ts';
import { complain, textAt } from '../report.ts';
import { tensor, unknown, type Value } from '../value.ts';
import { axesOption, axisOption } from './axes.ts';
import {
  type Builtin,
  boolOption,
  type Call,
  define,
  nodeOf,
  numberOption,
  operand,
  unfit,
} from './builtin.ts';

type Reduce = (c: Call, x: Node, axes: readonly number[], keepdims: boolean) => Node | undefined;

const reduction = (name: string, doc: string, reduce: Reduce, extra?: string): Builtin =>
  define(name, 'x, axis=, keep=, keepdims=', doc, (c) => reduced(c, reduce), extra);

function reduced(c: Call, reduce: Reduce): Value {
  const x = nodeOf(c, 'x');
  const keepdims = boolOption(c, 'keepdims', false);
  if (x === undefined || keepdims === undefined) return unknown;
  const axes = axesOption(c, x);
  if (axes === undefined) return unknown;
  const y = reduce(c, x, axes, keepdims);
  return y === undefined ? unknown : tensor(y);
}

const plain =
  (kind: build.ReduceKind): Reduce =>
  (c, x, axes, keepdims) => {
    if (x.type.dtype === 'bool') {
      if (kind === 'sum')
        return build.sum(c.run.graph, build.cast(c.run.graph, x, 'i32'), axes, keepdims);
      return notDefined(c, x);
    }
    return build.reduce(c.run.graph, kind, x, axes, keepdims);
  };

function notDefined(c: Call, x: Node): undefined {
  const { place } = operand(c, 'x');
  complain(
    c.run,
    'NN0242',
    { op: c.name, dtype: x.type.dtype, instead: `cast(${textAt(place)}, f32)` },
    c.place,
  );
  return undefined;
}

/** The mean of a bool is the share of its trues. */
function floatOf(c: Call, x: Node): Node | undefined {
  if (x.type.dtype === 'bool') return build.cast(c.run.graph, x, 'f32');
  return isFloat(x.type.dtype) ? x : notDefined(c, x);
}

const mean: Reduce = (c, x, axes, keepdims) => {
  const values = floatOf(c, x);
  return values && build.mean(c.run.graph, values, axes, keepdims);
};

/** Two passes: the mean of the squared distances, never E[x²] - E[x]²; `ddof` less in the divisor. */
const variance: Reduce = (c, x, axes, keepdims) => {
  const g = c.run.graph;
  const values = floatOf(c, x);
  const ddof = numberOption(c, 'ddof', 0);
  if (values === undefined || ddof === undefined) return undefined;
  const count = productOf(axes.map((axis) => values.type.shape[axis] ?? 1));
  if (!Number.isInteger(ddof) || !atMost(c.run, ddof + 1, count, operand(c, 'ddof').place)) {
    unfit(c, 'ddof', `is ${ddof}, and ${dimText(count)} elements are summed`);
    return undefined;
  }
  const distance = build.sub(g, values, build.mean(g, values, axes, true));
  const total = build.sum(g, build.mul(g, distance, distance), axes, keepdims);
  return build.div(g, total, build.size(g, subDims(count, ddof), values.type.dtype));
};

const deviation: Reduce = (c, x, axes, keepdims) => {
  const v = variance(c, x, axes, keepdims);
  return v && rootOrZero(c.run.graph, v);
};

/** The Euclidean length, or with ord=1 the sum of absolute values. */
const norm: Reduce = (c, x, axes, keepdims) => {
  const g = c.run.graph;
  const values = floatOf(c, x);
  const ord = numberOption(c, 'ord', 2);
  if (values === undefined || ord === undefined) return undefined;
  if (ord === 1) return build.sum(g, build.abs(g, values), axes, keepdims);
  if (ord === 2) return rootOrZero(g, build.sum(g, build.mul(g, values, values), axes, keepdims));
  unfit(c, 'ord', `is ${ord}; it takes 1 or 2`);
  return undefined;
};

/** The square root, with derivative 0 at 0, where that of the root is infinite and its gradient NaN. */
function rootOrZero(g: Graph, x: Node): Node {
  const positive = build.gt(g, x, 0);
  return build.where(g, positive, build.sqrt(g, build.where(g, positive, x, 1)), x);
}

/** The first position of the extreme element; over several axes counted row by row. */
const position =
  (kind: 'argmax' | 'argmin'): Reduce =>
  (c, x, axes, keepdims) =>
    build.reduce(
      c.run.graph,
      kind,
      x.type.dtype === 'bool' ? build.cast(c.run.graph, x, 'i32') : x,
      axes,
      keepdims,
    );

const logical =
  (kind: 'max' | 'min'): Reduce =>
  (c, x, axes, keepdims) => {
    if (x.type.dtype !== 'bool') return notDefined(c, x);
    const g = c.run.graph;
    return build.cast(g, build.reduce(g, kind, build.cast(g, x, 'i32'), axes, keepdims), 'bool');
  };

const running = (name: string, kind: 'sum' | 'prod' | 'max', doc: string): Builtin =>
  define(name, `x, axis=, reverse=${kind === 'max' ? '' : ', exclusive='}`, doc, (c) => {
    const whole = nodeOf(c, 'x');
    if (whole?.type.dtype === 'bool' && kind !== 'sum') return notDefined(c, whole) ?? unknown;
    const x = whole?.type.dtype === 'bool' ? build.cast(c.run.graph, whole, 'i32') : whole;
    const axis = x && axisOption(c, x, -1);
    const reverse = boolOption(c, 'reverse', false);
    const exclusive = boolOption(c, 'exclusive', false);
    return x === undefined || axis === undefined || reverse === undefined || exclusive === undefined
      ? unknown
      : tensor(c.run.graph.make(prefixOp(kind), [x], { axis, reverse, exclusive }));
  });

const notElementwise = (reduce: string, pairwise: string): string =>
  `\`${pairwise}(x, 0)\` compares element by element; \`${reduce}\` reduces`;

export const reductionBuiltins: readonly Builtin[] = [
  reduction(
    'sum',
    'The sum over all axes, or over `axis`; `keep` names those that stay. Of a bool, how many are true.',
    plain('sum'),
  ),
  reduction('prod', 'The product over all axes, or over `axis`.', plain('prod')),
  reduction(
    'max',
    'The largest element over all axes, or over `axis`; equals share the derivative.',
    plain('max'),
    notElementwise('max', 'maximum'),
  ),
  reduction(
    'min',
    'The smallest element over all axes, or over `axis`; equals share the derivative.',
    plain('min'),
    notElementwise('min', 'minimum'),
  ),
  reduction(
    'mean',
    'The mean over all axes, or over `axis`. Of a bool, the share of its trues.',
    mean,
  ),
  define(
    'var',
    'x, axis=, keep=, keepdims=, ddof=',
    'The variance over all axes, or over `axis`: squared distances from the mean divided by n - `ddof` (0).',
    (c) => reduced(c, variance),
  ),
  define(
    'std',
    'x, axis=, keep=, keepdims=, ddof=',
    'The square root of `var`, with derivative 0 at 0.',
    (c) => reduced(c, deviation),
  ),
  define(
    'norm',
    'x, axis=, keep=, keepdims=, ord=',
    'The Euclidean length over all axes, or over `axis`, with derivative 0 at 0; with `ord=1` the sum of |x|.',
    (c) => reduced(c, norm),
  ),
  reduction(
    'argmax',
    'The position of the largest element, the first of equals, i32; over several axes counted row by row.',
    position('argmax'),
  ),
  reduction(
    'argmin',
    'The position of the smallest element, the first of equals, i32; over several axes counted row by row.',
    position('argmin'),
  ),
  reduction(
    'any',
    'Whether any element of a bool is true, over all axes or over `axis`.',
    logical('max'),
  ),
  reduction(
    'all',
    'Whether all elements of a bool are true, over all axes or over `axis`.',
    logical('min'),
  ),
  running(
    'cumsum',
    'sum',
    'Sums of the elements so far along an axis, the last unless told; `reverse` from the end, `exclusive` without the own.',
  ),
  running(
    'cumprod',
    'prod',
    'Products of the elements so far along an axis, the last unless told; `reverse` from the end, `exclusive` without the own.',
  ),
  running(
    'cummax',
    'max',
    'The largest of the elements so far along an axis, the last unless told; `reverse` from the end.',
  ),
];
