/**
 * Memory that a program needs for a while: one block for each tensor that does not outlive it, from the kernel
 * that writes it to the last that reads it. A result that may overwrite an operand nobody needs any more
 * lives in the operand's block.
 */
import { mayShareMemory } from '../fuse/build-spec.ts';
import type { KernelPlan } from '../fuse/plan-kernels.ts';
import { holderOf, type KernelSpec, type Tensor } from '../kernel/spec.ts';

export interface Block {
  /** The tensors that lie here, one after another. */
  readonly tensors: readonly Tensor[];
  readonly bytes: number;
  /** The first kernel that writes it, and the last that uses it. */
  readonly from: number;
  readonly to: number;
  /** The kernel that first writes each of the tensors. */
  readonly begins: readonly number[];
  /** Kernels that write it, and those that only read it. */
  readonly writers: readonly number[];
  readonly readers: readonly number[];
}

/** The tensors of a program that need a block: neither from outside, nor results, nor what changes places with a state. */
export function scratchOf({
  results,
  swaps,
  tensorOf,
}: Pick<KernelPlan, 'results' | 'swaps' | 'tensorOf'>): (
  tensor: Pick<Tensor, 'id' | 'node'>,
) => boolean {
  const kept = new Set([
    ...results.map(({ node }) => tensorOf(node).id),
    ...swaps.map(({ next }) => next.id),
  ]);
  return ({ id, node }) => !kept.has(id) && node.op.lowering.kind !== 'leaf';
}

interface Life {
  readonly tensor: Tensor;
  readonly from: number;
  to: number;
  /** More than one where kernels write parts of it. */
  readonly writers: number[];
  readonly readers: number[];
}

/** `isScratch` tells the tensors that need a block; `bytesOf` what they take. */
export function blocksOf(
  kernels: readonly KernelSpec[],
  isScratch: (tensor: Tensor) => boolean,
  bytesOf: (tensor: Tensor) => number,
): readonly Block[] {
  const lives = new Map<number, Life>();
  kernels.forEach(({ operands }, at) => {
    for (const operand of operands) {
      const tensor = holderOf(operand.tensor);
      if (!isScratch(tensor)) continue;
      const life = lives.get(tensor.id) ?? { tensor, from: at, to: at, writers: [], readers: [] };
      lives.set(tensor.id, life);
      life.to = at;
      (operand.access === 'read' ? life.readers : life.writers).push(at);
    }
  });
  const overwrites = overwritten(kernels, lives);
  const takenOver = new Set(overwrites.values());
  const last = [...lives.values()].filter(({ tensor }) => !takenOver.has(tensor.id));
  return last.map(({ tensor, to }) => {
    const chain = [lives.get(tensor.id)];
    for (let id = overwrites.get(tensor.id); id !== undefined; id = overwrites.get(id))
      chain.unshift(lives.get(id));
    const members = chain.flatMap((life) => life ?? []);
    const writers = [...new Set(members.flatMap((life) => life.writers))];
    return {
      tensors: members.map((life) => life.tensor),
      bytes: bytesOf(tensor),
      from: members[0]?.from ?? to,
      to,
      begins: members.map((life) => life.from),
      writers,
      readers: members.flatMap((life) => life.readers).filter((at) => !writers.includes(at)),
    };
  });
}

/** The operand that each result may take over, each once: it is as large, and used here for the last time. */
function overwritten(
  kernels: readonly KernelSpec[],
  lives: ReadonlyMap<number, Life>,
): ReadonlyMap<number, number> {
  const overwrites = new Map<number, number>();
  const taken = new Set<number>();
  kernels.forEach((spec, at) => {
    for (const store of spec.stores) {
      const result = spec.operands[store.operand]?.tensor;
      // A part of a tensor has its place; so has whatever an earlier kernel wrote.
      if (result === undefined || lives.get(result.id)?.from !== at) continue;
      if (overwrites.has(result.id)) continue;
      const operand = spec.operands.find(
        ({ tensor, access }) =>
          access === 'read' &&
          lives.get(tensor.id)?.to === at &&
          !taken.has(tensor.id) &&
          tensor.storage === result.storage &&
          tensor.elements === result.elements &&
          mayShareMemory(spec, tensor, store),
      );
      if (operand === undefined) continue;
      overwrites.set(result.id, operand.tensor.id);
      taken.add(operand.tensor.id);
    }
  });
  return overwrites;
}

/** Bytes in use while each kernel runs. What a program needs at least is the greatest of them. */
export function liveBytes(blocks: readonly Block[], kernels: number): readonly number[] {
  const live = Array.from({ length: kernels }, () => 0);
  for (const { from, to, bytes } of blocks)
    for (let at = from; at <= to; at += 1) live[at] = (live[at] ?? 0) + bytes;
  return live;
}
