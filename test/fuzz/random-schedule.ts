/**
 * Any legal schedule of a kernel, not only the one that is ranked first. One preference for each seed and
 * kind of kernel, so that a graph that is being shrunk keeps its schedules as long as they are legal.
 */
import { rootsOf } from '../../compiler/kernel/roots.ts';
import { candidates, estimate } from '../../compiler/schedule/candidates.ts';
import { chooseSchedule } from '../../compiler/schedule/choose-schedule.ts';
import { emissionCost } from '../../compiler/schedule/emission-cost.ts';
import { printSchedule } from '../../compiler/schedule/schedule.ts';
import { randomFrom } from './random.ts';

/** Kernels with more statements than this keep the schedule that was chosen with their size in mind. */
const MOST_STATEMENTS = 60;
/** Schedules are passed over whose compilation is priced higher, in microseconds a run: it takes over a second. */
const MOST_COMPILATION = 150;

export function randomSchedule(seed: number): typeof chooseSchedule {
  return (spec, device) => {
    const chosen = chooseSchedule(spec, device);
    if (emissionCost(rootsOf(spec), [new Map()]) > MOST_STATEMENTS) return chosen;
    const wishes = candidates(spec, device)
      .map((schedule) => ({ schedule, rank: rankOf(seed, printSchedule(schedule)) }))
      .sort((a, b) => a.rank - b.rank);
    const wanted = wishes.find(
      ({ schedule }) => estimate(spec, schedule, device).parts.compile <= MOST_COMPILATION,
    );
    return wanted?.schedule ?? chosen;
  };
}

/** A number that depends on the seed and the schedule alone. */
function rankOf(seed: number, schedule: string): number {
  let mixed = seed;
  for (const letter of schedule) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x9e3779b1);
  return randomFrom(mixed)(2 ** 30);
}
