/** One case over all contestants: prepared, checked, warmed up, and measured in interleaved rounds. */
import { relativeError, type Timing, timingOf } from '../measure.ts';
import { CASES, isTraining } from './cases.ts';
import type { Run } from './messages.ts';
import type { Worker } from './process.ts';
import { CHECKED_STEPS, reference } from './reference.ts';

export interface CaseResult {
  readonly name: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly id: string;
  /** Milliseconds of a run, or of a step in training; absent where it failed or does not do this case. */
  readonly timing?: Timing;
  readonly samples: readonly number[];
  /** CPU time of the process for one, in milliseconds. */
  readonly cpuMs?: number;
  /** The first run, shader compilation included. */
  readonly firstMs?: number;
  /** Against f64. */
  readonly relativeError?: number;
  /** Dispatches, submits and so on of one step in the steady state. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Bytes of GPU buffers since the case was prepared, inputs included: at the end, and most. */
  readonly liveBytes?: number;
  readonly peakBytes?: number;
  /** Why there are no times, or why they mean nothing. */
  readonly problem?: string;
}

export interface RoundOptions {
  readonly rounds: number;
  /** Of a round, in training. */
  readonly steps: number;
  readonly check: boolean;
  /** Called between two measurements: the machine may be given to somebody else for a moment. */
  breathe(): Promise<void>;
}

type Draft = { -readonly [Key in keyof Row]: Row[Key] } & { samples: number[]; base: number };

const WARM_UP_RUNS = 3;
/** f32 sums in any order stay far below this. */
const ALLOWED_ERROR = 1e-2;

export async function runCase(
  name: string,
  workers: readonly Worker[],
  options: RoundOptions,
): Promise<CaseResult> {
  const spec = CASES[name];
  if (spec === undefined) throw new Error(`no case ${name}`);
  const training = isTraining(spec.op);
  const expected = options.check ? reference(spec) : undefined;
  const rows = new Map(
    workers.map((w): [Worker, Draft] => [w, { id: w.id, samples: [], base: 0 }]),
  );
  const live = (): Worker[] => workers.filter((w) => rows.get(w)?.problem === undefined);
  const attempt = async (worker: Worker, work: (row: Draft) => Promise<void>): Promise<void> => {
    const row = rows.get(worker);
    if (row === undefined || row.problem !== undefined) return;
    try {
      await work(row);
    } catch (error) {
      row.problem = shortMessage(error);
    }
    await options.breathe();
  };

  for (const worker of workers)
    await attempt(worker, async (row) => {
      if (!worker.hello.cases.includes(name)) throw new Error('not supported');
      row.base = (await worker.prepare(name)).base;
      const first = await worker.run(1);
      row.firstMs = first.ms;
      if (expected !== undefined) {
        const got = await firstResults(worker, first, training);
        if (got !== null) row.relativeError = relativeError(got, expected);
      }
      for (let run = 1; run < WARM_UP_RUNS; run++) await worker.run(training ? options.steps : 1);
      row.counts = await steadyCounts(worker);
    });
  for (let round = 0; round < options.rounds; round++) {
    // The order turns, so that nobody always follows the same neighbour.
    const order = live();
    for (let turn = 0; turn < order.length; turn++) {
      const worker = order[(round + turn) % order.length];
      if (worker === undefined) continue;
      await attempt(worker, async (row) => {
        const count = training ? options.steps : 1;
        const run = await worker.run(count);
        row.samples.push(run.ms / count);
        row.cpuMs = Math.min(row.cpuMs ?? Number.POSITIVE_INFINITY, run.cpuMs / count);
        row.liveBytes = run.liveBytes - row.base;
        row.peakBytes = run.peakBytes - row.base;
      });
    }
  }
  for (const worker of live())
    await attempt(worker, async (row) => {
      const { errors } = await worker.dispose();
      if (errors[0] !== undefined) row.problem = `INVALID, device error: ${errors[0]}`;
      else if ((row.relativeError ?? 0) > ALLOWED_ERROR) row.problem = 'INVALID, wrong result';
    });
  return {
    name,
    rows: [...rows.values()].map(({ base: _, ...row }) =>
      row.problem === undefined ? { ...row, timing: timingOf(row.samples) } : row,
    ),
  };
}

async function firstResults(
  worker: Worker,
  first: Run,
  training: boolean,
): Promise<ArrayLike<number> | null> {
  if (!training) return await worker.output();
  const losses = [first.value];
  while (losses.length < CHECKED_STEPS) losses.push((await worker.run(1)).value);
  return losses;
}

/** Two runs of different length, subtracted, so that the read-back is not in it. */
async function steadyCounts(worker: Worker): Promise<Record<string, number>> {
  const short = await worker.run(1);
  const long = await worker.run(3);
  return Object.fromEntries(
    Object.entries(long.counts).map(([k, n]) => [k, (n - (short.counts[k] ?? 0)) / 2]),
  );
}

const shortMessage = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 160) ?? '';
