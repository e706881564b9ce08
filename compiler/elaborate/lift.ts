/** Static values where a tensor is expected: numbers, sizes, bools and nested lists become constants. */
import * as build from '../builder.ts';
import type { Dim } from '../graph/dim.ts';
import { type DType, isFloat, isInteger } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Value } from './value.ts';

/** Why a value is no tensor of this dtype, or the tensor. */
export type Lifted =
  | { readonly kind: 'node'; readonly node: Node }
  /** A fraction where an integer is needed. */
  | { readonly kind: 'fraction'; readonly value: number }
  /** A whole number that the dtype has not. */
  | { readonly kind: 'range'; readonly value: number }
  /** A bool for a number, or the other way round. */
  | { readonly kind: 'dtype'; readonly dtype: DType }
  | { readonly kind: 'ragged' }
  | { readonly kind: 'not-a-tensor' };

/** Lists inside lists; no tensor that somebody writes out has more axes. */
const mostAxes = 16;

/** `dtype` is what a number or list becomes; a tensor keeps its own. */
export function lift(g: Graph, v: Value, dtype: DType): Lifted {
  return liftWithin(g, v, dtype, new Map(), 0);
}

/** `seen` has the lists that were lifted: in `[x, x]` of `[y, y]` of … there are far fewer than numbers. */
function liftWithin(
  g: Graph,
  v: Value,
  dtype: DType,
  seen: Map<Value, Lifted>,
  depth: number,
): Lifted {
  switch (v.kind) {
    case 'tensor':
      return { kind: 'node', node: v.node };
    case 'number':
      if (dtype === 'bool') return { kind: 'dtype', dtype: v.integer ? 'i32' : 'f32' };
      if (isInteger(dtype) && !Number.isInteger(v.value))
        return { kind: 'fraction', value: v.value };
      if (isInteger(dtype) && !fits(v.value, dtype)) return { kind: 'range', value: v.value };
      return { kind: 'node', node: build.literal(g, v.value, dtype) };
    case 'size':
      if (dtype === 'bool') return { kind: 'dtype', dtype: 'i32' };
      return { kind: 'node', node: build.size(g, v.dim, dtype) };
    case 'bool':
      if (dtype !== 'bool') return { kind: 'dtype', dtype: 'bool' };
      return { kind: 'node', node: build.literal(g, v.value ? 1 : 0, 'bool') };
    case 'list': {
      const before = seen.get(v);
      if (before !== undefined || depth === mostAxes) return before ?? { kind: 'not-a-tensor' };
      const lifted = liftList(g, v.items, (item) => liftWithin(g, item, dtype, seen, depth + 1));
      seen.set(v, lifted);
      return lifted;
    }
    default:
      return { kind: 'not-a-tensor' };
  }
}

/** Integers compute in 32 bits; a negative number beside u32 tensors wraps as in WGSL and NumPy. */
const fits = (value: number, dtype: DType): boolean =>
  value >= -(2 ** 31) && value < (dtype === 'u32' ? 2 ** 32 : 2 ** 31);

function liftList(g: Graph, items: readonly Value[], liftItem: (item: Value) => Lifted): Lifted {
  const nodes: Node[] = [];
  for (const item of items) {
    const lifted = liftItem(item);
    if (lifted.kind !== 'node') return lifted;
    nodes.push(lifted.node);
  }
  return stackNodes(g, nodes) ?? { kind: 'ragged' };
}

/** Tensors of one type along a new first axis. */
function stackNodes(g: Graph, nodes: readonly Node[]): Lifted | undefined {
  const [first] = nodes;
  if (first === undefined) return undefined;
  const shape: readonly Dim[] = first.type.shape;
  if (nodes.some((n) => n.type.shape.length !== shape.length || n.type.dtype !== first.type.dtype))
    return undefined;
  if (nodes.some((n) => n.type.shape.some((d, i) => d !== shape[i]))) return undefined;
  if (nodes.every((n) => n === first))
    return { kind: 'node', node: build.broadcastTo(g, first, [nodes.length, ...shape]) };
  const rows = nodes.map((n) => build.reshape(g, n, [1, ...shape]));
  return { kind: 'node', node: build.concat(g, rows, 0) };
}

/** The dtype that a static value takes when nothing else decides: bools stay bools, numbers are f32 or what `cast` made of them. */
export function naturalDType(v: Value): DType {
  if (v.kind === 'tensor') return v.node.type.dtype;
  if (v.kind === 'bool') return 'bool';
  if (v.kind === 'number') return v.dtype ?? 'f32';
  if (v.kind !== 'list') return 'f32';
  let first: Value | undefined = v;
  while (first?.kind === 'list') first = first.items[0];
  return first === undefined ? 'f32' : naturalDType(first);
}

export const isNumeric = (dtype: DType): boolean => isFloat(dtype) || isInteger(dtype);
