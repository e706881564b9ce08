/** Reductions and running reductions. */
import * as build from '../../builder.ts';
import { isFloat } from '../../graph/dtype.ts';
import type { Node } from '../../graph/node.ts';
import { complain, textAt } from '../report.ts';
import { tensor, unknown, type Value } from '../value.ts';
import { alongAxis, axesOption } from './axes.ts';
import { type Builtin, boolOption, type Call, define, nodeOf, operand } from './builtin.ts';

type Reduce = (c: Call, x: Node, axes: readonly number[], keepdims: boolean) => Node | undefined;

const reduction = (name: string, reduce: Reduce, extra?: string): Builtin =>
  define(name, 'x, axis=, keep=, keepdims=', (c) => reduced(c, reduce), extra);

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

/** Two passes: the mean of the squared distances, never E[x²] - E[x]². */
const variance: Reduce = (c, x, axes, keepdims) => {
  const g = c.run.graph;
  const values = floatOf(c, x);
  if (values === undefined) return undefined;
  const distance = build.sub(g, values, build.mean(g, values, axes, true));
  return build.mean(g, build.mul(g, distance, distance), axes, keepdims);
};

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

const running = (name: string, kind: 'sum' | 'prod' | 'max'): Builtin =>
  define(
    name,
    'x, axis=',
    alongAxis(-1, (c, x, axis) => tensor(build.prefix(c.run.graph, kind, x, axis))),
  );

const notElementwise = (reduce: string, pairwise: string): string =>
  `\`${pairwise}(x, 0)\` compares element by element; \`${reduce}\` reduces`;

export const reductionBuiltins: readonly Builtin[] = [
  reduction('sum', plain('sum')),
  reduction('prod', plain('prod')),
  reduction('max', plain('max'), notElementwise('max', 'maximum')),
  reduction('min', plain('min'), notElementwise('min', 'minimum')),
  reduction('mean', mean),
  reduction('var', variance),
  reduction('argmax', position('argmax')),
  reduction('argmin', position('argmin')),
  reduction('any', logical('max')),
  reduction('all', logical('min')),
  running('cumsum', 'sum'),
  running('cumprod', 'prod'),
  running('cummax', 'max'),
];
