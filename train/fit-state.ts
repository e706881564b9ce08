/** Where a training run stands between two steps, as far as the host knows; the rest are tensors on the device. */
import type { TallyState } from './averages.ts';
import type { MonitorState } from './monitor.ts';

export interface FitState {
  /** Steps done. They decide epoch, place in the epoch's order and random numbers. */
  readonly step: number;
  /**
   * The averages of a round that has begun and was not reported; absent between rounds. A complete
   * round is unreported where training stopped before it was validated.
   */
  readonly round?: TallyState;
  readonly monitor: MonitorState;
}
