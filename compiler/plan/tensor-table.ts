/**
 * Where the tensors of a plan lie. Those that outlive a step, inputs and outputs have buffers of
 * their own, found by name; everything else of a program reuses slots, which all programs share.
 */
import type { PlanTensor } from '../../runtime/plan.ts';
import type { KernelPlan } from '../fuse/plan-kernels.ts';
import type { Dim } from '../graph/dim.ts';
import type { StorageDType } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { elementCount } from '../graph/nd-array.ts';
import { InternalError } from '../internal-error.ts';
import type { Tensor } from '../kernel/spec.ts';
import { assignSlots, type Lifetime } from '../memory/assign-slots.ts';
import { textOf } from '../ops/leaf.ts';
import { type BufferTable, paddedBytes } from './buffer-table.ts';

/** The program whose tensors are placed. */
interface Owner {
  readonly name: string;
  /** Knows where nodes come from, for the message about one that is too large. */
  readonly graph: Graph;
}

export class TensorTable {
  readonly #tensors: PlanTensor[] = [];
  #slotBytes: readonly number[] = [];
  readonly #slotBuffers: number[] = [];
  readonly #buffers: BufferTable;

  constructor(buffers: BufferTable) {
    this.#buffers = buffers;
  }

  get all(): readonly PlanTensor[] {
    return this.#tensors;
  }

  /** Declares a tensor that outlives a step, once. */
  state(
    name: string,
    role: 'param' | 'state' | 'counter' | 'metric',
    storage: StorageDType,
    shape: readonly number[],
  ): void {
    const key = `${role}:${name}`;
    if (this.#buffers.find(key) !== undefined) return;
    const bytes = paddedBytes(storage, elementCount(shape));
    const buffer = this.#buffers.shared(key, bytes, 'state', name);
    this.#tensors.push({ name, role, dtype: storage, shape, buffer, offset: 0 });
  }

  /** The buffer of every tensor that the kernels of a program bind. */
  place(plan: KernelPlan, owner: Owner): (tensor: Tensor) => number {
    const placed = new Map<number, number>();
    for (const { node, shape = node.type.shape, target } of plan.results) {
      const tensor = plan.tensorOf(node);
      if (target.kind === 'output')
        placed.set(tensor.id, this.#named('output', target.name, tensor, shape, owner));
    }
    const lifetimes = new Map<number, { tensor: Tensor; from: number; to: number }>();
    plan.kernels.forEach((spec, at) => {
      for (const { tensor } of spec.operands) {
        if (placed.has(tensor.id)) continue;
        const life = lifetimes.get(tensor.id);
        if (tensor.node.op.lowering.kind === 'leaf')
          placed.set(tensor.id, this.#input(tensor, owner));
        else if (life === undefined) lifetimes.set(tensor.id, { tensor, from: at, to: at });
        else life.to = at;
      }
    });
    const lives = [...lifetimes.values()].map(({ tensor, from, to }): Lifetime => {
      const bytes = paddedBytes(tensor.storage, tensor.elements);
      this.#buffers.checkSize(describe(tensor, owner.graph), bytes);
      return { tensor: tensor.id, bytes, from, to };
    });
    const { bytes: sizes, slotOf } = assignSlots(lives, this.#slotBytes);
    this.#slotBytes = sizes;
    sizes.forEach((bytes, slot) => {
      this.#slotBuffers[slot] = this.#buffers.shared(
        `slot:${slot}`,
        bytes,
        'scratch',
        `slot ${slot}`,
      );
    });
    return (tensor) =>
      placed.get(tensor.id) ?? this.#slotBuffers[slotOf.get(tensor.id) ?? -1] ?? nowhere(tensor);
  }

  #input(tensor: Tensor, owner: Owner): number {
    const name = textOf(tensor.node.attrs['name']);
    const kind = textOf(tensor.node.attrs['kind']);
    if (kind === 'data') return this.#named('input', name, tensor, tensor.node.type.shape, owner);
    const seen = this.#buffers.find(`${kind}:${name}`);
    if (seen === undefined) throw new InternalError('plan', `the ${kind} ${name} was not declared`);
    return seen;
  }

  /** The buffer of an input or output, which programs of other sizes share; a row for each of them. */
  #named(
    role: 'input' | 'output',
    name: string,
    { storage, elements }: Tensor,
    shape: readonly Dim[],
    { name: program }: Owner,
  ): number {
    const buffer = this.#buffers.shared(
      `${role}:${name}`,
      paddedBytes(storage, elements),
      role,
      name,
    );
    if (!this.#tensors.some((t) => t.role === role && t.name === name && t.program === program))
      this.#tensors.push({
        name,
        role,
        dtype: storage,
        shape: shape.map(Number),
        buffer,
        offset: 0,
        program,
      });
    return buffer;
  }
}

const nowhere = (tensor: Tensor): never => {
  throw new InternalError('plan', `tensor ${tensor.id} (${tensor.node.op.name}) has no memory`);
};

function describe(tensor: Tensor, graph: Graph): string {
  const [origin] = graph.originsOf(tensor.node);
  return origin === undefined || origin.path === ''
    ? tensor.node.op.name
    : `${tensor.node.op.name} of ${origin.path}`;
}
