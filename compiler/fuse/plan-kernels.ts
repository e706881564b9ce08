/**
 * From a bound program to kernel specs in an order that is safe: producers before users, and every
 * reader of a parameter before the kernel that overwrites it. A result that cannot be written in
 * place goes to memory of its own: if small, to a twin of its input that takes its place in the next step,
 * else it is copied over by one kernel more.
 */
import { storageBits } from '../graph/dtype.ts';
import { elementCount } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import { sideBySide } from '../kernel/side-by-side.ts';
import { holderOf, type KernelSpec, type SingleSpec, type Tensor } from '../kernel/spec.ts';
import { scratchOf } from '../memory/blocks.ts';
import { leastPeak } from '../memory/order-kernels.ts';
import { copy } from '../ops/copy.ts';
import { storageOf } from '../ops/leaf.ts';
import { isPool } from '../ops/view.ts';
import type { ProgramGraph, Result } from '../program-graph.ts';
import { buildSpec, mayShareMemory } from './build-spec.ts';
import { chooseStored } from './choose-stored.ts';
import { type Cluster, clusterOf } from './cluster.ts';
import { shapeOf, topological } from './dataflow.ts';
import { explainFusion, type FusionTable } from './explain-fusion.ts';
import { type Clustering, formClusters } from './form-clusters.ts';
import { kernelTime, launchTime } from './fusion-cost.ts';
import { groupKernels } from './group-kernels.ts';
import type { FusionOptions } from './merging.ts';
import { type PoolPart, poolParts } from './pools.ts';
import { prepareResults } from './prepare-results.ts';

export interface KernelPlan {
  /** In order of execution. */
  readonly kernels: readonly KernelSpec[];
  readonly results: readonly Result[];
  /** States whose next value is written beside the present one; the two change places after each step. */
  readonly swaps: readonly { readonly state: Tensor; readonly next: Tensor }[];
  /** Which nodes each kernel has, what that saves, and why it has no others. */
  explain(): FusionTable;
  /** Where a result lies: for a replacement, the input's tensor or its twin. */
  tensorOf(node: Node): Tensor;
}

/**
 * States up to this size have a twin rather than a copy: a dispatch more costs every step more than the
 * memory is worth. Longer copies are worth it.
 */
const SWAP_BYTES = 64 * 1024;

export function planKernels(given: ProgramGraph, options: FusionOptions): KernelPlan {
  const program = prepareResults(given);
  const attempt = (maxBindings: number): KernelPlan => {
    const tighter = { ...options, maxBindings };
    return new Planner(program, formClusters(program, tighter), tighter).plan();
  };
  // A result that could not overwrite its input after all takes a binding more than was counted on.
  for (let room = options.maxBindings; room > 4 && options.fuse; room--) {
    const plan = attempt(room);
    if (plan.kernels.every((k) => bufferKeys(k, options).size <= options.maxBindings)) return plan;
  }
  return attempt(options.maxBindings);
}

/** Distinct buffers that a kernel binds. */
const bufferKeys = (
  { operands }: KernelSpec,
  { sharedBuffer }: FusionOptions,
): ReadonlySet<unknown> =>
  new Set(operands.map(({ tensor }) => sharedBuffer?.(tensor.node) ?? holderOf(tensor).id));

/** Bindings enough to give one away. */
const ROOMY = 12;

class Planner {
  readonly #tensors = new Map<Node, Tensor>();
  readonly #clusters: Cluster[];
  readonly #free: ReadonlySet<Node>;
  readonly #home: Map<Node, Cluster>;
  readonly #stored: Set<Node>;
  readonly #parts: ReadonlyMap<Node, PoolPart>;
  readonly #program: ProgramGraph;
  readonly #options: FusionOptions;
  readonly #report: Clustering['report'];
  readonly #mostLive: number;
  #results: Result[];
  /** after.get(k): kernels that must come before k. */
  readonly #before = new Map<Cluster, Set<Cluster>>();
  readonly #overwrittenBy = new Map<Node, Cluster>();
  readonly #swaps: { state: Tensor; next: Tensor }[] = [];
  #ids = 0;

