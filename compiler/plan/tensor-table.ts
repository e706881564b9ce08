/**
 * Where the tensors of a plan lie. Those that outlive a step are laid out together, inputs and outputs have
 * buffers of their own, found by name; everything else lies in pages, which all programs share.
 */
import type { PlanTensor } from '../../runtime/plan.ts';
import type { KernelPlan } from '../fuse/plan-kernels.ts';
import type { Dim } from '../graph/dim.ts';
import { type StorageDType, storageBits } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { elementCount } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import { holderOf, type Tensor } from '../kernel/spec.ts';
import type { Location } from '../memory/bind-operands.ts';
import { type Block, blocksOf } from '../memory/blocks.ts';
import { layOutState, type StateTensor } from '../memory/lay-out-state.ts';
import { packPages } from '../memory/pack-pages.ts';
import { textOf } from '../ops/leaf.ts';
import { type BufferTable, paddedBytes } from './buffer-table.ts';
import { tensorPath } from './tensor-path.ts';

/** A program whose tensors are placed. */
export interface PlacedProgram {
  readonly plan: KernelPlan;
  readonly name: string;
  /** Knows where nodes come from, for the message about one that is too large. */
  readonly graph: Graph;
}

/** Of one program: where its tensors lie, and the memory that it needs for a while. */
export interface ProgramPlaces {
  locationOf(tensor: Tensor): Location;
  readonly blocks: readonly Block[];
}

interface DeclaredState extends StateTensor {
  readonly shape: readonly number[];
}

export class TensorTable {
  readonly #tensors: PlanTensor[] = [];
  readonly #declared = new Map<string, DeclaredState>();
  /** Filled once all states are declared. */
  #stateOf: ReadonlyMap<string, { buffer: number; offset: number }> | undefined;
  readonly #buffers: BufferTable;

  constructor(buffers: BufferTable) {
    this.#buffers = buffers;
  }

  get all(): readonly PlanTensor[] {
    this.#states();
    return this.#tensors;
  }

