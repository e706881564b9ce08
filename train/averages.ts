/**
 * Averages of losses and metrics over the steps so far. The device sums in f32; the sums are taken
 * over into f64 totals here whenever they are read to the end and set to 0.
 */
import type { Session } from '../runtime/index.ts';

/** By name, in the order they are reported: the loss first. */
export type Averages = ReadonlyMap<string, number>;

export interface Tally {
  /** Counts steps that have been submitted, and asks the device for a report on them. */
  submitted(weight: number): void;
  /** Averages from the newest report that has come in, with the weight that it covers. Never waits. */
  latest(): { readonly values: Averages; readonly weight: number } | undefined;
  /**
   * Averages of all that was submitted since the last `collect` or `begin`, empty if that is nothing;
   * the totals keep it. Waits for the device.
   */
  collect(): Promise<Averages>;
  /** Averages since `begin`, as far as collected; empty if that is nothing. */
  total(): Averages;
  /** Forgets everything. */
  begin(): void;
}

/** `names`: which of the session's metrics, in order. */
export function createTally(session: Session, names: readonly string[]): Tally {
  const totals = new Map<string, number>();
  let collected = 0;
  let onDevice = 0;

  return {
    submitted(weight) {
      onDevice += weight;
      session.metrics.request(onDevice);
    },
    latest() {
      const report = session.metrics.take();
      if (report === undefined) return undefined;
      const weight = collected + report.tag;
      return { weight, values: divided((name) => sumOf(report.values, name), weight) };
    },
    async collect() {
      if (onDevice === 0) return new Map();
      const sums = await session.metrics.read();
      const weight = onDevice;
      for (const name of names) totals.set(name, (totals.get(name) ?? 0) + (sums.get(name) ?? 0));
      collected += onDevice;
      onDevice = 0;
      session.metrics.reset();
      return new Map(names.map((name) => [name, (sums.get(name) ?? 0) / weight]));
    },
    total: () => divided((name) => totals.get(name) ?? 0, collected),
    begin() {
      totals.clear();
      collected = 0;
      onDevice = 0;
      session.metrics.reset();
    },
  };

  function sumOf(values: ReadonlyMap<string, number>, name: string): number {
    return (totals.get(name) ?? 0) + (values.get(name) ?? 0);
  }
  function divided(sum: (name: string) => number, weight: number): Averages {
    return new Map(weight === 0 ? [] : names.map((name) => [name, sum(name) / weight]));
  }
}