  constructor(program: ProgramGraph, clustering: Clustering, options: FusionOptions) {
    this.#program = program;
    this.#options = options;
    this.#results = [...program.results];
    this.#clusters = [...clustering.clusters];
    this.#free = clustering.free;
    this.#home = new Map(clustering.home);
    const roots = program.results.map((r) => r.node);
    this.#report = clustering.report;
    const order = topological(roots);
    this.#parts = poolParts(order);
    this.#stored = chooseStored(order, roots, clustering, options.fuse);
    this.#mostLive = clustering.mostLive;
  }

  plan(): KernelPlan {
    for (const c of this.#clusters) this.#before.set(c, this.#dataDependencies(c));
    this.#results = this.#results.map((r) => this.#placeResult(r));
    const specs = new Map(this.#clusters.map((c) => [c, this.#spec(c)] as const));
    const specOf = (c: Cluster): SingleSpec => specs.get(c) ?? missing();
    const groups = this.#groups(specOf);
    return {
      kernels: groups.map((group) => sideBySide(group.map(specOf))),
      explain: () => explainFusion(groups, this.#report),
      results: this.#results,
      swaps: this.#swaps,
      tensorOf: (n) => this.#tensorOf(n),
    };
  }

  #tensorOf(node: Node): Tensor {
    let tensor = this.#tensors.get(node);
    if (tensor === undefined) {
      const place = this.#parts.get(node);
      tensor = {
        id: this.#ids++,
        node,
        storage: storageOf(node),
        elements: elementCount(shapeOf(node)),
        ...(place ? { part: { of: this.#tensorOf(place.pool), first: place.first } } : {}),
      };
      this.#tensors.set(node, tensor);
    }
    return tensor;
  }

  /** What others load; a free map is computed again even where it is a result with memory. */
  #hasMemory(node: Node): boolean {
    const { lowering } = node.op;
    return (
      (lowering.kind === 'leaf' && lowering.leaf === 'input') ||
      (this.#stored.has(node) && !this.#free.has(node))
    );
  }

  #spec(cluster: Cluster): SingleSpec {
    return buildSpec(
      cluster,
      {
        tensorOf: (n) => (this.#hasMemory(n) || isPool(n) ? this.#tensorOf(n) : undefined),
        stores: cluster.nodes
          .filter((n) => this.#stored.has(n))
          .map((node) => ({ node, into: this.#tensorOf(node) })),
      },
      this.#free,
    );
  }

  /** What the nodes of a cluster read from memory. */
  #reads(cluster: Cluster): Set<Node> {
    const reads = new Set<Node>();
    const seen = new Set<Node>();
    const visit = (n: Node): void => {
      if (seen.has(n)) return;
      seen.add(n);
      if (this.#hasMemory(n) && this.#home.get(n) !== cluster) reads.add(n);
      else for (const x of n.inputs) visit(x);
    };
    for (const n of cluster.nodes) for (const x of n.inputs) visit(x);
    return reads;
  }

  #dataDependencies(cluster: Cluster): Set<Cluster> {
    const before = new Set<Cluster>();
    for (const n of this.#reads(cluster)) {
      const owner = this.#home.get(n);
      if (owner !== undefined && owner !== cluster) before.add(owner);
    }
    return before;
  }

  #comesBefore(a: Cluster, b: Cluster, seen: Set<Cluster> = new Set()): boolean {
    if (seen.has(b)) return false;
    seen.add(b);
    for (const p of this.#before.get(b) ?? [])
      if (p === a || this.#comesBefore(a, p, seen)) return true;
    return false;
  }

  #placeResult(r: Result): Result {
    if (r.target.kind === 'output') return r;
    const { input } = r.target;
    const writer = this.#home.get(r.node);
    if (writer === undefined)
      throw new InternalError('fuse', `the result ${r.node.op.name} has no kernel`);
    const [state, next] = [this.#tensorOf(input), this.#tensorOf(r.node)];
    // A number that kernels read everywhere (the step's) would be counted up in a dispatch after all of them; its twin
    // need not wait, but costs bindings.
    const awaited =
      this.#options.maxBindings >= ROOMY &&
      state.elements === 1 &&
      this.#readersOf(input, writer).length > 0;
    if (!awaited && this.#inPlace(r.node, input, writer)) return r;
    if (state.storage === next.storage && tensorBytes(state) <= SWAP_BYTES) {
      this.#swaps.push({ state, next });
      return r;
    }
    // A free map would be computed again from the input that it is about to overwrite: store it first.
    const source = this.#free.has(r.node) ? this.#copyOf(r.node).node : r.node;
    const { node, cluster } = this.#copyOf(source);
    if (!this.#inPlace(node, input, cluster))
      throw new InternalError('fuse', 'a copy that cannot be ordered');
    return { node, target: r.target };
  }

  /** A kernel of its own that copies a node. */
  #copyOf(source: Node): { node: Node; cluster: Cluster } {
    let node = this.#program.graph.make(copy, [source]);
    while (this.#home.has(node)) node = this.#program.graph.make(copy, [node]);
    const cluster = clusterOf(this.#clusters.length, node);
    this.#clusters.push(cluster);
    this.#home.set(node, cluster);
    this.#stored.add(node);
    this.#before.set(cluster, this.#dataDependencies(cluster));
    // What it reads may have been promised to a writer already: it goes first, since it needs no kernel that could be in the way.
    for (const read of this.#reads(cluster)) {
      const writer = this.#overwrittenBy.get(read);
      if (writer !== undefined) this.#before.get(writer)?.add(cluster);
    }
    return { node, cluster };
  }

  /** Lets the result overwrite the input if the kernel reads it only where it writes, and all other readers can go first. */
  #inPlace(node: Node, input: Node, writer: Cluster): boolean {
    const target = this.#tensorOf(input);
    const spec = this.#spec(writer);
    const own = this.#tensorOf(node);
    const store = spec.stores.find((s) => spec.operands[s.operand]?.tensor.id === own.id);
    if (
      store === undefined ||
      own.elements !== target.elements ||
      own.storage !== target.storage ||
      !mayShareMemory(spec, target, store)
    )
      return false;
    const readers = this.#readersOf(input, writer);
    if (readers.some((c) => this.#comesBefore(writer, c))) return false;
    const before = this.#before.get(writer) ?? new Set();
    for (const c of readers) before.add(c);
    this.#before.set(writer, before);
    this.#overwrittenBy.set(input, writer);
    this.#tensors.set(node, target);
    return true;
  }

  #groups(specOf: (c: Cluster) => SingleSpec): readonly (readonly Cluster[])[] {
    const options = this.#options;
    const order = this.#order();
    if (!options.fuse || options.sideBySide === false) return order.map((c) => [c]);
    const deviceClass = options.deviceClass ?? 'cpu';
    return groupKernels(order, {
      before: (c) => this.#before.get(c) ?? [],
      buffers: (c) => bufferKeys(specOf(c), options),
      maxBindings: options.maxBindings,
      launch: launchTime(deviceClass),
      mostLive: this.#mostLive,
      liveBytes: (groups) => this.#liveBytes(groups.map((g) => sideBySide(g.map(specOf)))),
      work: (c) => {
        const { operands } = specOf(c);
        const nodes = (access: string): Node[] =>
          operands.filter((o) => o.access.includes(access)).map((o) => o.tensor.node);
        const time = kernelTime(c, { reads: nodes('read'), stores: nodes('write') }, deviceClass);
        return time - launchTime(deviceClass);
      },
    });
  }

  /** Of intermediate results, where most are in use. */
  #liveBytes(kernels: readonly KernelSpec[]): number {
    const isScratch = scratchOf({
      results: this.#results,
      swaps: this.#swaps,
      tensorOf: (n) => this.#tensorOf(n),
    });
    return leastPeak(kernels, isScratch, this.#mostLive);
  }

  #readersOf(input: Node, writer: Cluster): readonly Cluster[] {
    return this.#clusters.filter((c) => c !== writer && this.#reads(c).has(input));
  }

  /** Topological, otherwise as the nodes come in the graph. */
  #order(): Cluster[] {
    const state = new Map<Cluster, 'open' | 'done'>();
    const order: Cluster[] = [];
    const visit = (c: Cluster): void => {
      if (state.get(c) === 'done') return;
      if (state.has(c)) throw new InternalError('fuse', 'two kernels that each need the other');
      state.set(c, 'open');
      for (const p of [...(this.#before.get(c) ?? [])].sort((a, b) => a.id - b.id)) visit(p);
      state.set(c, 'done');
      order.push(c);
    };
    for (const c of this.#clusters) visit(c);
    return order;
  }
}

const tensorBytes = ({ storage, elements }: Tensor): number =>
  (elements * storageBits(storage)) / 8;

const missing = (): never => {
  throw new InternalError('fuse', 'a kernel without a spec');
};
