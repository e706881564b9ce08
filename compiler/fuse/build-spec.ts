/** A cluster with its stored nodes becomes a kernel spec: values, reductions, stores. */
import type { DType } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { constant, flatten, type Index, variable, variablesOf } from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import { rootsOf } from '../kernel/roots.ts';
import type {
  Axis,
  Blocks,
  Contraction,
  KernelOperand,
  KernelSpec,
  Lines,
  Reduction,
  SideBySideSpec,
  SingleSpec,
  Store,
  Tensor,
} from '../kernel/spec.ts';
import { type Value, Values, valuesBelow } from '../kernel/value.ts';
import { inputIndices } from './admission.ts';
import { type Cluster, coverage, ownIndex } from './cluster.ts';
import { productSides } from './compose.ts';
import { shapeOf } from './dataflow.ts';
import { Misaligned, type Tracer, traceValue } from './trace-value.ts';

export interface Memory {
  /** The tensor of a node that has memory. */
  tensorOf(node: Node): Tensor | undefined;
  /** Where each stored node of this cluster goes. */
  readonly stores: readonly { readonly node: Node; readonly into: Tensor }[];
}

export function buildSpec(cluster: Cluster, memory: Memory, free: ReadonlySet<Node>): SingleSpec {
  const builder = new SpecBuilder(cluster, memory, free);
  return builder.build();
}

/**
 * The dtype that a sum is kept in: as its `acc` attribute says, else its own, but never f16, which loses
 * small terms.
 */
function accumulatorDtype(node: Node): DType {
  const acc = node.attrs['acc'];
  if (typeof acc === 'string') return acc as DType;
  return node.type.dtype === 'f16' ? 'f32' : node.type.dtype;
}

/** Arg-reductions give a position, whatever they compare. */
const reducedDtype = (node: Node): DType =>
  node.type.dtype === 'i32' && node.op.lowering.kind === 'reduce' ? 'i32' : accumulatorDtype(node);

class SpecBuilder {
  readonly #values = new Values();
  readonly #memo = new Map<string, Value>();
  readonly #operands: { tensor: Tensor; reads: boolean; writes: boolean }[] = [];
  readonly #reductions: Reduction[] = [];
  readonly #numberOf = new Map<Node, number>();
  readonly #members: ReadonlySet<Node>;
  readonly #cluster: Cluster;
  readonly #memory: Memory;
  readonly #free: ReadonlySet<Node>;

  constructor(cluster: Cluster, memory: Memory, free: ReadonlySet<Node>) {
    this.#cluster = cluster;
    this.#memory = memory;
    this.#free = free;
    this.#members = new Set(cluster.nodes);
  }

  build(): SingleSpec {
    const cluster = this.#cluster;
    const { kind } = cluster;
    const contraction = kind === 'contract' ? this.#contraction() : undefined;
    const prefix = kind === 'prefix' ? this.#prefix() : undefined;
    const stores = prefix?.stores ?? this.#memory.stores.map((s) => this.#store(s.node, s.into));
    const common = {
      stores,
      nodes: cluster.nodes,
      operands: this.#operands.map(
        (o): KernelOperand => ({
          tensor: o.tensor,
          access: o.writes ? (o.reads ? 'read_write' : 'write') : 'read',
        }),
      ),
    };
    if (contraction !== undefined)
      return { ...common, kind: 'contract', contraction, ...this.#reduced() };
    if (prefix !== undefined) return { ...common, ...prefix.spec };
    if (kind === 'row')
      return {
        ...common,
        kind: 'row',
        axes: cluster.kept,
        reducedAxes: cluster.full.filter((a) => a.name.startsWith('r')),
        reductions: this.#reductions,
      };
    return { ...common, kind: 'map', axes: cluster.full };
  }

