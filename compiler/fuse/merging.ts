/**
 * The kernels of a program while they are being merged: who reads whom, what each would take, and the
 * greedy loop. Of all pairs that could be one kernel, the pair that saves the most time is merged,
 * until none saves anything.
 */
import { elementCount } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import type { ProgramGraph } from '../program-graph.ts';
import type { DeviceProfile } from '../schedule/device.ts';
import { type SharedBuffer, valueCount } from './admission.ts';
import { type Pair, takeBest } from './best-pair.ts';
import { type Cluster, clusterOf } from './cluster.ts';
import { freeMaps, shapeOf, topological } from './dataflow.ts';
import { Dependencies } from './dependencies.ts';
import { kernelTime, launchTime, type Traffic, trafficBytes } from './fusion-cost.ts';
import { type FusionContext, refusal, together } from './legality.ts';
import type { PeakLimit } from './limits.ts';
import { peakBytes } from './peak-bytes.ts';
import { poolParts, storedForSure } from './pools.ts';
import { Reachability } from './reachability.ts';

export interface FusionOptions {
  /** Off: every compute node is a kernel of its own. */
  readonly fuse: boolean;
  /** Off: every kernel has a dispatch of its own. As `fuse` unless told. */
  readonly sideBySide?: boolean;
  /** Storage bindings that a kernel may have. */
  readonly maxBindings: number;
  /** Equal for inputs that lie in one buffer, hence in one binding; undefined for one that lies alone. */
  readonly sharedBuffer?: SharedBuffer;
  /** Vetoes a merge that would be legal: for fuzzing what fusion must not depend on. */
  readonly veto?: (a: Cluster, b: Cluster) => boolean;
  /** Whose costs decide; a software adapter's unless told. */
  readonly deviceClass?: DeviceProfile['class'];
  /**
   * Bytes of intermediate results that may be in use at once for the sake of larger kernels; hardly more than without any merge
   * unless told. Where kernels apart need more, none is made that needs still more.
   */
  readonly mostLive?: number;
}

/** What a kernel is better by than one kernel for each of its nodes. */
export interface Savings {
  readonly bytes: number;
  readonly microseconds: number;
}

const nothing: Savings = { bytes: 0, microseconds: 0 };

export class Merging {
  readonly home: Map<Node, Cluster> = new Map();
  readonly free: ReadonlySet<Node>;
  readonly context: FusionContext;
  readonly #alive = new Set<Cluster>();
  readonly #dependencies: Dependencies;
  readonly #reachability: Reachability;
  readonly #roots: ReadonlySet<Node>;
  readonly #readersOf = new Map<Node, Node[]>();
  readonly #timeOf = new Map<Cluster, number>();
  readonly #valuesOf = new Map<Cluster, number | undefined>();
  readonly #deviceClass: DeviceProfile['class'];
  readonly #savings = new Map<Cluster, Savings>();
  /** In topological order. */
  readonly #place: ReadonlyMap<Node, number>;
  #ids = 0;

