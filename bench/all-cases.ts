/** The cases of the comparison with the libraries, here only nnc and the hand-written kernels, in one process. */
import { measure, timingOf } from './measure.ts';
import { CASES, type Case, isTraining } from './peers/cases.ts';
import type { Contestant, Job } from './peers/contestant.ts';
import * as hand from './peers/contestants/hand.ts';
import * as nnc from './peers/contestants/nnc.ts';
import type { RecordedCase } from './recorded.ts';

/** Least times in milliseconds, by case: of a run whose result is waited for, or of a step in training. */
export async function measureAllCases(options: {
  readonly rounds: number;
  readonly steps: number;
  now(): number;
}): Promise<ReadonlyMap<string, RecordedCase>> {
  const contestants: readonly Contestant[] = [nnc, hand];
  for (const { setup } of contestants) await setup?.();
  const results = new Map<string, RecordedCase>();
  for (const [name, spec] of Object.entries(CASES)) {
    if (nnc.cases[spec.op] === undefined) continue;
    const jobs = await Promise.all(
      contestants.map((one) => prepare(one, spec).catch(() => undefined)),
    );
    const measured = jobs.map(
      (job) =>
        job && { run: async (n: number) => job.run(n), read: async () => [await job.sync()] },
    );
    const there = measured.filter((one) => one !== undefined);
    const steps = isTraining(spec.op) ? options.steps : 1;
    // A first round, not counted: shaders are compiled at their first use.
    await measure(there, { rounds: 2, steps, now: options.now });
    const times = await measure(there, { rounds: options.rounds, steps, now: options.now });
    const timing = measured.map((one) => {
      const at = one === undefined ? -1 : there.indexOf(one);
      return at < 0 ? undefined : timingOf(times[at] ?? []);
    });
    for (const job of jobs) await job?.dispose?.();
    const [ours, byHand] = timing;
    if (ours !== undefined) results.set(name, { nnc: ours, ...(byHand ? { hand: byHand } : {}) });
  }
  return results;
}

async function prepare({ cases }: Contestant, spec: Case): Promise<Job> {
  const open = cases[spec.op] as ((spec: Case, data: unknown) => Job | Promise<Job>) | undefined;
  if (open === undefined) throw new Error('not supported');
  return await open(spec, spec.data());
}
