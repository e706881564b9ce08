/** Functions that move elements without computing: reshape, transpose, concat, split, …. */
import * as build from '../../builder.ts';
import {
  type Dim,
  dimText,
  divideExactly,
  equalDims,
  productOf,
  shapeText,
} from '../../graph/dim.ts';
import type { Node } from '../../graph/node.ts';
import { complain, impossibleSize, note, textAt, typeText, withOrigin } from '../report.ts';
import { isPossibleSize, sameSize, sizeValue } from '../sizes.ts';
import { type Static, tensor, unknown, type Value } from '../value.ts';
import { alongAxis, axesOption } from './axes.ts';
import { type Builtin, type Call, define, nodeOf, operand, unfit } from './builtin.ts';
import { einsumBuiltin } from './einsum.ts';
import { concat, split, stack } from './joining.ts';
import { matrixBuiltins } from './matrices.ts';
import { paddingBuiltin } from './padding.ts';
import { rearrangeBuiltin } from './rearrange.ts';
import { repeatingBuiltins } from './repeating.ts';
import { integersOption, sizesOption } from './sizes-option.ts';

function reshape(c: Call): Value {
  const x = nodeOf(c, 'x');
  const asked = integersOption(c, 'shape');
  if (x === undefined || asked === undefined) return unknown;
  const odd = asked.find((d) => d !== -1 && !isPossibleSize(d));
  if (odd !== undefined) return impossibleSize(c.run, odd, operand(c, 'shape').place);
  const given = asked.filter((d) => d !== -1);
  const have = productOf(x.type.shape);
  const product = productOf(given);
  const fits =
    asked.length - given.length === 1
      ? divideExactly(have, product)
      : sameSize(have, product)
        ? 1
        : undefined;
  if (fits === undefined || asked.length - given.length > 1) return wrongCount(c, x, asked);
  return tensor(
    build.reshape(
      c.run.graph,
      x,
      asked.map((d) => (d === -1 ? fits : d)),
    ),
  );
}

/** `f32[n, 784] (input, line 1)`. */
const originText = (c: Call, x: Node): string => {
  const { value } = operand(c, 'x');
  return value.kind === 'tensor' ? withOrigin(value) : typeText(x.type);
};

/** Where the leading axis stays, the message counts elements per row. */
function wrongCount(c: Call, x: Node, asked: readonly Dim[]): Value {
  const [first, ...rest] = x.type.shape;
  const perRow = first !== undefined && asked[0] !== undefined && equalDims(first, asked[0]);
  const have = perRow
    ? `${dimText(productOf(rest))} elements per row`
    : `${dimText(productOf(x.type.shape))} elements`;
  const suggestion =
    asked.filter((d) => d === -1).length > 1
      ? 'only one size can be `-1`, which stands for what is left'
      : undefined;
  const params = { have, target: shapeText(asked), suggestion };
  return complain(c.run, 'NN0209', params, operand(c, 'shape').place, {
    notes: [note(operand(c, 'x').place, originText(c, x))],
  });
}

function transpose(c: Call): Value {
  const x = nodeOf(c, 'x');
  if (x === undefined) return unknown;
  const rank = x.type.shape.length;
  const arg = c.args.get('axes');
  if (arg === undefined) {
    if (rank >= 2) return tensor(build.transpose(c.run.graph, x));
    return complain(
      c.run,
      'NN0204',
      { callee: '`transpose`', needed: 'at least 2 axes', actual: typeText(x.type) },
      c.place,
    );
  }
  const asked = integersOption(c, 'axes')?.map((a) =>
    typeof a === 'number' && a < 0 ? a + rank : a,
  );
  if (asked === undefined) return unknown;
  const perm = asked.filter((a) => typeof a === 'number');
  const whole = [...perm].sort((a, b) => a - b).every((p, i) => p === i) && perm.length === rank;
  if (whole) return tensor(build.permute(c.run.graph, x, perm));
  const outside = perm.find((a) => a < 0 || a >= rank);
  if (outside !== undefined)
    return complain(c.run, 'NN0210', { axis: outside, rank }, arg.place, {
      notes: [note(operand(c, 'x').place, originText(c, x))],
      help: `each of the axes once: \`[${x.type.shape.map((_, i) => rank - 1 - i).join(', ')}]\` turns their order round`,
    });
  return complain(
    c.run,
    'NN0313',
    { what: `${textAt(arg.place)} is no order of the ${rank} axes of ${typeText(x.type)}` },
    arg.place,
  );
}

function squeeze(c: Call): Value {
  const x = nodeOf(c, 'x');
  const axes = x && axesOption(c, x);
  if (x === undefined || axes === undefined) return unknown;
  const { shape } = x.type;
  const long = axes.find((axis) => !sameSize(shape[axis] ?? 1, 1));
  if (long !== undefined) {
    const entries = dimText(shape[long] ?? 1);
    return unfit(c, 'x', `is ${typeText(x.type)}: axis ${long} has ${entries} entries, not 1`);
  }
  const kept = shape.filter((_, i) => !axes.includes(i));
  return tensor(build.reshape(c.run.graph, x, kept));
}

function broadcastTo(c: Call): Value {
  const x = nodeOf(c, 'x');
  const shape = sizesOption(c, 'shape');
  if (x === undefined || shape === undefined) return unknown;
  const own = x.type.shape;
  const bad =
    own.length > shape.length
      ? -own.length
      : own
          .map((d, i) => [d, i - own.length] as const)
          .find(([d, i]) => d !== 1 && !sameSize(d, shape.at(i) ?? 1))?.[1];
  if (bad !== undefined)
    return complain(
      c.run,
      'NN0207',
      {
        verb: 'stretch',
        left: typeText(x.type),
        right: shapeText(shape),
        axis: bad,
        suggestion: 'only axes of size 1 are stretched',
      },
      c.place,
    );
  return tensor(build.broadcastTo(c.run.graph, x, shape));
}

function shapeOf(c: Call): Value {
  const x = nodeOf(c, 'x');
  if (x === undefined) return unknown;
  const items: readonly Static[] = x.type.shape.map(sizeValue);
  return { kind: 'list', items };
}

export const viewBuiltins: readonly Builtin[] = [
  define(
    'reshape',
    'x, shape',
    'The same elements in another shape; one size may be -1, which stands for what is left.',
    reshape,
  ),
  define(
    'transpose',
    'x, axes?',
    'The axes in another order; without `axes` the last two change places, as in `x.T`.',
    transpose,
  ),
  define(
    'concat',
    'tensors, axis=',
    'The tensors of a list one after another along an axis, which they have already.',
    concat,
  ),
  define('stack', 'tensors, axis=', 'The tensors of a list side by side along a new axis.', stack),
  define(
    'split',
    'x, parts, axis=',
    'A tuple of parts along an axis, the last unless told: as many equal ones as `parts` says, or those of the sizes that it lists.',
    alongAxis(-1, split),
  ),
  define('squeeze', 'x, axis', 'Without an axis of size 1, or without several of them.', squeeze),
  define(
    'broadcast_to',
    'x, shape',
    'Axes of size 1 repeated, and new ones in front, until the shape is the one asked for.',
    broadcastTo,
  ),
  paddingBuiltin,
  ...repeatingBuiltins,
  ...matrixBuiltins,
  define(
    'size',
    'x, axis',
    'The size of one axis, known while compiling.',
    alongAxis(0, (_, x, axis) => sizeValue(x.type.shape[axis] ?? 1)),
  ),
  define('shape', 'x', 'The sizes of all axes as a list, known while compiling.', shapeOf),
  einsumBuiltin,
  rearrangeBuiltin,
];
