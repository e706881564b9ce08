/**
 * Programs after which buffers change places: a run reads a state in the one and writes its next value to the
 * other. What is bound is made anew for each arrangement, the first time that it is met.
 */
import { at, type Gpu } from './gpu.ts';
import { bindGroup, encodePass, type Program } from './program.ts';
import type { ProgramPlan } from './types.ts';

/** The pairs that are exchanged now; one for all programs of a network. */
export type Exchanged = Set<string>;

export function prepareSwapping(gpu: Gpu, plan: ProgramPlan, exchanged: Exchanged): Program {
  const arrangements = new Map<string, readonly GPUBindGroup[]>();
  return {
    plan,
    encode(encoder) {
      const arrangement = [...exchanged].sort().join(' ');
      const groups =
        arrangements.get(arrangement) ??
        plan.dispatches.map((dispatch) => bindGroup(gpu, dispatch));
      arrangements.set(arrangement, groups);
      encodePass(gpu, plan, groups, encoder);
      for (const pair of plan.swaps ?? []) exchange(gpu, pair, exchanged);
    },
  };
}

function exchange(gpu: Gpu, pair: readonly [number, number], exchanged: Exchanged): void {
  const [one, other] = pair;
  const buffer = at(gpu.buffers, one);
  gpu.buffers[one] = at(gpu.buffers, other);
  gpu.buffers[other] = buffer;
  const name = `${Math.min(...pair)}-${Math.max(...pair)}`;
  if (!exchanged.delete(name)) exchanged.add(name);
}