  /** `mostLive`: keep within it, or where kernels apart do not, never above what they need. Absent: memory is not watched. */
  constructor(program: ProgramGraph, options: FusionOptions, mostLive?: number) {
    const roots = program.results.map((r) => r.node);
    this.#roots = new Set(roots);
    this.#deviceClass = options.deviceClass ?? 'cpu';
    const order = topological(roots);
    this.#place = new Map(order.map((n, i) => [n, i]));
    const replaces = new Map(
      program.results.flatMap((r) =>
        r.target.kind === 'replace' ? [[r.node, r.target.input] as const] : [],
      ),
    );
    this.free = options.fuse ? freeMaps(order, storedForSure(order)) : new Set();
    this.#dependencies = new Dependencies(order, this.free, replaces);
    this.#reachability = new Reachability(
      () => this.#alive,
      (node) => this.home.get(node),
      (node) => this.#dependencies.successorsOf(node),
    );
    this.context = {
      free: this.free,
      replaces,
      maxBindings: options.maxBindings,
      parts: poolParts(order),
      deviceClass: this.#deviceClass,
      ...(mostLive === undefined ? {} : { peak: this.#peakLimit(mostLive) }),
      ...(options.veto ? { veto: options.veto } : {}),
      ...(options.sharedBuffer ? { sharedBuffer: options.sharedBuffer } : {}),
      valueCount: (merged) => this.#valueCount(merged),
      storedBy: (nodes) => this.#storedBy(nodes),
      reads: (a, b) => this.clustersBefore(a.nodes).has(b) || this.clustersBefore(b.nodes).has(a),
      enclosesOther: (a, b) => this.#leadsThroughOthers(a, b) || this.#leadsThroughOthers(b, a),
    };
    for (const node of this.#dependencies.nodes) {
      this.open(node);
      for (const input of this.#dependencies.inputsOf(node))
        this.#readersOf.set(input, [...(this.#readersOf.get(input) ?? []), node]);
    }
  }

  /** In the order of their first nodes. */
  get clusters(): readonly Cluster[] {
    return [...this.#alive].sort((a, b) => a.id - b.id);
  }

  /** A new cluster around one node. */
  open(node: Node): Cluster {
    const cluster = clusterOf(this.#ids++, node);
    this.#alive.add(cluster);
    this.home.set(node, cluster);
    this.#dependencies.place(node);
    this.#reachability.changed();
    return cluster;
  }

  /**
   * First along the data, then what reads the same: a value is best computed where it comes from. Two kernels that kept too
   * much alive may be one after all when others are.
   */
  run(): void {
    let kernels: number;
    do {
      kernels = this.#alive.size;
      this.#merge((c) => this.#related(c));
      this.#merge((c) => this.siblings(c));
    } while (this.context.peak !== undefined && this.#alive.size < kernels);
  }

  /** Bytes of intermediate results in use where they are most; if at most `enough`, perhaps less. */
  peakBytes(enough = 0): number {
    const partition = { clusters: this.clusters, homeOf: (n: Node) => this.home.get(n) };
    return peakBytes(partition, this.#dependencies, this.#roots, enough);
  }

  #peakLimit(most: number): PeakLimit {
    return {
      most,
      now: () => this.peakBytes(most),
      after: (a, b, merged) => {
        const members = new Set(merged.nodes);
        const others = [...this.#alive].filter((c) => c !== a && c !== b);
        const homeOf = (n: Node) => (members.has(n) ? merged : this.home.get(n));
        const partition = { clusters: [...others, merged], homeOf };
        return peakBytes(partition, this.#dependencies, this.#roots, most);
      },
    };
  }

  #merge(neighbours: (cluster: Cluster) => Iterable<Cluster>): void {
    let pairs: Pair[] = [];
    const seen = new Set<string>();
    const offer = (a: Cluster, b: Cluster): void => {
      const [first, second] = a.id < b.id ? [a, b] : [b, a];
      const key = `${first.id}:${first.nodes.length} ${second.id}:${second.nodes.length}`;
      if (a === b || seen.has(key)) return;
      seen.add(key);
      const merged = together(first, second);
      if (merged === undefined) return;
      const saved = this.#time(first) + this.#time(second) - this.#time(merged);
      if (saved <= 0) return;
      // A tensor that need not be stored at all goes first: what then waits for memory is one kernel less deep.
      const gone = this.#storeCount(first) + this.#storeCount(second) > this.#storeCount(merged);
      const half = launchTime(this.#deviceClass) / 2;
      const benefit = saved + (gone ? half : 0) - (this.#waits(first, second) ? half : 0);
      pairs.push({ a: first, b: second, merged, benefit });
    };
    for (const cluster of this.clusters)
      for (const other of neighbours(cluster)) offer(cluster, other);
    for (let best = takeBest(pairs); best !== undefined; best = takeBest(pairs)) {
      const { a, b, merged } = best;
      if (refusal(a, b, merged, this.context) !== undefined) continue;
      this.#replace(a, b, merged);
      pairs = pairs.filter((p) => this.#alive.has(p.a) && this.#alive.has(p.b));
      for (const other of neighbours(merged)) offer(merged, other);
    }
  }

  /** Lets a free result be computed and stored by a kernel. */
  join(cluster: Cluster, node: Node): void {
    cluster.nodes.push(node);
    this.home.set(node, cluster);
    this.#dependencies.place(node);
    this.#reachability.changed();
  }

  /** Kernels whose results these nodes read. */
  clustersBefore(nodes: readonly Node[]): Set<Cluster> {
    const producers = nodes.flatMap((n) => this.#dependencies.producersOf(n));
    return new Set(producers.flatMap((p) => this.home.get(p) ?? []));
  }

  /** Whether cluster a has to run after b. */
  comesAfter(a: Cluster, b: Cluster): boolean {
    return this.#reachability.reaches(b, a);
  }

  /** Whether one kernel is faster than two. */
  saves(a: Cluster, b: Cluster): boolean {
    const merged = together(a, b);
    return merged !== undefined && this.#time(merged) < this.#time(a) + this.#time(b);
  }

  savingsOf(cluster: Cluster): Savings {
    return this.#savings.get(cluster) ?? nothing;
  }

  #replace(a: Cluster, b: Cluster, merged: Cluster): void {
    const [one, other] = [this.savingsOf(a), this.savingsOf(b)];
    const bytes = [a, b].reduce((sum, c) => sum + trafficBytes(this.#traffic(c)), 0);
    this.#savings.set(merged, {
      bytes: one.bytes + other.bytes + bytes - trafficBytes(this.#traffic(merged)),
      microseconds:
        one.microseconds + other.microseconds + this.#time(a) + this.#time(b) - this.#time(merged),
    });
    this.#reachability.merges(a, b, merged);
    this.#alive.delete(a);
    this.#alive.delete(b);
    this.#alive.add(merged);
    merged.nodes.sort((m, n) => (this.#place.get(m) ?? 0) - (this.#place.get(n) ?? 0));
    for (const n of merged.nodes) this.home.set(n, merged);
  }

  /** Those that it reads and that read it. */
  #related(cluster: Cluster): Set<Cluster> {
    const found = new Set<Cluster>();
    for (const n of cluster.nodes)
      for (const other of [
        ...this.#dependencies.producersOf(n),
        ...this.#dependencies.consumersOf(n),
      ]) {
        const c = this.home.get(other);
        if (c !== undefined && c !== cluster) found.add(c);
      }
    return found;
  }

  /** Those that read a tensor that it reads; a single number is not worth sharing. */
  siblings(cluster: Cluster): Set<Cluster> {
    const found = new Set<Cluster>();
    const add = (shared: Node, readers: readonly Node[]): void => {
      if (elementCount(shapeOf(shared)) === 1) return;
      for (const n of readers) {
        const c = this.home.get(n);
        if (c !== undefined && c !== cluster) found.add(c);
      }
    };
    for (const n of cluster.nodes) {
      for (const p of this.#dependencies.producersOf(n)) add(p, this.#dependencies.consumersOf(p));
      for (const i of this.#dependencies.inputsOf(n)) add(i, this.#readersOf.get(i) ?? []);
    }
    return found;
  }

  /**
   * Whether a kernel of many elements would wait for others because of a single number that is made of its result and of
   * theirs: the sum of the norms of many tensors would make each norm wait for the one before.
   */
  #waits(a: Cluster, b: Cluster): boolean {
    const isNumber = (c: Cluster): boolean => c.kind === 'map' && c.full.length === 0;
    if (isNumber(a) === isNumber(b)) return false;
    const [number, other] = isNumber(a) ? [a, b] : [b, a];
    const before = this.clustersBefore(number.nodes);
    if (!before.has(other)) return false;
    return [...before].some((c) => c !== other && c !== number && !this.comesAfter(other, c));
  }

  #time(cluster: Cluster): number {
    let time = this.#timeOf.get(cluster);
    if (time === undefined) {
      time = kernelTime(cluster, this.#traffic(cluster), this.#deviceClass);
      this.#timeOf.set(cluster, time);
    }
    return time;
  }

  #valueCount(cluster: Cluster): number | undefined {
    if (!this.#valuesOf.has(cluster))
      this.#valuesOf.set(cluster, valueCount(cluster, new Set(cluster.nodes), this.free));
    return this.#valuesOf.get(cluster);
  }

  #storeCount(cluster: Cluster): number {
    return this.#storedBy(new Set(cluster.nodes)).length;
  }

  #traffic(cluster: Cluster): Traffic {
    const members = new Set(cluster.nodes);
    const reads = new Set<Node>();
    for (const n of cluster.nodes) {
      for (const i of this.#dependencies.inputsOf(n)) reads.add(i);
      for (const p of this.#dependencies.producersOf(n)) if (!members.has(p)) reads.add(p);
    }
    return { reads, stores: this.#storedBy(members) };
  }

  #storedBy(nodes: ReadonlySet<Node>): Node[] {
    return [...nodes].filter(
      (n) => this.#roots.has(n) || this.#dependencies.consumersOf(n).some((c) => !nodes.has(c)),
    );
  }

  #leadsThroughOthers(from: Cluster, to: Cluster): boolean {
    return this.#reachability.reaches(from, to, (next, by) => by === from && next === to);
  }
}
