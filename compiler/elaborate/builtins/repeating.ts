/** Functions that turn an axis around or repeat its elements: flip, roll, tile, repeat_interleave. */
import { flip, repeatInterleave, roll, tile } from '../../build-views.ts';
import { type Dim, subDims } from '../../graph/dim.ts';
import type { Node } from '../../graph/node.ts';
import { atMost } from '../guards.ts';
import { dimOf } from '../sizes.ts';
import { tensor, unknown, type Value } from '../value.ts';
import { alongAxis, axesOption } from './axes.ts';
import { type Builtin, type Call, define, needsStatic, nodeOf, operand, unfit } from './builtin.ts';
import { integersOption, sizesOption } from './sizes-option.ts';

function flipped(c: Call): Value {
  const x = nodeOf(c, 'x');
  const axes = x && (c.args.has('axis') ? axesOption(c, x) : lastAxis(x));
  if (x === undefined || axes === undefined) return unknown;
  return tensor(axes.reduce((y, axis) => flip(c.run.graph, y, axis), x));
}
const lastAxis = (x: Node): number[] =>
  x.type.shape.length === 0 ? [] : [x.type.shape.length - 1];

/** Each axis by its own shift; one shift goes with any axes. */
function rolled(c: Call): Value {
  const x = nodeOf(c, 'x');
  const shifts = integersOption(c, 'shift');
  if (x === undefined || shifts === undefined) return unknown;
  const list = axisList(c, x);
  if (list === undefined) return unknown;
  if (shifts.length !== 1 && shifts.length !== list.length)
    return unfit(c, 'shift', `has ${shifts.length} numbers for ${list.length} axes`);
  let y = x;
  for (const [i, axis] of list.entries()) {
    const shift = shifts[i] ?? shifts[0] ?? 0;
    const size = x.type.shape[axis] ?? 1;
    const amount = typeof shift === 'number' ? Math.abs(shift) : shift;
    const both = typeof size === 'number' && typeof shift === 'number';
    if (!both && !atMost(c.run, amount, size, operand(c, 'shift').place))
      return unfit(c, 'shift', 'is larger than the axis');
    y = roll(c.run.graph, y, shift, axis);
  }
  return tensor(y);
}

/** Axes in the order given, since shifts go with them; the last one where none is given. */
function axisList(c: Call, x: Node): readonly number[] | undefined {
  if (!c.args.has('axis')) return lastAxis(x);
  const sorted = axesOption(c, x);
  const { value } = operand(c, 'axis');
  if (sorted === undefined || value.kind !== 'list') return sorted;
  const rank = x.type.shape.length;
  const given = value.items.map(dimOf).filter((d) => typeof d === 'number');
  return given.length === value.items.length ? given.map((d) => (d < 0 ? d + rank : d)) : sorted;
}

function tiled(c: Call): Value {
  const x = nodeOf(c, 'x');
  const counts = sizesOption(c, 'counts');
  return x === undefined || counts === undefined ? unknown : tensor(tile(c.run.graph, x, counts));
}

function interleaved(c: Call, x: Node, axis: number): Value {
  const arg = operand(c, 'count');
  const count: Dim | undefined = dimOf(arg.value);
  if (count === undefined) {
    needsStatic(c, 'count', arg, 'a whole number');
    return unknown;
  }
  const enough = subDims(count, 1);
  if (typeof enough === 'number' && enough < 0) return unfit(c, 'count', 'is less than 1');
  return tensor(repeatInterleave(c.run.graph, x, count, axis));
}

export const repeatingBuiltins: readonly Builtin[] = [
  define(
    'flip',
    'x, axis=',
    'The elements in the opposite order along an axis or a list of them, the last unless told.',
    flipped,
  ),
  define(
    'roll',
    'x, shift, axis=',
    'The elements moved along an axis by `shift`, those that leave at one end entering at the other.',
    rolled,
  ),
  define(
    'tile',
    'x, counts',
    'The tensor repeated so often along each axis: `tile(x, [2, 1])`.',
    tiled,
  ),
  define(
    'repeat_interleave',
    'x, count, axis=',
    'Each entry of an axis, the last unless told, `count` times in turn.',
    alongAxis(-1, interleaved),
  ),
];
