/**
 * Every kernel of a compiled model as a program of its own, which reads and writes the very places that it does in the
 * plan: the same text, grid and bindings, and nothing before or after it. Kernels of which one reads partial sums that
 * the other leaves are tried together, since no node of the graph stands for these.
 */
import type { Compiled } from '../compiler/compile.ts';
import type { KernelPlan } from '../compiler/fuse/plan-kernels.ts';
import type { StorageDType } from '../compiler/graph/dtype.ts';
import { elementCount } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import type { KernelSpec, Tensor } from '../compiler/kernel/spec.ts';
import type { PlacedKernel } from '../compiler/plan/plan-builder.ts';
import type { Plan, PlanProgram, PlanTensor } from '../runtime/index.ts';

export interface Trial {
  /** The program of the compiled plan, such as `train@128`. */
  readonly program: string;
  /** The program of the plan of trials. */
  readonly name: string;
  /** Ids in both plans, in order; more than one where partial sums lie between. */
  readonly kernels: readonly number[];
  readonly specs: readonly KernelSpec[];
  readonly reads: readonly TrialTensor[];
  readonly writes: readonly TrialTensor[];
}

export interface TrialTensor {
  /** Of the plan's tensor. */
  readonly name: string;
  /** Whose value lies there: before the kernel where it reads, afterwards where it writes. */
  readonly node: Node;
  readonly storage: StorageDType;
  readonly elements: number;
}

export interface Trials {
  readonly plan: Plan;
  readonly trials: readonly Trial[];
}

/** `plans`: of the programs of the compiled plan, in order, as `onStage` shows them. */
export function kernelTrials(compiled: Compiled, plans: readonly KernelPlan[]): Trials {
  const tensors: PlanTensor[] = [];
  const programs: PlanProgram[] = [];
  const trials: Trial[] = [];
  compiled.plan.programs.forEach((program, i) => {
    const [placed, plan] = [compiled.placed[i], plans[i]];
    if (placed === undefined || plan === undefined) return;
    const held = new Map<number, Node>();
    const uses = placed.map((kernel) => usesOf(kernel, plan, held));
    for (const [number, group] of joined(placed).entries()) {
      const name = `${program.name} ${number}`;
      const own = group.flatMap((k) => uses[k] ?? []);
      const declare = (direction: 'reads' | 'writes'): TrialTensor[] =>
        only(own, direction).map(({ tensor, node, place }, at) => {
          const [storage, elements] = [tensor.storage, tensor.elements];
          const tensorName = `${name} ${direction} ${at}`;
          tensors.push({
            name: tensorName,
            role: 'state',
            dtype: storage,
            shape: [elements],
            ...place,
          });
          return { name: tensorName, node, storage, elements };
        });
      const dispatches = group
        .flatMap((k) => placed[k]?.dispatches ?? [])
        .flatMap((at) => program.dispatches[at] ?? []);
      programs.push({ ...program, name, dispatches, copies: [], swaps: [] });
      trials.push({
        program: program.name,
        name,
        kernels: [...new Set(dispatches.map((dispatch) => dispatch.kernel))],
        specs: group.flatMap((k) => placed[k]?.spec ?? []),
        reads: declare('reads'),
        writes: declare('writes'),
      });
    }
  });
  // Whatever lies in memory can be written and read from outside.
  const buffers = compiled.plan.buffers.map((buffer) =>
    buffer.class === 'uniform' ? buffer : { ...buffer, class: 'state' as const },
  );
  return { plan: { ...compiled.plan, buffers, tensors, programs }, trials };
}

interface Use {
  readonly direction: 'reads' | 'writes';
  readonly tensor: Tensor;
  readonly node: Node;
  readonly place: { readonly buffer: number; readonly offset: number };
}

/** `held`: the node whose value each tensor has so far, where that is not its own; what the kernel stores is added. */
function usesOf(
  { spec, places }: PlacedKernel,
  plan: KernelPlan,
  held: Map<number, Node>,
): readonly Use[] {
  const at = (i: number): Use['place'] => places[i] ?? { buffer: -1, offset: 0 };
  const reads = spec.operands.flatMap(({ tensor, access }, i): Use[] =>
    access === 'write'
      ? []
      : [{ direction: 'reads', tensor, node: held.get(tensor.id) ?? tensor.node, place: at(i) }],
  );
  const writes = spec.operands.flatMap(({ tensor, access }, i): Use[] => {
    if (access === 'read') return [];
    const result = plan.results.find((r) => plan.tensorOf(r.node).id === tensor.id);
    const node = result?.node ?? tensor.node;
    held.set(tensor.id, node);
    return [{ direction: 'writes', tensor, node, place: at(i) }];
  });
  return [...reads, ...writes];
}

/** Each tensor once; partial sums are nobody's, and what a joined kernel wrote before is not read from outside. */
function only(uses: readonly Use[], direction: Use['direction']): readonly Use[] {
  const seen = new Set<number>();
  return uses.filter((use) => {
    const { tensor } = use;
    if (isPartial(tensor) || use.direction !== direction || seen.has(tensor.id)) return false;
    seen.add(tensor.id);
    return true;
  });
}

const isPartial = ({ node, elements }: Tensor): boolean =>
  elements !== elementCount(node.type.shape.map(Number));

/** Numbers of the kernels in groups, in order; those around a tensor of partial sums are one group. */
function joined(placed: readonly PlacedKernel[]): readonly (readonly number[])[] {
  const groups = placed.map((_, i) => [i]);
  const groupOf = placed.map((_, i) => i);
  const writer = new Map<number, number>();
  placed.forEach(({ spec }, k) => {
    for (const { tensor } of spec.operands.filter((o) => isPartial(o.tensor))) {
      const first = groupOf[writer.get(tensor.id) ?? k] ?? k;
      writer.set(tensor.id, first);
      const own = groupOf[k] ?? k;
      if (own === first) continue;
      groups[first]?.push(...(groups[own] ?? []));
      groups[own] = [];
      groupOf.forEach((g, i) => {
        if (g === own) groupOf[i] = first;
      });
    }
  });
  return groups.filter((group) => group.length > 0).map((group) => group.sort((a, b) => a - b));
}
