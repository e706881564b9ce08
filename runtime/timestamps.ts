/**
 * When the device began and ended the steps of a submit, by its own clock. Each submit in flight has a pair of places in a
 * query set and a staging buffer; when none is free, that submit is not timed.
 */
import type { DeviceGuard } from './device-guard.ts';
import { MAX_IN_FLIGHT } from './flight.ts';

/** Where a pass writes the times. */
export interface Marks {
  readonly querySet: GPUQuerySet;
  readonly begin: number;
  readonly end: number;
}

export interface SubmitTimer {
  readonly marks: Marks;
  /** Copies the times to where they can be read, behind the passes. */
  resolve(encoder: GPUCommandEncoder): void;
  /** After the submit: milliseconds between the two, or undefined where the device tells none. */
  read(): Promise<number | undefined>;
}

export interface Timestamps {
  timer(): SubmitTimer | undefined;
  readonly buffers: readonly GPUBuffer[];
  destroy(): void;
}

/** Two times of 8 bytes; a resolve begins at a multiple of 256. */
const PAIR_BYTES = 16;
const RESOLVE_ALIGNMENT = 256;
const NANOSECONDS_OF_A_MS = 1e6;
/** A submit's times are read a moment after it is done. */
const PAIRS = MAX_IN_FLIGHT + 2;

/** Undefined where the device has no timestamps. */
export function createTimestamps(device: GPUDevice, guard: DeviceGuard): Timestamps | undefined {
  if (!device.features.has('timestamp-query')) return undefined;
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 * PAIRS });
  const resolved = device.createBuffer({
    label: 'timestamps',
    size: PAIRS * RESOLVE_ALIGNMENT,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const staging = Array.from({ length: PAIRS }, (_, pair) =>
    device.createBuffer({
      label: `timestamps readback ${pair}`,
      size: PAIR_BYTES,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    }),
  );
  const free = [...staging.keys()];
  return {
    buffers: [resolved, ...staging],
    timer() {
      const pair = free.pop();
      const target = pair === undefined ? undefined : staging[pair];
      if (pair === undefined || target === undefined) return undefined;
      const [begin, end] = [2 * pair, 2 * pair + 1];
      return {
        marks: { querySet, begin, end },
        resolve(encoder) {
          encoder.resolveQuerySet(querySet, begin, 2, resolved, pair * RESOLVE_ALIGNMENT);
          encoder.copyBufferToBuffer(resolved, pair * RESOLVE_ALIGNMENT, target, 0, PAIR_BYTES);
        },
        async read() {
          await guard.wait(target.mapAsync(GPUMapMode.READ));
          const [from = 0n, to = 0n] = new BigUint64Array(target.getMappedRange().slice(0));
          target.unmap();
          free.push(pair);
          // Both the same: less than the clock tells apart. Both 0: it was not written.
          return to >= from && to > 0n ? Number(to - from) / NANOSECONDS_OF_A_MS : undefined;
        },
      };
    },
    destroy() {
      querySet.destroy();
      for (const buffer of [resolved, ...staging]) buffer.destroy();
    },
  };
}
