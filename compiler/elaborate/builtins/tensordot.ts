/** `tensordot(a, b)`: products summed over axes of both sides, as NumPy's. */
import * as build from '../../builder.ts';
import { dimKey } from '../../graph/dim.ts';
import type { Node } from '../../graph/node.ts';
import { complain, typeText } from '../report.ts';
import { sameSize } from '../sizes.ts';
import { tensor, unknown, type Value } from '../value.ts';
import { type Call, needsStatic, nodeOf } from './builtin.ts';

/**
 * `axes=n`: the last n axes of a with the first n of b; `axes=[[…], […]]`: these of a
 * with those of b.
 */
export function tensordot(c: Call): Value {
  const [a, b] = [nodeOf(c, 'a', 'f32'), nodeOf(c, 'b', 'f32')];
  const arg = c.args.get('axes');
  if (a === undefined || b === undefined) return unknown;
  const pairs = arg === undefined ? lastWithFirst(a, b, 2) : contractedAxes(a, b, arg.value);
  const place = arg?.place ?? c.place;
  if (pairs === undefined) {
    if (arg !== undefined)
      needsStatic(c, 'axes', arg, 'a number of axes that both sides have, or two lists of axes');
    return unknown;
  }
  const [ofA, ofB] = pairs;
  const odd = ofA.findIndex(
    (axis, i) => !sameSize(a.type.shape[axis] ?? 1, b.type.shape[ofB[i] ?? 0] ?? 1),
  );
  if (odd >= 0) {
    const [left, right] = [a.type.shape[ofA[odd] ?? 0] ?? 1, b.type.shape[ofB[odd] ?? 0] ?? 1];
    return complain(
      c.run,
      'NN0203',
      {
        left: dimKey(left),
        right: dimKey(right),
        suggestion: `tensordot sums over axis ${ofA[odd]} of ${typeText(a.type)} and axis ${ofB[odd]} of ${typeText(b.type)}`,
      },
      place,
    );
  }
  if (a.type.dtype !== b.type.dtype)
    return complain(
      c.run,
      'NN0240',
      {
        op: 'tensordot',
        left: a.type.dtype,
        right: b.type.dtype,
        instead: `cast(..., ${a.type.dtype})`,
      },
      c.place,
    );
  const letter = (i: number): string => String.fromCharCode((i < 26 ? 97 : 39) + i);
  const la = a.type.shape.map((_, i) => letter(i));
  const lb = b.type.shape.map((_, i) =>
    ofB.includes(i) ? (la[ofA[ofB.indexOf(i)] ?? 0] ?? '') : letter(a.type.shape.length + i),
  );
  const out = [...la.filter((_, i) => !ofA.includes(i)), ...lb.filter((_, i) => !ofB.includes(i))];
  return tensor(build.einsum(c.run.graph, `${la.join('')},${lb.join('')}->${out.join('')}`, a, b));
}

type AxisPairs = readonly [readonly number[], readonly number[]];

function lastWithFirst(a: Node, b: Node, n: number): AxisPairs | undefined {
  const [ra, rb] = [a.type.shape.length, b.type.shape.length];
  if (!Number.isInteger(n) || n < 0 || n > ra || n > rb) return undefined;
  const counted = Array.from({ length: n }, (_, i) => i);
  return [counted.map((i) => ra - n + i), counted];
}

function contractedAxes(a: Node, b: Node, value: Value): AxisPairs | undefined {
  if (value.kind === 'number') return lastWithFirst(a, b, value.value);
  if (value.kind !== 'list' || value.items.length !== 2) return undefined;
  const lists = value.items.map((v, side) => {
    const rank = (side === 0 ? a : b).type.shape.length;
    const items = v.kind === 'list' ? v.items : [v];
    const axes = items.map((i) =>
      i.kind === 'number' && i.integer ? (i.value < 0 ? i.value + rank : i.value) : -1,
    );
    return axes.every((i) => i >= 0 && i < rank) && new Set(axes).size === axes.length
      ? axes
      : undefined;
  });
  const [ofA, ofB] = lists;
  return ofA !== undefined && ofB !== undefined && ofA.length === ofB.length
    ? [ofA, ofB]
    : undefined;
}
