/** Random bits: threefry2x32 with 20 rounds (Salmon et al., SC 2011), its first word. */
import { viaHelper, wgslFunction, zeroEverywhere } from './define-intrinsic.ts';
import type { Intrinsic } from './scalar.ts';

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;

/** First word of threefry2x32-20 with key (k0, k1) and counter (c0, c1), as an unsigned number. */
export function threefry32(k0: number, k1: number, c0: number, c1: number): number {
  const keys = [k0 | 0, k1 | 0, k0 ^ k1 ^ PARITY];
  let x = (c0 + k0) | 0;
  let y = (c1 + k1) | 0;
  for (let round = 0; round < 20; round++) {
    const r = ROTATIONS[round % 8] ?? 0;
    x = (x + y) | 0;
    y = ((y << r) | (y >>> (32 - r))) ^ x;
    if (round % 4 === 3) {
      const n = (round + 1) / 4;
      x = (x + (keys[n % 3] ?? 0)) | 0;
      y = (y + (keys[(n + 1) % 3] ?? 0) + n) | 0;
    }
  }
  return x >>> 0;
}

const threefryWgsl = wgslFunction('threefry', ['k0', 'k1', 'c0', 'c1'], (T, t) => {
  const lines: string[] = [];
  for (let round = 0; round < 20; round++) {
    const r = ROTATIONS[round % 8] ?? 0;
    const shift = (n: number) => (t.width === 1 ? `${n}u` : `vec${t.width}<u32>(${n}u)`);
    lines.push(`x += y; y = ((y << ${shift(r)}) | (y >> ${shift(32 - r)})) ^ x;`);
    if (round % 4 === 3) {
      const n = (round + 1) / 4;
      lines.push(`x += k${n % 3}; y += k${(n + 1) % 3} + ${T}(${n}u);`);
    }
  }
  return `
  let k2 = k0 ^ k1 ^ ${T}(${PARITY}u);
  var x = c0 + k0;
  var y = c1 + k1;
  ${lines.join('\n  ')}
  return x;
`;
});

/** Key (a0, a1), counter (a2, a3). */
export const threefry: Intrinsic = {
  name: 'threefry',
  arity: 4,
  domain: 'integer',
  result: 'same',
  cost: 80,
  js: (a) => threefry32(a[0] ?? 0, a[1] ?? 0, a[2] ?? 0, a[3] ?? 0),
  ...viaHelper(threefryWgsl),
  partials: zeroEverywhere,
};
