/**
 * Whether two kernels have one iteration space, and which. Kinds compose as maps on the full or the kept
 * part of the space of a reduction or contraction; a reduction composes with a contraction if it
 * runs over all columns (or all rows) of the product, so that one invocation can hold a whole line of it.
 */
import { elementCount } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import type { Axis } from '../kernel/spec.ts';
import {
  blockOf,
  type Cluster,
  coverage,
  reduceSpace,
  reducesBlocks,
  sameSpace,
} from './cluster.ts';
import { shapeOf } from './dataflow.ts';

export type Space = Pick<Cluster, 'kind' | 'full' | 'kept' | 'block'>;

/** Most elements of a product's line that an invocation holds in registers. */
const LONGEST_LINE = 64;

/** The space of both together; undefined where they have none. */
export function mergedSpace(a: Cluster, b: Cluster): Space | undefined {
  const space = unify(a, b);
  if (space === undefined) return undefined;
  const covered = [...a.nodes, ...b.nodes].every((n) => coverage(n, space) !== undefined);
  return covered ? space : undefined;
}

const rank = { map: 0, row: 1, contract: 2, prefix: 3 } as const;

function unify(a: Cluster, b: Cluster): Space | undefined {
  const [small, large] = rank[a.kind] <= rank[b.kind] ? [a, b] : [b, a];
  switch (large.kind) {
    case 'prefix':
      return undefined;
    case 'contract':
      if (small.kind === 'contract') return undefined;
      return small.kind === 'row' ? (withBlocks(large, small) ?? withLines(large, small)) : large;
    case 'row':
      return small.kind === 'map' || sameSpace(small.full, large.full) ? large : undefined;
    case 'map':
      return sameSizes(small.full, large.full) ? large : undefined;
  }
}

const sameSizes = (a: readonly Axis[], b: readonly Axis[]): boolean =>
  a.length === b.length && a.every((x, i) => x.size === b[i]?.size);

/** The contraction's space with blocks of its result, if the row's reductions are all over such. */
function withBlocks(contraction: Cluster, row: Cluster): Space | undefined {
  const { kind, full, kept } = contraction;
  const [first] = row.nodes;
  const block = first === undefined ? undefined : blockOf(first);
  if (kept.length < full.length || block === undefined) return undefined;
  const space = { kind, full, kept, block: contraction.block ?? block };
  return row.nodes.every((n) => reducesBlocks(n, space)) ? space : undefined;
}

/** The contraction's space with the rows of a reduction over its result. */
function withLines(contraction: Cluster, row: Cluster): Space | undefined {
  const { full, block } = contraction;
  if (block !== undefined || !sameSizes(full, row.full)) return undefined;
  const kept = full.filter((_, i) => row.full[i]?.name.startsWith('i'));
  const reduced = full.filter((a) => !kept.includes(a));
  if (elementCount(reduced.map((a) => a.size)) > LONGEST_LINE) return undefined;
  if (contraction.kept.length < full.length && !sameSpace(kept, contraction.kept)) return undefined;
  const node = contraction.nodes.find((n) => n.op.lowering.kind === 'contract');
  const sides = node === undefined ? undefined : productSides(node);
  const isSide = (side: readonly string[] | undefined): boolean =>
    side !== undefined &&
    side.length === reduced.length &&
    reduced.every((a) => side.includes(a.name));
  return isSide(sides?.n) || isSide(sides?.m) ? { kind: 'contract', full, kept } : undefined;
}

/** Axes of a contraction's space by the operand that they come from alone, as `clusterOf` names them. */
export function productSides(node: Node): { readonly m: string[]; readonly n: string[] } {
  const sides = { m: [] as string[], n: [] as string[] };
  const { lowering } = node.op;
  if (lowering.kind !== 'contract') return sides;
  const labels = lowering.labels(node.attrs);
  let i = 0;
  [...labels.out].forEach((label, axis) => {
    if ((shapeOf(node)[axis] ?? 1) === 1) return;
    const name = `i${i++}`;
    const [inA, inB] = [labels.a.includes(label), labels.b.includes(label)];
    if (inA !== inB) sides[inA ? 'm' : 'n'].push(name);
  });
  return sides;
}

/** Whether a reduction runs over just what the cluster's kept part leaves out, or over its blocks. */
export function reducesTheRest(node: Node, space: Space): boolean {
  if (reducesBlocks(node, space)) return true;
  const axes = reduceSpace(node);
  return (
    axes.length === space.full.length &&
    axes.every((a, i) => {
      const own = space.full[i];
      const isKept = space.kept.some((k) => k.name === own?.name);
      return a.size === own?.size && a.name.startsWith('i') === isKept;
    })
  );
}
