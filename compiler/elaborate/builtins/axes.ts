/** `axis=` and `keep=` of reductions: integers, lists of them, or the name of a size. */
import { equalDims, shapeText } from '../../graph/dim.ts';
import type { Node } from '../../graph/node.ts';
import { complain, note, withOrigin } from '../report.ts';
import { unknown, type Value } from '../value.ts';
import { type Builtin, type Call, needsStatic, nodeOf, operand } from './builtin.ts';

/** Axes from 0, sorted; all of them where neither option is given. Undefined after a report. */
export function axesOption(c: Call, x: Node): readonly number[] | undefined {
  const rank = x.type.shape.length;
  const all = Array.from({ length: rank }, (_, i) => i);
  const keep = c.args.get('keep');
  if (keep !== undefined) {
    const kept = axesFrom(c, 'keep', keep.value, x);
    return kept && all.filter((i) => !kept.includes(i));
  }
  const axis = c.args.get('axis');
  if (axis === undefined) return all;
  const axes = axesFrom(c, 'axis', axis.value, x);
  return axes && [...new Set(axes)].sort((p, q) => p - q);
}

/** One axis, `otherwise` (negative: from the end) where it is not given. */
export function axisOption(c: Call, x: Node, otherwise: number): number | undefined {
  const arg = c.args.get('axis');
  const [axis] =
    (arg === undefined ? inRange(c, otherwise, x) : axesFrom(c, 'axis', arg.value, x)) ?? [];
  return axis;
}

/** A function of a tensor `x` and one of its axes, `otherwise` where none is given. */
export const alongAxis =
  (otherwise: number, of: (c: Call, x: Node, axis: number) => Value): Builtin['call'] =>
  (c) => {
    const x = nodeOf(c, 'x');
    const axis = x && axisOption(c, x, otherwise);
    return x === undefined || axis === undefined ? unknown : of(c, x, axis);
  };

function axesFrom(c: Call, name: string, value: Value, x: Node): number[] | undefined {
  const arg = c.args.get(name);
  if (value.kind === 'number' && value.integer) return inRange(c, value.value, x);
  if (value.kind === 'list' || value.kind === 'tuple') {
    const lists = value.items.map((v) => axesFrom(c, name, v, x));
    return lists.some((l) => l === undefined) ? undefined : lists.flatMap((l) => l ?? []);
  }
  if (value.kind === 'size') {
    const at = x.type.shape.flatMap((d, i) => (equalDims(d, value.dim) ? [i] : []));
    if (at.length === 1) return at;
    if (arg !== undefined)
      complain(
        c.run,
        'NN0313',
        {
          what: `${at.length === 0 ? 'no axis' : 'more than one axis'} of ${x.type.dtype}${shapeText(x.type.shape)} has the size \`${value.dim.key}\``,
          help: 'write the number of the axis',
        },
        arg.place,
      );
    return undefined;
  }
  if (arg !== undefined)
    needsStatic(c, name, arg, 'a whole number, a list of them or the name of a size');
  return undefined;
}

function inRange(c: Call, axis: number, x: Node): number[] | undefined {
  const rank = x.type.shape.length;
  if (axis >= -rank && axis < rank) return [axis < 0 ? axis + rank : axis];
  const place = c.args.get('axis')?.place ?? c.args.get('keep')?.place ?? c.place;
  const of = operand(c, 'x');
  const notes = of.value.kind === 'tensor' ? [note(of.place, withOrigin(of.value))] : [];
  complain(c.run, 'NN0210', { axis, rank }, place, { notes });
  return undefined;
}
