/**
 * Reading tensors back: ranges of several buffers are gathered into one staging buffer, which is
 * created once and used for every read; larger tensors come in pieces.
 */
import type { DeviceBuffer } from './buffers.ts';
import type { DeviceGuard } from './device-guard.ts';
import { roundUp, WORD } from './storage.ts';

/** Bytes of a buffer, copied into `target` from its start on. */
export interface ReadRange {
  /** Asked for when the copy is queued: buffers may have changed places since the read was wanted. */
  buffer(): DeviceBuffer;
  readonly offset: number;
  /** A whole number of words long. */
  readonly target: Uint8Array;
}

export interface Readback {
  /** Bytes of the staging buffer. */
  readonly bytes: number;
  /** Fills the targets with what the buffers hold after everything submitted so far. */
  read(ranges: readonly ReadRange[]): Promise<void>;
  close(): void;
}

interface Piece {
  readonly range: ReadRange;
  /** Bytes from the start of the range. */
  readonly from: number;
  /** Bytes from the start of the staging buffer. */
  readonly at: number;
  readonly bytes: number;
}

/**
 * A staging buffer stands for the whole session and is used now and then. So it is small beside what is read,
 * unless the pieces would be so many that waiting for each takes longer than copying.
 */
const STAGING = { least: 256 * 2 ** 10, most: 16 * 2 ** 20, pieces: 16 } as const;

/** `largest` is the number of bytes of all that may be asked for at once. */
export function createReadback(device: GPUDevice, guard: DeviceGuard, largest: number): Readback {
  const { least, most, pieces } = STAGING;
  const wanted = Math.min(most, Math.max(least, largest / pieces));
  const bytes = Math.max(WORD, roundUp(Math.min(wanted, largest), WORD));
  const staging = device.createBuffer({
    label: 'readback',
    size: bytes,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  let last: Promise<void> = Promise.resolve();
  return {
    bytes,
    read(ranges) {
      // One read at a time: there is one staging buffer.
      const next = last.then(() => readAll(ranges));
      last = next.catch(() => undefined);
      return next;
    },
    close: () => staging.destroy(),
  };

  async function readAll(ranges: readonly ReadRange[]): Promise<void> {
    for (const pieces of fillStaging(ranges, bytes)) {
      const encoder = device.createCommandEncoder();
      for (const { range, from, at, bytes: size } of pieces) {
        encoder.copyBufferToBuffer(range.buffer().gpu, range.offset + from, staging, at, size);
      }
      device.queue.submit([encoder.finish()]);
      const used = pieces.reduce((end, piece) => Math.max(end, piece.at + piece.bytes), 0);
      await guard.wait(staging.mapAsync(GPUMapMode.READ, 0, used));
      const mapped = new Uint8Array(staging.getMappedRange(0, used));
      for (const { range, from, at, bytes: size } of pieces) {
        range.target.set(mapped.subarray(at, at + size), from);
      }
      staging.unmap();
    }
  }
}

/** Splits ranges into pieces and those into groups of at most `capacity` bytes. */
function* fillStaging(ranges: readonly ReadRange[], capacity: number): Iterable<readonly Piece[]> {
  let pieces: Piece[] = [];
  let at = 0;
  for (const range of ranges) {
    for (let from = 0; from < range.target.byteLength; ) {
      const bytes = Math.min(range.target.byteLength - from, capacity - at);
      pieces.push({ range, from, at, bytes });
      from += bytes;
      at += bytes;
      if (at < capacity) continue;
      yield pieces;
      pieces = [];
      at = 0;
    }
  }
  if (pieces.length > 0) yield pieces;
}
