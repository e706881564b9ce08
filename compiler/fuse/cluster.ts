/**
 * A cluster is a kernel in the making: graph nodes that are computed together over one iteration
 * space. Its kind and space decide which further nodes may join.
 */
import type { Node } from '../graph/node.ts';
import { constant, divide, type Index, variable } from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import type { Axis } from '../kernel/spec.ts';
import { shapeOf, squeeze } from './dataflow.ts';

export interface Cluster {
  readonly id: number;
  kind: 'map' | 'row' | 'contract' | 'prefix';
  /** In topological order. */
  readonly nodes: Node[];
  /** The whole space, axes of size 1 left out. Of a contraction: the result's. */
  full: readonly Axis[];
  /** The part of `full` that no reduction or prefix of the cluster runs over; the same where there is none. */
  kept: readonly Axis[];
  /** Of a contraction: the sides of the blocks of `full` that are reduced to one number each. */
  block?: readonly number[] | undefined;
}

const axesLike = (sizes: readonly number[], prefix: string): Axis[] =>
  sizes.map((size, i) => ({ name: `${prefix}${i}`, size }));

/** A new cluster around one compute node. */
export function clusterOf(id: number, node: Node): Cluster {
  const { lowering } = node.op;
  switch (lowering.kind) {
    case 'map': {
      const full = axesLike(squeeze(shapeOf(node)), 'i');
      return { id, kind: 'map', nodes: [node], full, kept: full };
    }
    case 'reduce': {
      const full = reduceSpace(node);
      return {
        id,
        kind: 'row',
        nodes: [node],
        full,
        kept: full.filter((a) => a.name.startsWith('i')),
      };
    }
    case 'contract': {
      const full = axesLike(squeeze(shapeOf(node)), 'i');
      return { id, kind: 'contract', nodes: [node], full, kept: full };
    }
    case 'prefix': {
      const axis = lowering.axis(node.attrs);
      let lines = 0;
      const full = shapeOf(node).flatMap((size, i) =>
        size === 1 ? [] : [{ name: i === axis ? 'r0' : `i${lines++}`, size }],
      );
      return { id, kind: 'prefix', nodes: [node], full, kept: full.filter((a) => a.name !== 'r0') };
    }
    default:
      throw new InternalError('fuse', `${node.op.name} has no kernel`);
  }
}

/** The space of a reduction: kept axes `i…`, reduced axes `r…`, in the input's order. */
export function reduceSpace(node: Node): Axis[] {
  const { lowering } = node.op;
  const [x] = node.inputs;
  if (lowering.kind !== 'reduce' || x === undefined)
    throw new InternalError('fuse', `${node.op.name} is not a reduction`);
  const axes = lowering.axes(node.attrs);
  const count = { i: 0, r: 0 };
  return shapeOf(x).flatMap((size, at) => {
    if (size === 1) return [];
    const letter = axes.includes(at) ? 'r' : 'i';
    return [{ name: `${letter}${count[letter]++}`, size }];
  });
}

export const sameSpace = (a: readonly Axis[], b: readonly Axis[]): boolean =>
  a.length === b.length && a.every((x, i) => x.size === b[i]?.size && x.name === b[i]?.name);
export const spaceSizes = (axes: readonly Axis[]): number[] => axes.map((a) => a.size);
const sameSizes = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((x, i) => x === b[i]);

/**
 * The sides of the blocks that a reduction over axes 1 and 3 of four makes numbers of: of [98, 8, 128, 4], 8 by 4. Undefined for
 * any other node. `pool-sums.ts` writes what is to be carried by a product in this way.
 */
export function blockOf(node: Node): readonly number[] | undefined {
  const { lowering } = node.op;
  const [x] = node.inputs;
  if (lowering.kind !== 'reduce' || x === undefined) return undefined;
  const [rows = 1, height = 1, columns = 1, width = 1, ...more] = shapeOf(x);
  const isBlocked = lowering.axes(node.attrs).join() === '1,3' && more.length === 0;
  // An invocation holds vectors of four, one below the other.
  const isHeld = height === 4 || width === 4;
  return isBlocked && isHeld && Math.min(rows, height, columns, width) > 1
    ? [height, width]
    : undefined;
}

/** Whether a reduction makes numbers of the blocks of a contraction's result. */
export function reducesBlocks(
  node: Node,
  { kind, full, block }: Pick<Cluster, 'kind' | 'full' | 'block'>,
): boolean {
  const own = blockOf(node);
  if (kind !== 'contract' || own === undefined || block === undefined) return false;
  const blocks = shapeOf(node);
  return (
    sameSizes(own, block) &&
    sameSizes(
      blocks.map((count, i) => count * (own[i] ?? 1)),
      spaceSizes(full),
    )
  );
}

/** Which part of the cluster's space a node's result covers. */
export function coverage(
  node: Node,
  cluster: Pick<Cluster, 'full' | 'kept' | 'kind' | 'block'>,
): 'full' | 'row' | 'block' | undefined {
  const sizes = squeeze(shapeOf(node));
  if (reducesBlocks(node, cluster)) return 'block';
  if (cluster.kind === 'prefix' && node.op.lowering.kind === 'prefix') return 'full';
  if (node.op.lowering.kind === 'reduce') {
    if (cluster.kind !== 'row' && cluster.kept.length === cluster.full.length) return undefined;
    return sameSizes(sizes, spaceSizes(cluster.kept)) ? 'row' : undefined;
  }
  if (sameSizes(sizes, spaceSizes(cluster.full))) return 'full';
  return sameSizes(sizes, spaceSizes(cluster.kept)) ? 'row' : undefined;
}

/** The index vector of a node at the invocation's own place in the cluster's space. */
export function ownIndex(
  node: Node,
  cluster: Pick<Cluster, 'full' | 'kept' | 'kind' | 'block'>,
): Index[] {
  const part = coverage(node, cluster);
  if (part === 'block')
    return cluster.full.map((axis, i) =>
      divide(variable(axis.name, axis.size), cluster.block?.[i] ?? 1),
    );
  if (part === undefined)
    throw new InternalError('fuse', `${node.op.name} does not lie in the space of its kernel`);
  return placeAxes(shapeOf(node), part === 'full' ? cluster.full : cluster.kept);
}

/** Puts iteration variables on the axes of a shape that are not of size 1. */
export function placeAxes(shape: readonly number[], axes: readonly Axis[]): Index[] {
  let next = 0;
  return shape.map((size) => {
    if (size === 1) return constant(0);
    const axis = axes[next++];
    if (axis === undefined) throw new InternalError('fuse', `no axis for a size of ${size}`);
    return variable(axis.name, size);
  });
}
