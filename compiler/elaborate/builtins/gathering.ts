/** Choosing rows by number, adding them by number, and order: take, take_along, scatter_add, sort, argsort, topk. */
import * as build from '../../builder.ts';
import { dimText } from '../../graph/dim.ts';
import type { Node } from '../../graph/node.ts';
import { complain, typeText } from '../report.ts';
import { rowNumbers } from '../row-numbers.ts';
import { dimOf, sameSize } from '../sizes.ts';
import { tensor, unknown, type Value } from '../value.ts';
import { alongAxis } from './axes.ts';
import { type Builtin, boolOption, type Call, define, nodeOf, operand, unfit } from './builtin.ts';
import { sizesOption } from './sizes-option.ts';

/** x[…, ids, …]: the entries of an axis that `ids` names, in the place of that axis. */
function take(c: Call, x: Node, axis: number): Value {
  const { value, place } = operand(c, 'ids');
  const ids = rowNumbers(c.run, value, place, { axis, size: x.type.shape[axis] ?? 1 });
  return ids === undefined ? unknown : tensor(build.gather(c.run.graph, x, ids, axis));
}

/** Element by element: x[…, ids[…, k, …], …], with ids shaped as x but for the axis. */
function takeAlong(c: Call, x: Node, axis: number): Value {
  const { value, place } = operand(c, 'ids');
  const ids = rowNumbers(c.run, value, place, { axis, size: x.type.shape[axis] ?? 1 });
  if (ids === undefined) return unknown;
  const fits =
    ids.type.shape.length === x.type.shape.length &&
    ids.type.shape.every((d, i) => i === axis || sameSize(d, x.type.shape[i] ?? 1));
  if (!fits)
    return unfit(
      c,
      'ids',
      `is ${typeText(ids.type)}; but for axis ${axis} its shape is that of ${typeText(x.type)}`,
    );
  return tensor(build.takeAlong(c.run.graph, x, ids, axis));
}

/** [n, c…] whose row r is the sum of the updates[k…, c…] with ids[k…] = r. */
function scatterAdd(c: Call): Value {
  const updates = nodeOf(c, 'updates');
  const n = dimOf(operand(c, 'n').value);
  if (updates === undefined) return unknown;
  if (n === undefined) {
    sizesOption(c, 'n');
    return unknown;
  }
  const { value, place } = operand(c, 'ids');
  const ids = rowNumbers(c.run, value, place, { axis: 0, size: n });
  if (ids === undefined) return unknown;
  const lead = updates.type.shape.slice(0, ids.type.shape.length);
  if (
    lead.length < ids.type.shape.length ||
    ids.type.shape.some((d, i) => !sameSize(d, lead[i] ?? 1))
  )
    return unfit(
      c,
      'updates',
      `is ${typeText(updates.type)}; its first axes are those of the row numbers ${typeText(ids.type)}`,
    );
  if (updates.type.dtype === 'bool') return unfit(c, 'updates', 'is bool; it takes numbers');
  return tensor(build.scatterAdd(c.run.graph, ids, updates, n));
}

/** The numbers that sorting compares. */
function comparable(c: Call, x: Node): boolean {
  if (x.type.dtype !== 'bool') return true;
  complain(c.run, 'NN0242', { op: c.name, dtype: 'bool', instead: 'cast(x, i32)' }, c.place);
  return false;
}

const order =
  (values: boolean): ((c: Call, x: Node, axis: number) => Value) =>
  (c, x, axis) => {
    const descending = boolOption(c, 'descending', false);
    if (descending === undefined || !comparable(c, x)) return unknown;
    const g = c.run.graph;
    const ids = build.argsort(g, x, { axis, descending });
    return tensor(values ? build.takeAlong(g, x, ids, axis) : ids);
  };

/** The k largest along an axis, largest first, and where they stood: (values, ids). */
function topk(c: Call, x: Node, axis: number): Value {
  const [k] = sizesOption(c, 'k') ?? [];
  if (k === undefined || !comparable(c, x)) return unknown;
  const size = x.type.shape[axis] ?? 1;
  if (typeof k !== 'number' || k < 1 || (typeof size === 'number' && k > size))
    return unfit(
      c,
      'k',
      `is ${typeof k === 'number' ? k : dimText(k)}; it takes a number from 1 to the ${dimText(size)} entries of axis ${axis}`,
    );
  const g = c.run.graph;
  const ids = build.argsort(g, x, { axis, descending: true, count: k });
  return { kind: 'tuple', items: [tensor(build.takeAlong(g, x, ids, axis)), tensor(ids)] };
}

export const gatheringBuiltins: readonly Builtin[] = [
  define(
    'take',
    'x, ids, axis=',
    'The entries of an axis, the first unless told, that `ids` names: `x[ids]`. Numbers out of range give 0.',
    alongAxis(0, take),
  ),
  define(
    'take_along',
    'x, ids, axis=',
    'Element by element the entry that `ids` names along an axis, the last unless told.',
    alongAxis(-1, takeAlong),
  ),
  define(
    'scatter_add',
    'ids, updates, n',
    'n rows, each the sum of those `updates` whose number in `ids` is its own.',
    scatterAdd,
  ),
  define(
    'sort',
    'x, axis=, descending=',
    'The elements in order along an axis, the last unless told, smallest first unless `descending`.',
    alongAxis(-1, order(true)),
  ),
  define(
    'argsort',
    'x, axis=, descending=',
    'Where the elements in order stood along an axis, i32: `sort` is x at these places.',
    alongAxis(-1, order(false)),
  ),
  define(
    'topk',
    'x, k, axis=',
    'The k largest along an axis, largest first, and where they stood: `let (values, ids) = topk(x, 3)`.',
    alongAxis(-1, topk),
  ),
];
