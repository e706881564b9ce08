/** Whether one kernel, otherwise possible, would hold too much at once: in the registers of an invocation, or in memory. */
import { elementCount } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import { registersAtMost, registersOf } from '../kernel/registers.ts';
import type { SingleSpec, Tensor } from '../kernel/spec.ts';
import { storageOf } from '../ops/leaf.ts';
import { isPool } from '../ops/view.ts';
import type { DeviceProfile } from '../schedule/device.ts';
import { hasMemory } from './admission.ts';
import { buildSpec } from './build-spec.ts';
import type { Cluster } from './cluster.ts';
import { shapeOf } from './dataflow.ts';

/**
 * Numbers that an invocation may hold. GPUs: 128, all that Apple's and Intel's have for one; others have 255, but from 128 on a
 * core runs so few invocations that it waits for memory. Software adapters compute eight invocations side by side in the
 * 16 registers of a CPU, and what does not fit lies in its first cache: 256 numbers are a quarter of 32 KiB.
 */
const MOST_REGISTERS: Readonly<Record<DeviceProfile['class'], number>> = { gpu: 128, cpu: 256 };

/** Bytes of intermediate results in use at once, where a program has most of them. */
export interface PeakLimit {
  readonly most: number;
  /** As kernels are now, and with two of them as one. */
  now(): number;
  after(a: Cluster, b: Cluster, merged: Cluster): number;
}

export interface Limits {
  readonly deviceClass: DeviceProfile['class'];
  readonly free: ReadonlySet<Node>;
  /** Absent where memory need not be watched. */
  readonly peak?: PeakLimit;
  /** Of the cluster's nodes, those that others or the program's results need in memory. */
  storedBy(nodes: ReadonlySet<Node>): readonly Node[];
  /** How many scalar values a kernel would compute; undefined if it would need a reduction of its own at other places. */
  valueCount(merged: Cluster): number | undefined;
}

/** Why the two stay apart though they could be one; undefined if that would hold no more than it may. */
export function excess(
  a: Cluster,
  b: Cluster,
  merged: Cluster,
  limits: Limits,
): string | undefined {
  return registerExcess(merged, limits) ?? peakExcess(a, b, merged, limits);
}

function registerExcess(merged: Cluster, limits: Limits): string | undefined {
  const most = MOST_REGISTERS[limits.deviceClass];
  const reductions = merged.nodes.filter((n) => n.op.lowering.kind === 'reduce').length;
  // Most kernels are small: no need to look at what they hold when.
  const values = limits.valueCount(merged) ?? 0;
  if (registersAtMost(merged.kind, values, reductions) <= most) return undefined;
  const registers = registersOf(specOf(merged, limits));
  return registers > most
    ? `an invocation would hold ${registers} numbers at once, of at most ${most}`
    : undefined;
}

/** The kernel that a cluster would be; its tensors are numbered as their nodes. */
function specOf(cluster: Cluster, { free, storedBy }: Limits): SingleSpec {
  const members = new Set(cluster.nodes);
  const tensorOf = (node: Node): Tensor => {
    const elements = elementCount(shapeOf(node));
    return { id: node.id, node, storage: storageOf(node), elements };
  };
  return buildSpec(
    cluster,
    {
      tensorOf: (n) => (hasMemory(n, members, free) || isPool(n) ? tensorOf(n) : undefined),
      stores: storedBy(members).map((node) => ({ node, into: tensorOf(node) })),
    },
    free,
  );
}

/** A merge that keeps no more alive than is now anyway may always be. */
function peakExcess(a: Cluster, b: Cluster, merged: Cluster, { peak }: Limits): string | undefined {
  if (peak === undefined) return undefined;
  const after = peak.after(a, b, merged);
  if (after <= peak.most) return undefined;
  const allowed = Math.max(peak.most, peak.now());
  return after > allowed
    ? `results of ${sizeText(after)} would be in use at once, of at most ${sizeText(allowed)}`
    : undefined;
}

const sizeText = (bytes: number): string =>
  bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
