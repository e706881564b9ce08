/**
 * Larger kernels may hold more at once. A plan that takes more memory than it may is made again with fewer of them: first so
 * that what is in use for a while should fit, then with none that keeps more alive than kernels apart.
 */
import type { Plan } from '../../runtime/plan.ts';

/** Bytes of all buffers of a plan, with room for one batch. */
export const planBytes = ({ buffers }: Pick<Plan, 'buffers'>): number =>
  buffers.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * The first that fits, else the one that takes least. `attempt` compiles with at most so many bytes of intermediate results in
 * use at once, as far as fusion can see; as many as it likes where there is no budget.
 */
export function withinBudget<C extends { readonly plan: Plan }>(
  budget: number | undefined,
  attempt: (mostLive: number | undefined) => C,
): C {
  const first = attempt(budget);
  if (budget === undefined || planBytes(first.plan) <= budget) return first;
  const scratch = planBytes({ buffers: first.plan.buffers.filter((b) => b.class === 'scratch') });
  const room = Math.max(0, budget - (planBytes(first.plan) - scratch));
  let best = first;
  for (const mostLive of new Set([room, 0])) {
    const next = attempt(mostLive);
    if (planBytes(next.plan) < planBytes(best.plan)) best = next;
    if (planBytes(best.plan) <= budget) break;
  }
  return best;
}
