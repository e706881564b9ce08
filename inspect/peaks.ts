/** What a device was measured to reach, and how near a kernel comes to it. */

export interface Peaks {
  readonly gbPerSecond: number;
  readonly gflopPerSecond: number;
}

export interface Reached extends Peaks {
  /** The larger of both as a part of the peak. Above 1 where caches help. */
  readonly ofPeak: number;
}

/** Of a kernel that moves `bytes` and computes `flops`; undefined where the time is below what the clock tells apart. */
export function reached(
  { bytes, flops }: { readonly bytes: number; readonly flops: number },
  microseconds: number,
  peaks: Peaks,
): Reached | undefined {
  if (microseconds <= 0) return undefined;
  // Bytes and operations a nanosecond are GB/s and GFLOP/s.
  const gbPerSecond = bytes / microseconds / 1000;
  const gflopPerSecond = flops / microseconds / 1000;
  const ofPeak = Math.max(gbPerSecond / peaks.gbPerSecond, gflopPerSecond / peaks.gflopPerSecond);
  return { gbPerSecond, gflopPerSecond, ofPeak };
}
