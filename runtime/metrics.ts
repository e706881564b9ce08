/**
 * The metric sums of a plan, read back without stalling: a copy into one of a few staging buffers is
 * queued behind the steps, and its report is there some submits later. When all of them are on
 * their way, a report is left out.
 */
import type { DeviceBuffer } from './buffers.ts';
import type { DeviceGuard } from './device-guard.ts';
import { WORD } from './storage.ts';

/** Sums that were read without stalling the steps behind them. */
export interface MetricReport {
  /** The number given to `request`, such as the samples seen until then. */
  readonly tag: number;
  /** The sums by name, as they were when all steps submitted before the request had run. */
  readonly values: ReadonlyMap<string, number>;
}

/** The sums that steps add to on the device: the loss and metrics, each times the number of samples. */
export interface Metrics {
  readonly names: readonly string[];
  /** Sets all sums to 0 behind what has been submitted. Reports requested before are dropped. */
  reset(): void;
  /** Asks for a report on everything submitted so far and returns at once; false when none is free. */
  request(tag: number): boolean;
  /** The newest report that has arrived and was not taken yet. */
  take(): MetricReport | undefined;
  /** The sums after everything submitted so far: waits for the device. */
  read(): Promise<ReadonlyMap<string, number>>;
}

export interface MetricSum {
  readonly name: string;
  /** Where it lies now. */
  buffer(): DeviceBuffer;
  readonly offset: number;
}

/** One report being copied, one being mapped, one to spare. */
export const STAGING_BUFFERS = 3;

/** `destroy` releases the staging buffers. */
export function createMetrics(
  device: GPUDevice,
  guard: DeviceGuard,
  sums: readonly MetricSum[],
  readSums: () => Promise<ReadonlyMap<string, number>>,
): Metrics & { destroy(): void } {
  const bytes = Math.max(1, sums.length) * WORD;
  const staging = Array.from({ length: STAGING_BUFFERS }, (_, index) =>
    device.createBuffer({
      label: `metrics readback ${index}`,
      size: bytes,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    }),
  );
  const free = [...staging];
  const zero = new Float32Array(1);
  let epoch = 0;
  let newest: MetricReport | undefined;

  return {
    names: sums.map((sum) => sum.name),
    reset() {
      for (const { buffer, offset } of sums) device.queue.writeBuffer(buffer().gpu, offset, zero);
      epoch += 1;
      newest = undefined;
    },
    request(tag) {
      guard.check();
      const target = free.pop();
      if (target === undefined) return false;
      void fetchReport(target, tag, epoch);
      return true;
    },
    take() {
      const report = newest;
      newest = undefined;
      return report;
    },
    read: readSums,
    destroy() {
      for (const buffer of staging) buffer.destroy();
    },
  };

  async function fetchReport(target: GPUBuffer, tag: number, requested: number): Promise<void> {
    const encoder = device.createCommandEncoder();
    for (const [index, { buffer, offset }] of sums.entries()) {
      encoder.copyBufferToBuffer(buffer().gpu, offset, target, index * WORD, WORD);
    }
    device.queue.submit([encoder.finish()]);
    try {
      await target.mapAsync(GPUMapMode.READ);
    } catch {
      // Lost or closed: the guard tells whoever waits for something.
      return;
    }
    const values = new Float32Array(target.getMappedRange().slice(0));
    target.unmap();
    free.push(target);
    if (requested !== epoch) return;
    newest = { tag, values: new Map(sums.map((sum, index) => [sum.name, values[index] ?? 0])) };
  }
}
