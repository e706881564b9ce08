/**
 * Reuse of activation memory: a tensor takes a slot whose last tenant is no longer needed. One slot is
 * one buffer, so a kernel never reads and writes the same one.
 */
export interface Lifetime {
  readonly tensor: number;
  readonly bytes: number;
  /** Kernel that writes it, and the last one that reads it. */
  readonly from: number;
  readonly to: number;
}

export interface Slots {
  /** Bytes of each slot. */
  readonly bytes: readonly number[];
  readonly slotOf: ReadonlyMap<number, number>;
}

/** Best fit in order of execution. `carried` are the slots of other programs, all free here; they may grow. */
export function assignSlots(lifetimes: readonly Lifetime[], carried: readonly number[]): Slots {
  const bytes = [...carried];
  const slotOf = new Map<number, number>();
  const busyUntil = bytes.map(() => -1);
  for (const life of [...lifetimes].sort((a, b) => a.from - b.from || b.bytes - a.bytes)) {
    const free = bytes.flatMap((size, slot) =>
      (busyUntil[slot] ?? -1) < life.from ? [{ slot, size }] : [],
    );
    const fitting = free.filter((f) => f.size >= life.bytes).sort((a, b) => a.size - b.size)[0];
    const chosen = fitting ?? free.sort((a, b) => b.size - a.size)[0];
    const slot = chosen?.slot ?? bytes.push(0) - 1;
    bytes[slot] = Math.max(bytes[slot] ?? 0, life.bytes);
    busyUntil[slot] = life.to;
    slotOf.set(life.tensor, slot);
  }
  return { bytes, slotOf };
}
