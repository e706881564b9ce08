/** What `nnc train --stats` prints: what a step costs, and what of the time is not the device's work on steps. */
import type { RunStatistics } from '../runtime/index.ts';
import { bytesText, counted, durationText, grouped } from './numbers.ts';

export interface TrainingCost {
  readonly statistics: RunStatistics;
  /** Milliseconds: of the training without validation and checkpoints, and of the process's CPU time meanwhile. */
  readonly trainingMs: number;
  readonly cpuMs: number;
}

/** Facts by label, each one line. */
export function statisticsText(cost: TrainingCost): readonly (readonly [string, string])[] {
  const { statistics: s, trainingMs, cpuMs } = cost;
  const step = (ms: number): string => `${(ms / s.steps).toFixed(3)} ms a step`;
  const rest = Math.max(0, 1 - s.deviceMs / trainingMs);
  const clock =
    s.deviceClock === 'timestamps' ? "by the device's clock" : 'by the wall, from submit to submit';
  const inputs =
    s.uploads === 0
      ? 'none'
      : `${grouped(s.uploads)} batches of ${bytesText(s.uploadedBytes / s.uploads)}; ${(s.uploadMs / s.uploads).toFixed(3)} ms a batch`;
  return [
    [
      'steps',
      `${grouped(s.steps)} in ${counted(s.submits, 'submit')}, ${(s.steps / s.submits).toFixed(1)} a submit, at most ${s.mostInFlight} in flight`,
    ],
    ['device', `${durationText(s.deviceMs / 1000)}, ${step(s.deviceMs)} (${clock})`],
    ['encoding', step(s.encodeMs)],
    ['uploads', inputs],
    [
      'CPU',
      `${durationText(cpuMs / 1000)}, ${step(cpuMs)} (this process: all threads, the driver's too)`,
    ],
    [
      'share',
      `${(100 * rest).toFixed(1)} % of ${durationText(trainingMs / 1000)} of training were not the device's work on steps`,
    ],
  ];
}
