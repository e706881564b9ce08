/** Order of the elements along an axis. Sorted values are these numbers looked up. */
import { type Dim, shapeText } from '../graph/dim.ts';
import { ndArray } from '../graph/nd-array.ts';
import { type AtNode, type Node, type Op, ShapeError } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import { and, eq, gt, lt, or, select } from '../scalar/intrinsics.ts';
import { dimsOf, iota, literalOp, numberOf } from './leaf.ts';
import { cast, mapOp } from './map.ts';
import { expand, sum } from './reduce.ts';
import { reshape } from './view.ts';

/**
 * attrs: descending, count. Along the last axis the positions (i32) of the `count` first elements in
 * order; equal elements keep theirs. The place of NaN is not defined.
 */
export const argsort: Op = {
  name: 'argsort',
  infer([x], attrs) {
    if (x === undefined || x.shape.length === 0)
      throw new ShapeError('NN0204', 'a scalar has no order', { rank: 0 });
    const [count = 1] = dimsOf([attrs['count'] ?? 1]);
    const size = x.shape.at(-1) ?? 1;
    if (typeof count === 'number' && typeof size === 'number' && count > size)
      throw new ShapeError('NN0211', `the first ${count} of ${shapeText(x.shape)}`, { size });
    return { dtype: 'i32', shape: [...x.shape.slice(0, -1), count] };
  },
  lowering: { kind: 'composite', expand: expandSort },
  derivative: { kind: 'none' },
  evaluate([x], attrs, type) {
    if (x === undefined) throw new InternalError('evaluate', 'argsort without an input');
    const out = ndArray('i32', type.shape.map(numberOf));
    const n = x.shape.at(-1) ?? 1;
    const count = out.shape.at(-1) ?? 1;
    const lines = x.data.length / n;
    for (let line = 0; line < lines; line++) {
      const values = x.data.subarray(line * n, (line + 1) * n);
      const sign = attrs['descending'] === true ? -1 : 1;
      const order = [...values.keys()].sort(
        (p, q) => sign * ((values[p] ?? 0) - (values[q] ?? 0)) || p - q,
      );
      out.data.set(order.slice(0, count), line * count);
    }
    return out;
  },
  samples: [
    { inputs: [{ dtype: 'f32', shape: [2, 5] }], attrs: { descending: false, count: 5 } },
    {
      inputs: [{ dtype: 'i32', shape: [7], range: [0, 4] }],
      attrs: { descending: true, count: 3 },
    },
  ],
};

/**
 * By counting, in n² comparisons a line, which suits lines of up to a few thousand: an element's rank is the
 * number of those before it, and place p holds the element whose rank is p.
 */
function expandSort({ graph: g, node }: AtNode): Node {
  const [x] = node.inputs;
  if (x === undefined) throw new InternalError('ops', 'argsort without an input');
  const n = numberOf(x.type.shape.at(-1));
  const count = numberOf(node.attrs['count']);
  const lead = x.type.shape.slice(0, -1);
  const place = (of: Node, shape: readonly Dim[], to: readonly Dim[]): Node =>
    g.make(expand, [g.make(reshape, [of], { shape })], { shape: to });
  const ones = lead.map(() => 1);
  const positions = g.make(iota, [], { n });
  // Axes: …, i (whose rank), j (who may come before).
  const square = [...lead, n, n];
  const mine = place(x, [...lead, n, 1], square);
  const other = place(x, [...lead, 1, n], square);
  const earlier = g.make(mapOp(lt), [
    place(positions, [...ones, 1, n], square),
    place(positions, [...ones, n, 1], square),
  ]);
  const better = g.make(mapOp(node.attrs['descending'] === true ? gt : lt), [other, mine]);
  const tied = g.make(mapOp(and), [g.make(mapOp(eq), [other, mine]), earlier]);
  const before = g.make(mapOp(or), [better, tied]);
  const axes = [lead.length + 1];
  const rank = g.make(sum, [g.make(cast, [before], { to: 'i32' })], { axes });
  // Axes: …, p (the place), i.
  const table = [...lead, count, n];
  const here = g.make(mapOp(eq), [
    place(rank, [...lead, 1, n], table),
    place(g.make(iota, [], { n: count }), [...ones, count, 1], table),
  ]);
  const zero = g.make(literalOp, [], { value: 0, dtype: 'i32' });
  const chosen = g.make(mapOp(select), [
    here,
    place(positions, [...ones, 1, n], table),
    place(
      zero,
      table.map(() => 1),
      table,
    ),
  ]);
  return g.make(sum, [chosen], { axes });
}
