/**
 * Which buffer is which. The two of a pair change places after every step of a program that exchanges
 * them, for all programs of the session: half of the steps read the one and write the other, the other half
 * the reverse. Pairs that always change together are one group, so that a dispatch needs few bind groups.
 */
import type { Plan, PlanProgram } from './plan.ts';

export interface Swaps {
  /** The buffer that the plan's `id` stands for, now. */
  current(id: number): number;
  /** The groups that these buffers belong to, ascending. */
  groupsOf(ids: readonly number[]): readonly number[];
  /** The buffer that `id` stands for while the groups of `exchanged` are exchanged. */
  under(id: number, exchanged: ReadonlySet<number>): number;
  /** Whether a group is exchanged now. */
  isExchanged(group: number): boolean;
  /** The groups that a program exchanges after each step. */
  groupsOfProgram(program: PlanProgram): readonly number[];
  exchange(groups: readonly number[]): void;
}

export function createSwaps(plan: Pick<Plan, 'programs'>): Swaps {
  const partner = new Map<number, { other: number; group: number }>();
  const groups = swapGroups(plan);
  for (const [group, pairs] of groups.entries())
    for (const [one, other] of pairs) {
      partner.set(one, { other, group });
      partner.set(other, { other: one, group });
    }
  const exchanged = groups.map(() => false);
  return {
    current(id) {
      const pair = partner.get(id);
      return pair !== undefined && exchanged[pair.group] === true ? pair.other : id;
    },
    under(id, those) {
      const pair = partner.get(id);
      return pair !== undefined && those.has(pair.group) ? pair.other : id;
    },
    groupsOf(ids) {
      const found = ids.flatMap((id) => partner.get(id)?.group ?? []);
      return [...new Set(found)].sort((a, b) => a - b);
    },
    isExchanged: (group) => exchanged[group] === true,
    groupsOfProgram: ({ swaps }) => [
      ...new Set(swaps.flatMap(([one]) => partner.get(one)?.group ?? [])),
    ],
    exchange(which) {
      for (const group of which) exchanged[group] = exchanged[group] !== true;
    },
  };
}

type Pair = readonly [number, number];

/** The pairs of a plan by the set of programs that exchange them. */
export function swapGroups(plan: Pick<Plan, 'programs'>): readonly (readonly Pair[])[] {
  const programsOf = new Map<string, { pair: Pair; programs: number[] }>();
  for (const [index, { swaps }] of plan.programs.entries())
    for (const [a, b] of swaps) {
      const pair: Pair = a < b ? [a, b] : [b, a];
      const entry = programsOf.get(pair.join()) ?? { pair, programs: [] };
      entry.programs.push(index);
      programsOf.set(pair.join(), entry);
    }
  const groups = new Map<string, Pair[]>();
  for (const { pair, programs } of programsOf.values()) {
    const key = programs.join();
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  return [...groups.values()];
}
