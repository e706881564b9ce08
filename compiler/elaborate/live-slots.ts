/** Which of an optimizer's states its results depend on: an option that is off leaves others to themselves. */
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import type { RegisteredTensor } from './registry.ts';

/** The slots that the next values of the parameters read, at this step or at a later one. */
export function liveSlots(
  slots: readonly RegisteredTensor[],
  updates: readonly Node[],
  nextOf: (slot: RegisteredTensor) => Node | undefined,
): readonly RegisteredTensor[] {
  const live = new Set<RegisteredTensor>();
  const read = new Set<Node>();
  let open = updates;
  while (open.length > 0) {
    for (const node of reachable(open, (one) => read.has(one))) read.add(node);
    const found = slots.filter((s) => read.has(s.node) && !live.has(s));
    for (const slot of found) live.add(slot);
    open = found.flatMap((s) => nextOf(s) ?? []);
  }
  return slots.filter((s) => live.has(s));
}
