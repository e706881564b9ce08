/**
 * Averages of losses and metrics over the steps so far. The device sums in f32; the sums are taken
 * over into f64 totals here whenever they are read to the end and set to 0.
 */
import type { Session } from '../runtime/index.ts';

/** By name, in the order they are reported: the loss first. */
export type Averages = ReadonlyMap<string, number>;

export interface TallyReport {
  readonly values: Averages;
  /** Of all steps that the values cover. */
  readonly weight: number;
  /** Averages over what came in since the report before it. */
  readonly recent: Averages;
}

/** What a tally knows, exactly: with it, a run that was cut in two reports what one without a cut would. */
export interface TallyState {
  /** Weights of the steps in `totals`, and of those in `sums`. */
  readonly collected: number;
  readonly onDevice: number;
  /** By name; `sums` are the device's own, which each hold an f32. */
  readonly totals: ReadonlyMap<string, number>;
  readonly sums: ReadonlyMap<string, number>;
}

export interface Tally {
  /** Counts steps that have been submitted, and asks the device for a report on them. */
  submitted(weight: number): void;
  /** Averages from the newest report that has come in, with the weight that it covers. Never waits. */
  latest(): TallyReport | undefined;
  /**
   * Averages of all that was submitted since the last `collect` or `begin`, empty if that is nothing;
   * the totals keep it. Waits for the device.
   */
  collect(): Promise<Averages>;
  /** Averages since `begin`, as far as collected; empty if that is nothing. */
  total(): Averages;
  /** Everything since `begin`, and leaves it as it is. Waits for the device. */
  state(): Promise<TallyState>;
  /** Goes on from a state, in place of `begin`. */
  restore(state: TallyState): void;
  /** Forgets everything. */
  begin(): void;
}

/** `names`: which of the session's metrics, in order. */
export function createTally(session: Session, names: readonly string[]): Tally {
  const totals = new Map<string, number>();
  let collected = 0;
  let onDevice = 0;
  let reported: Reported = nothing;

  return {
    submitted(weight) {
      onDevice += weight;
      session.metrics.request(onDevice);
    },
    latest() {
      const report = session.metrics.take();
      if (report === undefined) return undefined;
      const weight = collected + report.tag;
      const values = divided((name) => sumOf(report.values, name), weight);
      const recent = since(reported, { values, weight });
      reported = { values, weight };
      return { values, weight, recent };
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
    async state() {
      const sums = onDevice === 0 ? new Map<string, number>() : await session.metrics.read();
      return {
        collected,
        onDevice,
        totals: new Map(totals),
        sums: new Map(names.map((name) => [name, sums.get(name) ?? 0])),
      };
    },
    restore(state) {
      session.metrics.reset();
      totals.clear();
      for (const name of names) totals.set(name, state.totals.get(name) ?? 0);
      for (const name of names)
        session.write(name, [state.sums.get(name) ?? 0], { role: 'metric' });
      collected = state.collected;
      onDevice = state.onDevice;
      reported = nothing;
    },
    begin() {
      totals.clear();
      collected = 0;
      onDevice = 0;
      reported = nothing;
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

type Reported = Omit<TallyReport, 'recent'>;
const nothing: Reported = { values: new Map(), weight: 0 };

/** Averages over what the later report has beyond the earlier one. */
function since(earlier: Reported, later: Reported): Averages {
  const weight = later.weight - earlier.weight;
  if (weight <= 0) return later.values;
  return new Map(
    [...later.values].map(([name, value]) => {
      const sum = value * later.weight - (earlier.values.get(name) ?? 0) * earlier.weight;
      return [name, sum / weight];
    }),
  );
}

/** Averages over all that a state covers; empty if that is nothing. */
export function averagesOf({ collected, onDevice, totals, sums }: TallyState): Averages {
  const weight = collected + onDevice;
  if (weight === 0) return new Map();
  return new Map([...sums].map(([name, sum]) => [name, ((totals.get(name) ?? 0) + sum) / weight]));
}
