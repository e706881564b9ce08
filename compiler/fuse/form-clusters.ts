/**
 * Fusion: which nodes share a kernel. One sweep in topological order lets every node join the
 * kernel that its operands come from where kinds and spaces compose; reductions
 * over the same rows then share a kernel even where neither feeds the other.
 */
import { elementCount } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import type { ProgramGraph } from '../program-graph.ts';
import { aligned, bindingCount, readsOnlyAt, type SharedBuffer } from './admission.ts';
import {
  type Cluster,
  clusterOf,
  coverage,
  reduceSpace,
  sameSpace,
  spaceSizes,
} from './cluster.ts';
import { freeMaps, isCompute, shapeOf, squeeze, topological } from './dataflow.ts';

export interface FusionOptions {
  /** Off: every compute node is a kernel of its own. */
  readonly fuse: boolean;
  /** Storage bindings that a kernel may have. */
  readonly maxBindings: number;
  /** Equal for inputs that lie in one buffer, hence in one binding; undefined for one that lies alone. */
  readonly sharedBuffer?: SharedBuffer;
}

export interface Clustering {
  readonly clusters: readonly Cluster[];
  readonly home: ReadonlyMap<Node, Cluster>;
  /** Maps that are computed again by each user. */
  readonly free: ReadonlySet<Node>;
}

/** A row kernel that runs a row per invocation needs at least this many rows to be worth it. */
const ENOUGH_ROWS = 64;
const SMALL = 8192;

export function formClusters(program: ProgramGraph, options: FusionOptions): Clustering {
  const roots = program.results.map((r) => r.node);
  const replaces = new Map(
    program.results.flatMap((r) =>
      r.target.kind === 'replace' ? [[r.node, r.target.input] as const] : [],
    ),
  );
  const order = topological(roots);
  const free = options.fuse ? freeMaps(order) : new Set<Node>();
  const state = new Sweep(order, free, new Set(roots), replaces, options);
  for (const node of order) if (isCompute(node) && !free.has(node)) state.place(node);
  for (const node of new Set(roots)) if (free.has(node)) state.placeFree(node, program);
  return { clusters: state.clusters.filter((c) => c.nodes.length > 0), home: state.home, free };
}

class Sweep {
  readonly clusters: Cluster[] = [];
  readonly home = new Map<Node, Cluster>();
  readonly #producers = new Map<Node, readonly Node[]>();
  readonly #consumers = new Map<Node, Node[]>();
  readonly #free: ReadonlySet<Node>;
  readonly #roots: ReadonlySet<Node>;
  /** Results that overwrite an input. */
  readonly #replaces: ReadonlyMap<Node, Node>;
  readonly #options: FusionOptions;

  constructor(
    order: readonly Node[],
    free: ReadonlySet<Node>,
    roots: ReadonlySet<Node>,
    replaces: ReadonlyMap<Node, Node>,
    options: FusionOptions,
  ) {
    this.#free = free;
    this.#replaces = replaces;
    this.#roots = roots;
    this.#options = options;
    for (const node of order) {
      const through = new Set<Node>();
      for (const x of node.inputs)
        if (isCompute(x) && !free.has(x)) through.add(x);
        else for (const p of this.#producers.get(x) ?? []) through.add(p);
      this.#producers.set(node, [...through]);
      if (isCompute(node) && !free.has(node))
        for (const p of through) this.#consumers.set(p, [...(this.#consumers.get(p) ?? []), node]);
    }
  }

  place(node: Node): void {
    const joined = this.#options.fuse ? this.#findHome(node) : undefined;
    if (joined === undefined) this.#open(node);
    else this.#join(joined, node);
  }

  #open(node: Node): void {
    const cluster = clusterOf(this.clusters.length, node);
    this.clusters.push(cluster);
    this.home.set(node, cluster);
  }

