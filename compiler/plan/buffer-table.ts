/** The buffers of a plan. Each has a key under which later programs find it again and share it. */
import type { PlanBuffer } from '../../runtime/plan.ts';
import { type StorageDType, storageBits } from '../graph/dtype.ts';
import type { DeviceProfile } from '../schedule/device.ts';
import { tooLarge } from './capacity-error.ts';

/** Bytes of a stored tensor, filled up to whole vectors of 16. */
export const paddedBytes = (storage: StorageDType, elements: number): number =>
  Math.max(16, Math.ceil((elements * storageBits(storage)) / 8 / 16) * 16);

/** Bytes of loop bounds, one 32-bit word each, in a uniform of vectors. */
export const boundsBytes = (words: readonly number[]): number => Math.ceil(words.length / 4) * 16;

export class BufferTable {
  readonly #buffers: (Omit<PlanBuffer, 'bytes'> & { bytes: number })[] = [];
  readonly #idByKey = new Map<string, number>();
  readonly #device: DeviceProfile;

  constructor(device: DeviceProfile) {
    this.#device = device;
  }

  get all(): readonly PlanBuffer[] {
    return this.#buffers;
  }

  /** Bytes that one buffer can have, more than may be bound at once. */
  get maxBytes(): number {
    return this.#device.maxBufferBytes;
  }

  /** Bytes that one buffer can have and be bound with. */
  get limit(): number {
    return Math.min(this.#device.maxBindingBytes, this.#device.maxBufferBytes);
  }

  /** The buffer under a key; it grows to the largest size asked for. */
  shared(key: string, bytes: number, kind: PlanBuffer['class'], label: string): number {
    this.checkSize(label, bytes);
    const seen = this.#idByKey.get(key);
    if (seen === undefined) return this.#add(key, { bytes, class: kind, label });
    const buffer = this.#buffers[seen];
    if (buffer !== undefined) buffer.bytes = Math.max(buffer.bytes, bytes);
    return seen;
  }

  /** The uniform that holds these loop bounds. */
  bounds(words: readonly number[]): number {
    const key = `bounds:${words.join()}`;
    const bytes = boundsBytes(words);
    const padded = [...words, ...Array<number>(bytes / 4 - words.length).fill(0)];
    return (
      this.#idByKey.get(key) ??
      this.#add(key, { bytes, class: 'uniform', label: 'loop bounds', data: padded })
    );
  }

  /** A larger tensor than may be bound at once is bound in parts, if every kernel that uses it can be. */
  checkSize(label: string, bytes: number): void {
    if (bytes > this.maxBytes) throw tooLarge(label, bytes, this.maxBytes);
  }

  #add(key: string, buffer: Omit<PlanBuffer, 'id'>): number {
    const id = this.#buffers.length;
    this.#buffers.push({ id, ...buffer });
    this.#idByKey.set(key, id);
    return id;
  }
}
