/** Interleaved rounds: every contestant is measured in every round, in an order that turns, so that a busy machine slows all alike. */
import type { Contestant } from './contestant.ts';

export interface Timing {
  /** Milliseconds of one step. */
  readonly least: number;
  readonly median: number;
}

/**
 * Milliseconds of one step by contestant and round: `steps` are queued, then one result is read back;
 * the time is divided by `steps`.
 */
export async function measure(
  contestants: readonly Pick<Contestant, 'run' | 'read'>[],
  { rounds, steps, now }: { readonly rounds: number; readonly steps: number; now(): number },
): Promise<number[][]> {
  const times = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < contestants.length; turn++) {
      const i = (round + turn) % contestants.length;
      const contestant = contestants[i];
      if (contestant === undefined) continue;
      const started = now();
      await contestant.run(steps);
      await contestant.read();
      times[i]?.push((now() - started) / steps);
    }
  return times;
}

/** Each kernel alone, several times in one submit. The cost of submitting and waiting, shared by the repeats, is part of it. */
export async function measureKernels(
  contestant: Contestant,
  { rounds, now }: { readonly rounds: number; now(): number },
): Promise<Timing[]> {
  const repeats = 8;
  const timings: Timing[] = [];
  for (const [kernel] of contestant.kernels.entries()) {
    const times: number[] = [];
    await contestant.runOnly(kernel, 1);
    for (let round = 0; round < rounds; round++) {
      const started = now();
      await contestant.runOnly(kernel, repeats);
      times.push((now() - started) / repeats);
    }
    timings.push(timingOf(times));
  }
  return timings;
}

export function timingOf(times: readonly number[]): Timing {
  return { least: Math.min(...times), median: medianOf(times) };
}

/** Median of the ratios round by round: a slow moment of the machine is in both times. */
export const pairedRatio = (times: readonly number[], baseline: readonly number[]): number =>
  medianOf(times.map((time, round) => time / (baseline[round] ?? Number.NaN)));

function medianOf(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = 0, high = 0] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return (low + high) / 2;
}

/** Largest |got - expected| / (|expected| + 0.01); infinite where a value is not a number or missing. */
export function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Array.from(expected).reduce((worst, want, i) => {
    const error = Math.abs((got[i] ?? Number.NaN) - want) / (Math.abs(want) + 0.01);
    return Math.max(worst, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }, 0);
}
