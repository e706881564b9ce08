/**
 * Kernels in an order that keeps less alive. The order that fusion gives follows the model; where it holds more
 * memory at its peak than a greedy one by so much that it matters, that one is taken.
 */
import { explainAgain } from '../fuse/explain-fusion.ts';
import type { KernelPlan } from '../fuse/plan-kernels.ts';
import { holderOf, type KernelSpec, type Tensor } from '../kernel/spec.ts';
import { paddedBytes } from '../plan/buffer-table.ts';
import { blocksOf, liveBytes, scratchOf } from './blocks.ts';
import { packPages } from './pack-pages.ts';

/** A smaller gain is not worth another order, in which related kernels stand further apart. */
const WORTH = 0.95;
/** An order whose blocks leave gaps is not taken: with other programs in the same pages they would grow. */
const NEAR = 1.04;
/** Unless it gains so much more than gaps could cost. */
const MUCH = 0.8;

/** The plan with its kernels in such an order. */
export function orderKernels(plan: KernelPlan): KernelPlan {
  const isScratch = scratchOf(plan);
  const greedy = greedyOrder(plan.kernels, isScratch, bytesOf);
  const [given, other] = [plan.kernels, greedy].map((order) => {
    const blocks = blocksOf(order, isScratch, bytesOf);
    const peak = Math.max(0, ...liveBytes(blocks, order.length));
    return { peak, packed: packPages(blocks, Number.POSITIVE_INFINITY).total };
  });
  if (given === undefined || other === undefined) return plan;
  const packs = other.packed <= NEAR * other.peak || other.packed < MUCH * given.peak;
  if (!packs || other.packed >= WORTH * given.packed) return plan;
  return { ...plan, kernels: greedy, explain: () => explainAgain(plan.explain(), greedy) };
}

/**
 * Bytes in use where most are: in the order given, or where that one needs more than `enough`, in the better of the two. What
 * blocks leave between them in pages is not counted.
 */
export function leastPeak(
  kernels: readonly KernelSpec[],
  isScratch: (tensor: Tensor) => boolean,
  enough: number,
): number {
  const peak = peakOf(kernels, isScratch);
  if (peak <= enough) return peak;
  return Math.min(peak, peakOf(greedyOrder(kernels, isScratch, bytesOf), isScratch));
}

const peakOf = (kernels: readonly KernelSpec[], isScratch: (tensor: Tensor) => boolean): number =>
  Math.max(0, ...liveBytes(blocksOf(kernels, isScratch, bytesOf), kernels.length));

const bytesOf = ({ storage, elements }: Tensor): number => paddedBytes(storage, elements);

/** Of the kernels that may come next, always the one after which least is alive; the first of equals. */
function greedyOrder(
  kernels: readonly KernelSpec[],
  isScratch: (tensor: Tensor) => boolean,
  bytesOf: (tensor: Tensor) => number,
): readonly KernelSpec[] {
  const before = dependencies(kernels);
  const uses = new Map<number, number>();
  for (const { operands } of kernels)
    for (const tensor of holders(operands)) uses.set(tensor.id, (uses.get(tensor.id) ?? 0) + 1);
  const seen = new Set<number>();
  /** Bytes that become alive, less those that die. */
  const growth = ({ operands }: KernelSpec): number =>
    [...holders(operands)].reduce((sum, tensor) => {
      if (!isScratch(tensor)) return sum;
      const born = seen.has(tensor.id) ? 0 : bytesOf(tensor);
      const dies = uses.get(tensor.id) === 1 ? bytesOf(tensor) : 0;
      return sum + born - dies;
    }, 0);
  const open = new Set(kernels.keys());
  const order: KernelSpec[] = [];
  while (open.size > 0) {
    let best: { at: number; spec: KernelSpec; growth: number } | undefined;
    for (const at of open) {
      const spec = kernels[at];
      if (spec === undefined || [...(before[at] ?? [])].some((b) => open.has(b))) continue;
      const grows = growth(spec);
      if (best === undefined || grows < best.growth) best = { at, spec, growth: grows };
    }
    if (best === undefined) return kernels;
    open.delete(best.at);
    order.push(best.spec);
    for (const tensor of holders(best.spec.operands)) {
      seen.add(tensor.id);
      uses.set(tensor.id, (uses.get(tensor.id) ?? 0) - 1);
    }
  }
  return order;
}

/** The tensors in whose memory the operands lie, each once. */
const holders = (operands: KernelSpec['operands']): ReadonlySet<Tensor> =>
  new Set(operands.map(({ tensor }) => holderOf(tensor)));

/** For each kernel those that must stay before it: they use a tensor that one of the two writes. */
function dependencies(kernels: readonly KernelSpec[]): readonly ReadonlySet<number>[] {
  const writers = new Map<number, readonly number[]>();
  const users = new Map<number, number[]>();
  return kernels.map(({ operands }, at) => {
    const before = new Set<number>();
    for (const { tensor, access } of operands) {
      const { id } = holderOf(tensor);
      // Parts of a tensor are written in any order.
      if (access === 'read' || tensor.part === undefined)
        for (const writer of writers.get(id) ?? []) before.add(writer);
      if (access !== 'read') for (const user of users.get(id) ?? []) before.add(user);
    }
    for (const { tensor, access } of operands) {
      const { id } = holderOf(tensor);
      const others = tensor.part === undefined ? [] : (writers.get(id) ?? []);
      if (access === 'read') users.set(id, [...(users.get(id) ?? []), at]);
      else writers.set(id, [...others, at]);
    }
    return before;
  });
}
