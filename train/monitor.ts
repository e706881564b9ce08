/** Which round of a run was the best so far, and whether it is time to stop because none has been better for long. */
import type { Averages } from './averages.ts';
import type { Place } from './fit-event.ts';

/** What is watched after each round. */
export interface Monitor {
  /** A loss or metric of the file. */
  readonly name: string;
  readonly rows: 'validation' | 'train';
  readonly better: 'less' | 'more';
  /** By so much a value must be better than the best to count; 0 takes any. */
  readonly minDelta: number;
  /** Training ends after so many rounds in a row that were not better; absent where it never does. */
  readonly patience?: number;
}

export interface Best {
  readonly value: number;
  readonly step: number;
  readonly epoch: number;
}

export interface MonitorState {
  readonly best?: Best;
  /** Rounds since the best one. */
  readonly waited: number;
}

export const unwatched: MonitorState = { waited: 0 };

/** The state after one more round. A value that is missing or not finite is never better. */
export function watch(
  monitor: Monitor,
  state: MonitorState,
  place: Place,
  measured: { readonly train: Averages; readonly validation?: Averages },
): MonitorState {
  const value = measured[monitor.rows]?.get(monitor.name) ?? Number.NaN;
  if (!isBetter(monitor, value, state.best?.value)) return { ...state, waited: state.waited + 1 };
  return { best: { value, step: place.step, epoch: place.epoch }, waited: 0 };
}

function isBetter({ better, minDelta }: Monitor, value: number, best: number | undefined): boolean {
  if (!Number.isFinite(value)) return false;
  if (best === undefined) return true;
  return better === 'less' ? value < best - minDelta : value > best + minDelta;
}

/** Whether the patience is at its end. */
export const exhausted = (monitor: Monitor | undefined, { waited }: MonitorState): boolean =>
  monitor?.patience !== undefined && waited >= monitor.patience;