  #join(cluster: Cluster, node: Node): void {
    if (node.op.lowering.kind === 'reduce' && cluster.kind === 'map') {
      const asRow = clusterOf(cluster.id, node);
      cluster.kind = 'row';
      cluster.full = asRow.full;
      cluster.kept = asRow.kept;
    }
    cluster.nodes.push(node);
    this.home.set(node, cluster);
  }

  #findHome(node: Node): Cluster | undefined {
    const before = this.#clustersBefore(node);
    const { kind } = node.op.lowering;
    if (kind === 'contract' || kind === 'prefix') return undefined;
    // The operand that is computed last decides; the others are then simply loaded.
    const candidates = before.filter((c) => this.#convex(c, before));
    const related = candidates.find((c) => this.#fits(node, c));
    if (related !== undefined || kind !== 'reduce') return related;
    return [...this.clusters]
      .reverse()
      .find(
        (c) =>
          c.kind === 'row' && !before.includes(c) && this.#convex(c, before) && this.#fits(node, c),
      );
  }

  #clustersBefore(node: Node): Cluster[] {
    const found = new Set<Cluster>();
    for (const p of this.#producers.get(node) ?? []) {
      const c = this.home.get(p);
      if (c !== undefined) found.add(c);
    }
    return [...found].sort((a, b) => b.id - a.id);
  }

  /** Joining c makes it depend on all of `others`: none of them may depend on c. */
  #convex(c: Cluster, others: readonly Cluster[]): boolean {
    return others.every((o) => o === c || !this.dependsOn(o, c));
  }

  /** Whether cluster a needs, directly or not, a result of b. */
  dependsOn(a: Cluster, b: Cluster, seen: Set<Cluster> = new Set()): boolean {
    if (seen.has(a)) return false;
    seen.add(a);
    for (const node of a.nodes)
      for (const p of this.#producers.get(node) ?? []) {
        const c = this.home.get(p);
        if (c === undefined || c === a) continue;
        if (c === b || this.dependsOn(c, b, seen)) return true;
      }
    return false;
  }

  #fits(node: Node, cluster: Cluster): boolean {
    const space = this.#spaceAfter(node, cluster);
    if (space === undefined) return false;
    const trial: Cluster = { ...space, id: cluster.id, nodes: [...cluster.nodes, node] };
    const members = new Set(trial.nodes);
    return (
      this.#parallelEnough(node, cluster, trial, members) &&
      aligned(trial, members, this.#free) &&
      bindingCount(
        trial,
        members,
        this.#free,
        trial.nodes.filter((n) => this.#isStored(n, members)),
        this.#replaces,
        this.#options.sharedBuffer,
      ) <= this.#options.maxBindings
    );
  }

  /** The space the cluster would have with the node in it; undefined where the two do not compose. */
  #spaceAfter(node: Node, cluster: Cluster): Pick<Cluster, 'kind' | 'full' | 'kept'> | undefined {
    const { kind } = node.op.lowering;
    if (kind === 'map')
      return cluster.kind !== 'prefix' && coverage(node, cluster) !== undefined
        ? cluster
        : undefined;
    const full = reduceSpace(node);
    if (cluster.kind === 'row') return sameSpace(full, cluster.full) ? cluster : undefined;
    if (cluster.kind !== 'map') return undefined;
    const kept = full.filter((a) => a.name.startsWith('i'));
    const asRow = { kind: 'row' as const, full, kept };
    return cluster.nodes.every((n) => coverage(n, asRow) !== undefined) ? asRow : undefined;
  }

  /** A row kernel that also writes whole rows must have enough of them: each row is one invocation's work. */
  #parallelEnough(
    node: Node,
    cluster: Cluster,
    trial: Cluster,
    members: ReadonlySet<Node>,
  ): boolean {
    if (trial.kind !== 'row') return true;
    const rows = elementCount(spaceSizes(trial.kept));
    if (rows >= ENOUGH_ROWS || elementCount(spaceSizes(trial.full)) <= SMALL) return true;
    const writesRows = trial.nodes.some(
      (n) => coverage(n, trial) === 'full' && this.#isStored(n, members),
    );
    return !writesRows || (cluster.kind === 'row' && coverage(node, trial) === 'row');
  }

  #isStored(node: Node, members: ReadonlySet<Node>): boolean {
    return this.#roots.has(node) || (this.#consumers.get(node) ?? []).some((c) => !members.has(c));
  }

  /** A result that is cheap everywhere still has to be written by someone: by a kernel over as many elements, if one fits. */
  placeFree(node: Node, program: ProgramGraph): void {
    const sizes = squeeze(shapeOf(node)).join();
    const before = this.#clustersBefore(node);
    const replaced = program.results.flatMap((r) =>
      r.node === node && r.target.kind === 'replace' ? [r.target.input] : [],
    );
    const host = this.clusters.find(
      (c) =>
        (c.kind === 'map' || c.kind === 'row') &&
        spaceSizes(c.kept).join() === sizes &&
        this.#convex(c, before) &&
        this.#fits(node, c) &&
        replaced.every((input) => this.#mayOverwrite(input, node, c)),
    );
    if (host === undefined) this.#open(node);
    else this.#join(host, node);
  }

  /** The writer may read the input only where it writes, and no kernel that reads it may depend on the writer. */
  #mayOverwrite(input: Node, result: Node, writer: Cluster): boolean {
    const withResult = { ...writer, nodes: [...writer.nodes, result] };
    return (
      readsOnlyAt(withResult, result, input, this.#free) &&
      this.clusters.every(
        (c) => c === writer || !readsInput(c, input, this.#free) || !this.dependsOn(c, writer),
      )
    );
  }
}

function readsInput(cluster: Cluster, input: Node, free: ReadonlySet<Node>): boolean {
  const seen = new Set<Node>();
  const visit = (n: Node): boolean => {
    if (n === input) return true;
    if (seen.has(n)) return false;
    seen.add(n);
    return (!isCompute(n) || free.has(n)) && n.inputs.some(visit);
  };
  return cluster.nodes.some((n) => n.inputs.some(visit));
}
