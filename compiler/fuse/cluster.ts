/**
 * A cluster is a kernel in the making: graph nodes that are computed together over one iteration
 * space. Its kind and space decide which further nodes may join.
 */
import type { Node } from '../graph/node.ts';
import { constant, type Index, variable } from '../index/index-expr.ts';
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

/** Which part of the cluster's space a node's result covers. */
export function coverage(
  node: Node,
  cluster: Pick<Cluster, 'full' | 'kept' | 'kind'>,
): 'full' | 'row' | undefined {
  const sizes = squeeze(shapeOf(node));
  if (cluster.kind === 'prefix' && node.op.lowering.kind === 'prefix') return 'full';
  if (node.op.lowering.kind === 'reduce') {
    if (cluster.kind !== 'row' && cluster.kept.length === cluster.full.length) return undefined;
    return sameSizes(sizes, spaceSizes(cluster.kept)) ? 'row' : undefined;
  }
  if (sameSizes(sizes, spaceSizes(cluster.full))) return 'full';
  return sameSizes(sizes, spaceSizes(cluster.kept)) ? 'row' : undefined;
}

/** The index vector of a node at the invocation's own place in the cluster's space. */
export function ownIndex(node: Node, cluster: Pick<Cluster, 'full' | 'kept' | 'kind'>): Index[] {
  const part = coverage(node, cluster);
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