  /** Declares a tensor that outlives a step, once, before the first program is placed; `swapped` if programs exchange it with a twin. */
  state(
    name: string,
    role: StateRole,
    storage: StorageDType,
    shape: readonly number[],
    swapped: boolean,
  ): void {
    const key = `${role}:${name}`;
    if (this.#stateOf !== undefined)
      throw new InternalError('plan', `${key} is declared after the state was laid out`);
    if (this.#declared.has(key)) return;
    const bytes = paddedBytes(storage, elementCount(shape));
    this.#declared.set(key, { name, role, storage, shape, bytes, swapped });
  }

  /** The buffer of an input that outlives a step, as a key; undefined for anything else, which has its own. */
  sharedBuffer(node: Node): string | undefined {
    if (node.op.lowering.kind !== 'leaf') return undefined;
    const place = this.#states().get(keyOf(node));
    return place === undefined ? undefined : String(place.buffer);
  }

  #states(): ReadonlyMap<string, { buffer: number; offset: number }> {
    if (this.#stateOf !== undefined) return this.#stateOf;
    const places = new Map<string, { buffer: number; offset: number }>();
    const layout = layOutState([...this.#declared.values()], this.#buffers.limit);
    for (const { label, bytes, parts } of layout) {
      const buffer = this.#buffers.shared(`state:${label}`, bytes, 'state', label);
      for (const { tensor, offset } of parts)
        places.set(`${tensor.role}:${tensor.name}`, { buffer, offset });
    }
    for (const [key, { name, role, storage, shape }] of this.#declared) {
      const { buffer, offset } = places.get(key) ?? { buffer: -1, offset: 0 };
      this.#tensors.push({ name, role, dtype: storage, shape, buffer, offset });
    }
    this.#stateOf = places;
    return places;
  }

  /** Where every tensor lies that the kernels of the programs bind; asked for once, with all of them. */
  place(programs: readonly PlacedProgram[]): readonly ProgramPlaces[] {
    const named = programs.map((program) => this.#placeNamed(program));
    // One program runs after another, so that all of them use the same pages.
    let start = 0;
    const own = programs.map((program, i) => this.#blocks(program, named[i] ?? new Map()));
    const blocks = programs.map(({ plan }, i) => {
      const shifted = (own[i] ?? []).map((block) => later(block, start));
      start += plan.kernels.length;
      return shifted;
    });
    const { bytes, placeOf } = packPages(blocks.flat(), this.#buffers.maxBytes);
    const pages = bytes.map((size, page) =>
      this.#buffers.shared(`page:${page}`, size, 'scratch', `page ${page}`),
    );
    return programs.map((_, i) => {
      const placed = new Map(named[i]);
      for (const block of blocks[i] ?? []) {
        const { page, offset } = placeOf.get(block) ?? { page: -1, offset: 0 };
        const place = { buffer: pages[page] ?? -1, offset, merges: false };
        for (const { id } of block.tensors) placed.set(id, place);
      }
      const locationOf = (tensor: Tensor): Location => {
        const { storage, elements, part } = tensor;
        const holder = holderOf(tensor);
        const place = placed.get(holder.id) ?? nowhere(holder);
        if (part === undefined) return { ...place, bytes: paddedBytes(storage, elements), storage };
        // Up to where the whole would end if this were its last part: padding follows, or the next part.
        const start = (part.first * storageBits(storage)) / 8;
        const bytes = paddedBytes(storage, part.first + elements) - start;
        return { ...place, offset: place.offset + start, bytes, storage, merges: true };
      };
      return { locationOf, blocks: own[i] ?? [] };
    });
  }

  /** Tensors of a program that have a name outside, or belong to one that has. */
  #placeNamed(program: PlacedProgram): Map<number, Place> {
    const { plan } = program;
    const placed = new Map<number, Place>();
    for (const { node, shape = node.type.shape, target } of plan.results) {
      const tensor = plan.tensorOf(node);
      if (target.kind === 'output')
        placed.set(tensor.id, this.#named('output', target.name, tensor, shape, program));
    }
    for (const { state, next } of plan.swaps)
      placed.set(next.id, { buffer: this.twin(state), offset: 0, merges: true });
    for (const { tensor } of plan.kernels.flatMap((spec) => spec.operands))
      if (!placed.has(tensor.id) && tensor.node.op.lowering.kind === 'leaf')
        placed.set(tensor.id, this.#input(tensor, program));
    return placed;
  }

  #blocks({ plan, graph }: PlacedProgram, named: ReadonlyMap<number, Place>): readonly Block[] {
    return blocksOf(
      plan.kernels,
      (tensor) => !named.has(tensor.id),
      (tensor) => {
        const bytes = paddedBytes(tensor.storage, tensor.elements);
        this.#buffers.checkSize(tensorPath(tensor, graph), bytes);
        return bytes;
      },
    );
  }

  /** The buffer that a swapped state changes places with. */
  twin({ node, storage, elements }: Tensor): number {
    const key = keyOf(node);
    if (this.#declared.get(key)?.swapped !== true)
      throw new InternalError('plan', `${key} shares its buffer, so that it cannot change places`);
    const label = `${textOf(node.attrs['name'])} (next)`;
    return this.#buffers.shared(`next:${key}`, paddedBytes(storage, elements), 'state', label);
  }

  /** The pairs of buffers that a program exchanges after each step. */
  swaps({ swaps }: KernelPlan): readonly (readonly [number, number])[] {
    return swaps.map(({ state }) => {
      const here = this.#states().get(keyOf(state.node))?.buffer;
      return [here ?? nowhere(state), this.twin(state)];
    });
  }

  #input(tensor: Tensor, program: PlacedProgram): Place {
    const { attrs, type } = tensor.node;
    if (attrs['kind'] === 'data')
      return this.#named('input', textOf(attrs['name']), tensor, type.shape, program);
    const seen = this.#states().get(keyOf(tensor.node));
    if (seen === undefined)
      throw new InternalError('plan', `the ${keyOf(tensor.node)} was not declared`);
    return { ...seen, merges: true };
  }

  /** The buffer of an input or output, which programs of other sizes share; a row for each of them. */
  #named(
    role: 'input' | 'output',
    name: string,
    { storage, elements }: Tensor,
    shape: readonly Dim[],
    { name: program }: PlacedProgram,
  ): Place {
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
    return { buffer, offset: 0, merges: true };
  }
}

type Place = Pick<Location, 'buffer' | 'offset' | 'merges'>;
type StateRole = StateTensor['role'];

/** The role and name of an input that outlives a step. */
export const keyOf = ({ attrs }: Node): string =>
  `${textOf(attrs['kind'])}:${textOf(attrs['name'])}`;

/** The block with the kernels of other programs before its own. */
const later = (block: Block, by: number): Block => ({
  ...block,
  from: block.from + by,
  to: block.to + by,
  begins: block.begins.map((at) => at + by),
  writers: block.writers.map((at) => at + by),
  readers: block.readers.map((at) => at + by),
});

const nowhere = (tensor: Tensor): never => {
  throw new InternalError('plan', `tensor ${tensor.id} (${tensor.node.op.name}) has no memory`);
};
