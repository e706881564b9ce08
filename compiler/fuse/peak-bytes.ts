/**
 * What the kernels of a program need of memory at once, while they are still being merged: intermediate results from the kernel
 * that writes them to the last that reads them. Inputs, parameters and results have memory of their own, however kernels are cut.
 */
import type { Node } from '../graph/node.ts';
import { storageOf } from '../ops/leaf.ts';
import type { Cluster } from './cluster.ts';
import { shapeOf } from './dataflow.ts';
import type { Dependencies } from './dependencies.ts';
import { bytesOf } from './fusion-cost.ts';

/** Which kernels there are, and which one computes a node. */
export interface Partition {
  readonly clusters: readonly Cluster[];
  homeOf(node: Node): Cluster | undefined;
}

/** A kernel with the intermediate results that it reads and writes. */
interface Step {
  readonly cluster: Cluster;
  readonly before: ReadonlySet<Cluster>;
  readonly reads: ReadonlySet<Node>;
  readonly writes: readonly Node[];
}

/**
 * Bytes of intermediate results in use where they are most: in the order that `planKernels` gives, or where that one needs more
 * than `enough`, in the better of it and one that always goes on where least is alive, as `orderKernels` has it.
 */
export function peakBytes(
  partition: Partition,
  dependencies: Dependencies,
  results: ReadonlySet<Node>,
  enough = 0,
): number {
  const steps = stepsOf(partition, dependencies, results);
  const peak = peakOf(modelOrder(steps), dependencies);
  return peak <= enough ? peak : Math.min(peak, peakOf(frugalOrder(steps), dependencies));
}

/** In the order of the clusters' numbers. */
function stepsOf(
  { clusters, homeOf }: Partition,
  dependencies: Dependencies,
  results: ReadonlySet<Node>,
): readonly Step[] {
  const read = new Set<Node>();
  const drafts = [...clusters]
    .sort((a, b) => a.id - b.id)
    .map((cluster) => {
      const [before, reads] = [new Set<Cluster>(), new Set<Node>()];
      for (const n of cluster.nodes) {
        for (const p of dependencies.predecessorsOf(n)) {
          const home = homeOf(p);
          if (home !== undefined && home !== cluster) before.add(home);
        }
        for (const p of dependencies.producersOf(n))
          if (!results.has(p) && homeOf(p) !== cluster) reads.add(p);
      }
      for (const n of reads) read.add(n);
      return { cluster, before, reads };
    });
  return drafts.map((d) => ({ ...d, writes: d.cluster.nodes.filter((n) => read.has(n)) }));
}

function peakOf(order: readonly Step[], dependencies: Dependencies): number {
  const lastUse = new Map<Node, number>();
  order.forEach(({ reads }, at) => {
    for (const n of reads) lastUse.set(n, at);
  });
  let [live, peak] = [0, 0];
  order.forEach(({ cluster, reads, writes }, at) => {
    const ending = [...reads].filter((n) => lastUse.get(n) === at);
    for (const n of writes) {
      const taken = ending.findIndex((operand) => takesOver(n, operand, cluster, dependencies));
      if (taken >= 0) ending.splice(taken, 1);
      else live += bytesOf(n);
    }
    peak = Math.max(peak, live);
    for (const n of ending) live -= bytesOf(n);
  });
  return peak;
}

/** What a kernel needs before it, otherwise as their first nodes come. */
function modelOrder(steps: readonly Step[]): readonly Step[] {
  const stepOf = new Map(steps.map((s) => [s.cluster, s]));
  const order: Step[] = [];
  const open = new Set<Cluster>();
  const visit = (step: Step): void => {
    if (open.has(step.cluster)) return;
    open.add(step.cluster);
    for (const b of [...step.before].sort((x, y) => x.id - y.id)) {
      const earlier = stepOf.get(b);
      if (earlier !== undefined) visit(earlier);
    }
    order.push(step);
  };
  for (const step of steps) visit(step);
  return order;
}

/** Of the kernels that may come next, always the one after which least is alive; the first of equals. */
function frugalOrder(steps: readonly Step[]): readonly Step[] {
  const waitsFor = new Map(steps.map((s) => [s.cluster, s.before.size]));
  const followers = new Map<Cluster, Step[]>();
  const readers = new Map<Node, number>();
  for (const step of steps) {
    for (const b of step.before) followers.set(b, [...(followers.get(b) ?? []), step]);
    for (const n of step.reads) readers.set(n, (readers.get(n) ?? 0) + 1);
  }
  const born = new Map(
    steps.map((s) => [s.cluster, s.writes.reduce((sum, n) => sum + bytesOf(n), 0)]),
  );
  const growth = ({ cluster, reads }: Step): number => {
    let bytes = born.get(cluster) ?? 0;
    for (const n of reads) if (readers.get(n) === 1) bytes -= bytesOf(n);
    return bytes;
  };
  const order: Step[] = [];
  let ready = steps.filter((s) => s.before.size === 0);
  while (ready.length > 0) {
    let best: Step | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const step of ready) {
      const grows = growth(step);
      if (grows < least) [best, least] = [step, grows];
    }
    if (best === undefined) break;
    const { cluster, reads } = best;
    order.push(best);
    for (const n of reads) readers.set(n, (readers.get(n) ?? 0) - 1);
    ready = ready.filter((s) => s.cluster !== cluster);
    for (const next of followers.get(cluster) ?? []) {
      const left = (waitsFor.get(next.cluster) ?? 0) - 1;
      waitsFor.set(next.cluster, left);
      if (left === 0) ready.push(next);
    }
  }
  return order;
}

/** Whether a result may lie where an operand lay: it is as large, and each invocation reads just the element that it writes. */
function takesOver(
  result: Node,
  operand: Node,
  { nodes }: Cluster,
  dependencies: Dependencies,
): boolean {
  return (
    storageOf(result) === storageOf(operand) &&
    shapeOf(result).join() === shapeOf(operand).join() &&
    nodes.every(
      (n) =>
        !dependencies.producersOf(n).includes(operand) ||
        (n.inputs.includes(operand) && n.op.lowering.kind !== 'contract'),
    )
  );
}
