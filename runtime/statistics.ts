/** What the steps of a program have cost since the session was opened: counted as they are submitted, timed as they are done. */

export interface RunStatistics {
  readonly steps: number;
  readonly submits: number;
  /** Most submits that the device had not finished, at any one time. */
  readonly mostInFlight: number;
  readonly uploads: number;
  readonly uploadedBytes: number;
  /** Milliseconds of this thread: for batches on their way into the queue, and for encoding and submitting steps. */
  readonly uploadMs: number;
  readonly encodeMs: number;
  /** Milliseconds that the device worked on steps that are done. */
  readonly deviceMs: number;
  /** How those were measured: by the device's own clock, or from submit to submit by this one. */
  readonly deviceClock: 'timestamps' | 'wall';
}

export type Statistics = { -readonly [Key in keyof RunStatistics]: RunStatistics[Key] };

export const noStatistics = (): Statistics => ({
  steps: 0,
  submits: 0,
  mostInFlight: 0,
  uploads: 0,
  uploadedBytes: 0,
  uploadMs: 0,
  encodeMs: 0,
  deviceMs: 0,
  deviceClock: 'wall',
});

/** Of several programs together. */
export function totalOf(all: readonly RunStatistics[]): RunStatistics {
  const total = noStatistics();
  for (const one of all) {
    total.steps += one.steps;
    total.submits += one.submits;
    total.mostInFlight = Math.max(total.mostInFlight, one.mostInFlight);
    total.uploads += one.uploads;
    total.uploadedBytes += one.uploadedBytes;
    total.uploadMs += one.uploadMs;
    total.encodeMs += one.encodeMs;
    total.deviceMs += one.deviceMs;
    if (one.deviceClock === 'timestamps') total.deviceClock = 'timestamps';
  }
  return total;
}