  #operand(tensor: Tensor, access: 'reads' | 'writes'): number {
    let at = this.#operands.findIndex((o) => o.tensor.id === tensor.id);
    if (at < 0) at = this.#operands.push({ tensor, reads: false, writes: false }) - 1;
    const operand = this.#operands[at];
    if (operand !== undefined) operand[access] = true;
    return at;
  }

  readonly #tracer: Tracer = {
    values: this.#values,
    operand: (node) => {
      if (this.#members.has(node) || this.#free.has(node)) return undefined;
      const tensor = this.#memory.tensorOf(node);
      return tensor === undefined ? undefined : this.#operand(tensor, 'reads');
    },
    anchor: (node, at) => {
      const number = this.#anchorNumber(node);
      const own = ownIndex(node, this.#cluster);
      if (at.some((e, i) => e.key !== own[i]?.key)) throw new Misaligned();
      const result = reducedDtype(node);
      return this.#values.cast(this.#values.reduced(number, result), node.type.dtype);
    },
  };

  /** The reduction's number; it is traced when it is first asked for, so that what it uses comes before it. */
  #anchorNumber(node: Node): number {
    const seen = this.#numberOf.get(node);
    if (seen !== undefined) return seen;
    if (!this.#members.has(node))
      throw new InternalError(
        'build-spec',
        `${node.op.name} has no memory and is not in this kernel`,
      );
    if (node.op.lowering.kind === 'contract') return 0;
    const { lowering } = node.op;
    if (lowering.kind !== 'reduce')
      throw new InternalError('build-spec', `${node.op.name} inside a kernel of another kind`);
    const [input] = inputIndices(node, this.#cluster);
    if (input === undefined) throw new InternalError('build-spec', 'a reduction without an input');
    const traced = traceValue(this.#tracer, input.node, input.at, this.#memo);
    const arg = lowering.combine === 'argmax' || lowering.combine === 'argmin';
    const body = this.#values.cast(traced, arg ? traced.dtype : accumulatorDtype(node));
    // In a contraction the product itself is number 0.
    const first = this.#cluster.kind === 'contract' ? 1 : 0;
    const number =
      this.#reductions.push({ combine: lowering.combine, body, dtype: body.dtype }) - 1 + first;
    this.#numberOf.set(node, number);
    return number;
  }

  #store(node: Node, into: Tensor): Store {
    const at = ownIndex(node, this.#cluster);
    const value = this.#valueOf(node, at);
    return {
      operand: this.#operand(into, 'writes'),
      index: flatten(at, shapeOf(node)),
      value,
      over: coverage(node, this.#cluster) ?? 'full',
    };
  }

  /** What is reduced over lines or blocks of the product. */
  #reduced(): { lines?: Lines; blocks?: Blocks } {
    const reductions = this.#reductions;
    if (reductions.length === 0) return {};
    const { nodes, full, kept, block } = this.#cluster;
    const product = nodes.find((n) => n.op.lowering.kind === 'contract');
    const columns = product === undefined ? [] : productSides(product).n;
    if (block !== undefined) {
      const side = (isColumn: boolean): number =>
        block.find((_, i) => columns.includes(full[i]?.name ?? '') === isColumn) ?? 1;
      return { blocks: { m: side(false), n: side(true), reductions } };
    }
    const reduced = full.filter((a) => !kept.includes(a));
    const over = reduced.every((a) => columns.includes(a.name)) ? 'n' : 'm';
    return { lines: { over, reductions } };
  }

  #valueOf(node: Node, at: readonly Index[]): Value {
    return traceValue(this.#tracer, node, at, this.#memo);
  }

  #contraction(): Contraction {
    const node = this.#cluster.nodes.find((n) => n.op.lowering.kind === 'contract');
    const [na, nb] = node?.inputs ?? [];
    if (
      node === undefined ||
      na === undefined ||
      nb === undefined ||
      node.op.lowering.kind !== 'contract'
    )
      throw new InternalError('build-spec', 'a contraction kernel without its contraction');
    const labels = node.op.lowering.labels(node.attrs);
    const indexOf = new Map<string, Index>();
    const groups: Record<'batch' | 'm' | 'n' | 'k', Axis[]> = { batch: [], m: [], n: [], k: [] };
    const declare = (label: string, size: number, name: string, group: Axis[]): void => {
      indexOf.set(label, size === 1 ? constant(0) : variable(name, size));
      if (size !== 1) group.push({ name, size });
    };
    let i = 0;
    [...labels.out].forEach((label, axis) => {
      const size = shapeOf(node)[axis] ?? 1;
      const [inA, inB] = [labels.a.includes(label), labels.b.includes(label)];
      declare(label, size, `i${i}`, inA && inB ? groups.batch : inA ? groups.m : groups.n);
      if (size !== 1) i++;
    });
    let k = 0;
    [...labels.a].forEach((label, axis) => {
      if (!labels.out.includes(label)) declare(label, shapeOf(na)[axis] ?? 1, `k${k++}`, groups.k);
    });
    const operandAt = (text: string): Index[] =>
      [...text].map((l) => indexOf.get(l) ?? constant(0));
    return {
      ...groups,
      a: this.#values.cast(this.#valueOf(na, operandAt(labels.a)), accumulatorDtype(node)),
      b: this.#values.cast(this.#valueOf(nb, operandAt(labels.b)), accumulatorDtype(node)),
      dtype: accumulatorDtype(node),
    };
  }

  #prefix(): {
    spec: Omit<Extract<KernelSpec, { kind: 'prefix' }>, 'stores' | 'nodes' | 'operands'>;
    stores: Store[];
  } {
    const [node] = this.#cluster.nodes;
    const [x] = node?.inputs ?? [];
    if (node === undefined || x === undefined || node.op.lowering.kind !== 'prefix')
      throw new InternalError('build-spec', 'a prefix kernel without its op');
    const { lowering } = node.op;
    const axis = lowering.axis(node.attrs);
    const shape = shapeOf(node);
    let i = 0;
    const at = shape.map((size, d) =>
      d === axis ? variable('r0', size) : size === 1 ? constant(0) : variable(`i${i++}`, size),
    );
    const body = this.#valueOf(x, at);
    const reduced = this.#values.reduced(0, node.type.dtype);
    const stores = this.#memory.stores.map(
      (s): Store => ({
        operand: this.#operand(s.into, 'writes'),
        index: flatten(at, shape),
        value: reduced,
        over: 'full',
      }),
    );
    return {
      spec: {
        kind: 'prefix',
        axes: this.#cluster.kept,
        along: { name: 'r0', size: shape[axis] ?? 1 },
        combine: lowering.combine,
        reverse: lowering.reverse(node.attrs),
        exclusive: lowering.exclusive(node.attrs),
        body,
        dtype: node.type.dtype,
      },
      stores,
    };
  }
}

