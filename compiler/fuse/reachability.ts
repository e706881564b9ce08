/**
 * Whether one kernel waits for another, while kernels are being merged. They are kept in an order in which they may run, so
 * that a search never looks at what runs after its end (Pearce and Kelly, A dynamic topological sort algorithm, 2006).
 */
import type { Node } from '../graph/node.ts';
import type { Cluster } from './cluster.ts';

/** Left out of a path: the step to `next` from `by`. */
export type LeftOut = (next: Cluster, by: Cluster) => boolean;

interface RunOrder {
  /** With gaps, where kernels have been merged. */
  readonly clusters: (Cluster | undefined)[];
  readonly placeOf: Map<Cluster, number>;
}

export class Reachability {
  readonly #clusters: () => Iterable<Cluster>;
  readonly #homeOf: (node: Node) => Cluster | undefined;
  readonly #successorsOf: (node: Node) => Iterable<Node>;
  /** Made when it is asked for. */
  #order: RunOrder | undefined;

  /** The kernels that there are at the moment, and of nodes their kernel and what waits for them. */
  constructor(
    clusters: () => Iterable<Cluster>,
    homeOf: (node: Node) => Cluster | undefined,
    successorsOf: (node: Node) => Iterable<Node>,
  ) {
    this.#clusters = clusters;
    this.#homeOf = homeOf;
    this.#successorsOf = successorsOf;
  }

  /** Tells that kernels, or what they wait for, are others than before. */
  changed(): void {
    this.#order = undefined;
  }

  /**
   * Tells, before it is so, that two kernels become one; no path leads from one to the other through others. What waits for
   * the first and stood between them goes behind the new one, all else that stood there before it.
   */
  merges(a: Cluster, b: Cluster, merged: Cluster): void {
    if (this.#order === undefined) return;
    const { clusters, placeOf } = this.#order;
    const [from = 0, to = 0] = [placeOf.get(a) ?? 0, placeOf.get(b) ?? 0].sort((x, y) => x - y);
    const first = clusters[from];
    const waiting = first === undefined ? new Set<Cluster>() : this.#waitingUpTo(first, to);
    const between = clusters
      .slice(from, to + 1)
      .filter((c): c is Cluster => c !== undefined && c !== a && c !== b);
    const again = [
      ...between.filter((c) => !waiting.has(c)),
      merged,
      ...between.filter((c) => waiting.has(c)),
    ];
    for (let place = from; place <= to; place++) {
      const cluster = again[place - from];
      clusters[place] = cluster;
      if (cluster !== undefined) placeOf.set(cluster, place);
    }
    placeOf.delete(a);
    placeOf.delete(b);
  }

  /** Whether a path leads from one to the other. */
  reaches(from: Cluster, to: Cluster, leftOut: LeftOut = () => false): boolean {
    this.#order ??= this.#runOrder();
    const { placeOf } = this.#order;
    const last = placeOf.get(to) ?? Number.POSITIVE_INFINITY;
    if ((placeOf.get(from) ?? 0) > last) return false;
    const seen = new Set<Cluster>([from]);
    const stack = [from];
    for (let c = stack.pop(); c !== undefined; c = stack.pop())
      for (const next of this.#waitingFor(c)) {
        if (seen.has(next) || (placeOf.get(next) ?? 0) > last || leftOut(next, c)) continue;
        if (next === to) return true;
        seen.add(next);
        stack.push(next);
      }
    return false;
  }

  /** What waits for a kernel, itself or through others, as far as it stands before a place. */
  #waitingUpTo(cluster: Cluster, last: number): Set<Cluster> {
    const seen = new Set<Cluster>();
    const stack = [cluster];
    for (let c = stack.pop(); c !== undefined; c = stack.pop())
      for (const next of this.#waitingFor(c)) {
        if (seen.has(next) || (this.#order?.placeOf.get(next) ?? 0) >= last) continue;
        seen.add(next);
        stack.push(next);
      }
    return seen;
  }

  /** Depth first: a kernel comes before all that wait for it. */
  #runOrder(): RunOrder {
    const after: Cluster[] = [];
    const seen = new Set<Cluster>();
    for (const root of this.#clusters()) {
      if (seen.has(root)) continue;
      seen.add(root);
      const stack = [{ cluster: root, open: [...this.#waitingFor(root)] }];
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        const next = top.open.pop();
        if (next === undefined) {
          after.push(top.cluster);
          stack.pop();
        } else if (!seen.has(next)) {
          seen.add(next);
          stack.push({ cluster: next, open: [...this.#waitingFor(next)] });
        }
      }
    }
    const clusters = after.reverse();
    return { clusters, placeOf: new Map(clusters.map((cluster, place) => [cluster, place])) };
  }

  *#waitingFor(cluster: Cluster): Iterable<Cluster> {
    for (const node of cluster.nodes)
      for (const successor of this.#successorsOf(node)) {
        const next = this.#homeOf(successor);
        if (next !== undefined && next !== cluster) yield next;
      }
  }
}
