/** Several `train` sections, each of which runs in every so many steps. */
import type { Program } from './program.ts';

/** The programs of the sections whose turn it is in this step, from 0. */
export function programsAt(
  step: number,
  every: Readonly<Record<string, number>>,
  programs: readonly Program[],
): readonly Program[] {
  const running = Object.keys(every).filter((name) => step % (every[name] ?? 1) === 0);
  return programs.filter(({ plan }) => plan.sections?.join() === running.join());
}