/**
 * Whether a stored result may lie in the memory of an input that the kernel reads: only if every read is at
 * the store's own index, and by the invocations that store it. A scalar that one of many stores would be
 * read by the others sooner or later than that.
 */
export function mayShareMemory(spec: KernelSpec, input: Tensor, store: Store): boolean {
  if (spec.kind === 'side-by-side') return partMayShare(spec, input, store);
  const operand = spec.operands.findIndex((o) => o.tensor.id === input.id);
  if (operand < 0) return true;
  const own = variablesOf(store.index);
  return (
    storingAxes(spec, store).every(({ name, size }) => size === 1 || own.has(name)) &&
    valuesBelow(rootsOf(spec)).every(
      (v) => v.kind !== 'load' || v.operand !== operand || v.index.key === store.index.key,
    )
  );
}

/** The axes along which invocations differ; those of a row store after all of the row have read. */
function storingAxes(spec: SingleSpec, store: Store): readonly Axis[] {
  switch (spec.kind) {
    case 'map':
      return spec.axes;
    case 'row':
      return store.over === 'row' ? spec.axes : [...spec.axes, ...spec.reducedAxes];
    case 'contract': {
      const { batch, m, n } = spec.contraction;
      if (store.over !== 'row' || spec.lines === undefined) return [...batch, ...m, ...n];
      // A line is held whole by one invocation.
      return [...batch, ...(spec.lines.over === 'n' ? m : n)];
    }
    case 'prefix':
      return [...spec.axes, spec.along];
  }
}

/** Parts run in any order: none but the one that stores may read the input. */
function partMayShare(spec: SideBySideSpec, input: Tensor, store: Store): boolean {
  const target = spec.operands[store.operand]?.tensor.id;
  return spec.parts.every((part) => {
    const own = part.stores.find((s) => part.operands[s.operand]?.tensor.id === target);
    return own === undefined
      ? part.operands.every((o) => o.tensor.id !== input.id)
      : mayShareMemory(part, input, own);
  });
}
