/** What the training loop tells while it runs: data for a progress bar, a log, a file of weights. */
import type { Averages } from './averages.ts';
import type { FitState } from './fit-state.ts';

export type FitEvent =
  | {
      readonly kind: 'progress';
      readonly place: Place;
      /** Averages over the round so far. */
      readonly values: Averages;
      /** Averages over what came in since the last of these events. */
      readonly recent: Averages;
      readonly rowsPerSecond: number;
      readonly secondsLeft: number;
    }
  /** One step alone: what its batch gave before its update. */
  | { readonly kind: 'step'; readonly place: Place; readonly values: Averages }
  /** A round is complete. */
  | { readonly kind: 'round'; readonly place: Place; readonly report: RoundReport }
  /** The round now complete is the best so far; comes before its `round`. */
  | { readonly kind: 'best'; readonly place: Place }
  /**
   * All losses so far were finite, and the tensors on the device are those after `place`: with them, `state` is
   * enough to go on. As often as asked for, and where training ends or stops.
   */
  | {
      readonly kind: 'checkpoint';
      readonly place: Place;
      readonly state: FitState;
      /** Nothing is left to do. */
      readonly complete: boolean;
    };

/**
 * A round is an epoch; where every step takes all rows, and so each is an epoch of its own, a round
 * is `logEvery` steps.
 */
export interface RoundReport {
  readonly train: Averages;
  readonly validation?: Averages;
  /** Validation included. */
  readonly seconds: number;
  /** Validation left out. */
  readonly rowsPerSecond: number;
}

export interface Place {
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
  /** The epoch that the last step done belongs to, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly stepsInEpoch: number;
  /** Steps done in that epoch. */
  readonly stepOfEpoch: number;
}

export function placeAt(step: number, steps: number, stepsInEpoch: number): Place {
  const epoch = Math.max(1, Math.ceil(step / stepsInEpoch));
  return {
    step,
    steps,
    epoch,
    epochs: Math.ceil(steps / stepsInEpoch),
    stepsInEpoch,
    stepOfEpoch: step - (epoch - 1) * stepsInEpoch,
  };
}
