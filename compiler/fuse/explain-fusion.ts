/** What fusion decided, as a table for people: `nnc compile --emit=fusion`. */
import type { Node } from '../graph/node.ts';
import { type KernelSpec, partsOfSpec, type SingleSpec } from '../kernel/spec.ts';
import type { Cluster } from './cluster.ts';
import type { Clustering } from './form-clusters.ts';
import type { Savings } from './merging.ts';

/** One kernel of a dispatch. */
export interface FusionRow {
  readonly nodes: readonly Node[];
  /** Against a kernel for each node. */
  readonly saved: Savings;
  /** Kernels whose results it reads, or whose inputs, and which it is not part of. */
  readonly apart: readonly {
    readonly dispatch: number;
    readonly part: number;
    readonly reason: string;
  }[];
}

/** By dispatch, then by part. */
export type FusionTable = readonly (readonly FusionRow[])[];

export function explainFusion(
  groups: readonly (readonly Cluster[])[],
  report: Clustering['report'],
): FusionTable {
  const placeOf = new Map(
    groups.flatMap((group, dispatch) => group.map((c, part) => [c, { dispatch, part }] as const)),
  );
  return groups.map((group) =>
    group.map((cluster) => ({
      nodes: cluster.nodes,
      saved: report.savingsOf(cluster),
      apart: report.apart(cluster).flatMap(({ from, reason }) => {
        const place = placeOf.get(from);
        return place === undefined ? [] : [{ ...place, reason }];
      }),
    })),
  );
}

/** The same of these kernels: those of the table in another order, some of them cut in two. */
export function explainAgain(table: FusionTable, kernels: readonly KernelSpec[]): FusionTable {
  const parts = kernels.map((spec) => partsOfSpec(spec));
  const rowOf = new Map(
    table.flat().flatMap((row) => row.nodes.map((node) => [node, row] as const)),
  );
  const rowFor = ({ nodes: [first] }: SingleSpec): FusionRow | undefined =>
    first === undefined ? undefined : rowOf.get(first);
  const isWhole = (part: SingleSpec): boolean => part.nodes.length === rowFor(part)?.nodes.length;
  // The second half of a product that was cut has all of its nodes, and comes after the first.
  const placeOf = new Map<FusionRow | undefined, { dispatch: number; part: number }>();
  for (const [dispatch, own] of parts.entries())
    for (const [part, spec] of own.entries())
      if (isWhole(spec)) placeOf.set(rowFor(spec), { dispatch, part });
  return parts.map((own, dispatch) =>
    own.map((spec, part): FusionRow => {
      const { nodes } = spec;
      const row = rowFor(spec);
      const place = placeOf.get(row);
      if (row === undefined || place?.dispatch !== dispatch || place.part !== part)
        return { nodes, saved: { bytes: 0, microseconds: 0 }, apart: [] };
      const apart = row.apart.flatMap(({ reason, ...old }) => {
        const now = placeOf.get(table[old.dispatch]?.[old.part]);
        return now === undefined ? [] : [{ ...now, reason }];
      });
      const half = halfBefore(parts, dispatch, spec);
      return { ...row, apart: half === undefined ? apart : [...apart, { ...half, reason: CUT }] };
    }),
  );
}

const CUT = 'the depth of its product is cut into parts, which this one sums up';

/** The kernel whose product this one sums up. */
function halfBefore(
  parts: readonly (readonly SingleSpec[])[],
  dispatch: number,
  { operands, nodes }: SingleSpec,
): { readonly dispatch: number; readonly part: number } | undefined {
  const reads = new Set(
    operands.flatMap(({ access, tensor }) => (access === 'read' ? [tensor.id] : [])),
  );
  const before = parts
    .slice(0, dispatch)
    .findIndex(
      ([one, ...more]) =>
        one !== undefined &&
        more.length === 0 &&
        one.nodes.every((node) => nodes.includes(node)) &&
        one.stores.some((store) => reads.has(one.operands[store.operand]?.tensor.id ?? -1)),
    );
  return before < 0 ? undefined : { dispatch: before, part: 0 };
}
