/** Tensors whose elements are all one known number: a literal, seen through views that only repeat it. */
import * as b from '../builder.ts';
import type { Dim } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';

const repeats: ReadonlySet<string> = new Set(['reshape', 'expand', 'permute', 'slice']);

/** The number, or undefined where the elements differ or are not known. */
export function uniformValue(node: Node): number | undefined {
  let x = node;
  for (; repeats.has(x.op.name) && x.inputs[0] !== undefined; ) x = x.inputs[0];
  const { lowering } = x.op;
  if (lowering.kind !== 'leaf' || lowering.leaf !== 'literal') return undefined;
  return x.attrs['value'] as number;
}

/** A tensor filled with one number, never stored: a literal seen through `expand`. */
export const filled = (g: Graph, value: number, dtype: DType, shape: readonly Dim[]): Node =>
  b.broadcastTo(g, b.literal(g, value, dtype), shape);
