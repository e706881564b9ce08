/**
 * What a kernel costs, in microseconds: launch + max(memory, arithmetic) with constants of the device's
 * class. Good for one question only: which of two ways to cut a graph is better.
 */
import { storageBits } from '../graph/dtype.ts';
import { elementCount } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import { storageOf } from '../ops/leaf.ts';
import type { DeviceProfile } from '../schedule/device.ts';
import { type Cluster, spaceSizes } from './cluster.ts';
import { mapCost, shapeOf } from './dataflow.ts';

interface ClassCosts {
  readonly launch: number;
  /** Bytes in a microsecond. */
  readonly bandwidth: number;
  /** Multiply-adds in a microsecond, with all lanes busy … */
  readonly arithmetic: number;
  /** … which takes this many invocations. */
  readonly lanes: number;
}

/** Software adapters: measured on llvmpipe (two cores). GPUs: a mid-range card of public reports; only proportions matter. */
const costs: Readonly<Record<DeviceProfile['class'], ClassCosts>> = {
  cpu: { launch: 15, bandwidth: 4_000, arithmetic: 6_000, lanes: 32 },
  gpu: { launch: 6, bandwidth: 300_000, arithmetic: 2_000_000, lanes: 16_384 },
};

/** A product whose lines are held whole by one invocation gets less out of each load than one in square tiles, once lines are longer than this. */
const NARROW = 16;
const LINE_EFFICIENCY = 0.4;

/** Invocations of the workgroup that shares a row on a GPU. */
const TEAM = 256;

export const bytesOf = (node: Node): number =>
  Math.max(4, (elementCount(shapeOf(node)) * storageBits(storageOf(node))) / 8);

/** Tensors that go through memory, each once. */
export interface Traffic {
  readonly reads: Iterable<Node>;
  readonly stores: Iterable<Node>;
}

export const trafficBytes = ({ reads, stores }: Traffic): number => {
  let bytes = 0;
  for (const n of reads) bytes += bytesOf(n);
  for (const n of stores) bytes += bytesOf(n);
  return bytes;
};

export const launchTime = (deviceClass: DeviceProfile['class']): number =>
  costs[deviceClass].launch;

/** Microseconds of one kernel. */
export function kernelTime(
  cluster: Pick<Cluster, 'kind' | 'nodes' | 'full' | 'kept'>,
  traffic: Traffic,
  deviceClass: DeviceProfile['class'],
): number {
  const { launch, bandwidth, arithmetic, lanes } = costs[deviceClass];
  const busy = Math.min(1, invocations(cluster, deviceClass) / lanes);
  const memory = trafficBytes(traffic) / bandwidth;
  return launch + Math.max(memory, work(cluster) / arithmetic) / busy;
}

/** Invocations that have something to do: of rows, one each; on a GPU a workgroup shares a row. */
function invocations(
  { kind, full, kept }: Pick<Cluster, 'kind' | 'full' | 'kept'>,
  deviceClass: DeviceProfile['class'],
): number {
  const all = elementCount(spaceSizes(full));
  if (kind === 'map' || kept.length === full.length) return all;
  const rows = elementCount(spaceSizes(kept));
  if (deviceClass === 'cpu') return rows;
  // Of a product's line the workgroup shares the depth, of a row its elements.
  return kind === 'contract' ? rows * TEAM : Math.max(rows, Math.min(all, rows * TEAM));
}

/** Multiply-adds, or their like. */
function work({ nodes, full, kept }: Pick<Cluster, 'nodes' | 'full' | 'kept'>): number {
  let total = 0;
  for (const node of nodes) {
    const elements = elementCount(shapeOf(node));
    switch (node.op.lowering.kind) {
      case 'map':
        total += elements * mapCost(node);
        break;
      case 'contract': {
        const line = elementCount(spaceSizes(full)) / elementCount(spaceSizes(kept));
        total += productWork(node) / (line > NARROW ? LINE_EFFICIENCY : 1);
        break;
      }
      default:
        total += Math.max(elements, ...node.inputs.map((x) => elementCount(shapeOf(x))));
    }
  }
  return total;
}

/** Multiply-adds of a contraction. */
export function productWork(node: Node): number {
  const { lowering } = node.op;
  const [a] = node.inputs;
  if (lowering.kind !== 'contract' || a === undefined) return 0;
  const labels = lowering.labels(node.attrs);
  let depth = 1;
  [...labels.a].forEach((label, axis) => {
    if (!labels.out.includes(label)) depth *= shapeOf(a)[axis] ?? 1;
  });
  return elementCount(shapeOf(node)) * depth;
}
