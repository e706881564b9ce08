/** Slots against a replay: no two tensors that live at once share one, and what can be reused is. */
import { describe, expect, test } from 'vitest';
import { assignSlots, type Lifetime } from '../../compiler/memory/assign-slots.ts';
import { randomFrom } from '../fuzz/random.ts';

const life = (tensor: number, bytes: number, from: number, to: number): Lifetime => ({
  tensor,
  bytes,
  from,
  to,
});

function check(lives: readonly Lifetime[], carried: readonly number[] = []): readonly number[] {
  const { bytes, slotOf } = assignSlots(lives, carried);
  for (const a of lives) {
    const slot = slotOf.get(a.tensor);
    expect(slot).toBeDefined();
    expect(bytes[slot ?? -1]).toBeGreaterThanOrEqual(a.bytes);
    for (const c of lives)
      if (c !== a && slotOf.get(c.tensor) === slot)
        expect(
          a.to < c.from || c.to < a.from,
          `${a.tensor} and ${c.tensor} share slot ${slot}`,
        ).toBe(true);
  }
  return bytes;
}

describe('slots', () => {
  test('a chain needs two: what a kernel reads is never where it writes', () => {
    expect(check(Array.from({ length: 10 }, (_, i) => life(i, 1024, i, i + 1)))).toEqual([
      1024, 1024,
    ]);
  });
  test('a larger tensor grows a free slot rather than opening another', () => {
    expect(check([life(0, 64, 0, 0), life(1, 4096, 1, 1)])).toEqual([4096]);
  });
  test('the best fitting slot is taken', () => {
    const bytes = check([
      life(0, 4096, 0, 1),
      life(1, 64, 0, 1),
      life(2, 48, 2, 3),
      life(3, 4000, 2, 3),
    ]);
    expect([...bytes].sort((a, b) => b - a)).toEqual([4096, 64]);
  });
  test('slots of other programs are free to use', () => {
    expect(check([life(0, 100, 0, 1)], [512, 16])).toEqual([512, 16]);
  });
  test('500 random sets of lifetimes (seed 3) replay without a clash', () => {
    const random = randomFrom(3);
    for (let round = 0; round < 500; round++)
      check(
        Array.from({ length: 1 + random(30) }, (_, i) => {
          const from = random(20);
          return life(i, 16 * (1 + random(40)), from, from + random(8));
        }),
      );
  });
});
