/** Scalar functions where the reference must do what WGSL does: integers wrap, casts keep bits or saturate. */
import { expect, test } from 'vitest';
import type { DType } from '../../compiler/graph/dtype.ts';
import { cast, evaluator, mapOp } from '../../compiler/ops/map.ts';
import * as f from '../../compiler/scalar/intrinsics.ts';
import { apply, arg, castTo, type Intrinsic } from '../../compiler/scalar/scalar.ts';
import { erf64 } from '../../compiler/scalar/special.ts';
import { threefry32 } from '../../compiler/scalar/threefry.ts';

const binary = (fn: Intrinsic, dtype: DType, x: number, y: number): number =>
  evaluator(apply(fn, arg(0), arg(1)), [dtype, dtype])([x, y]);

test.each<[Intrinsic, DType, number, number, number]>([
  [f.add, 'i32', 2147483647, 1, -2147483648],
  [f.add, 'u32', 4294967295, 1, 0],
  [f.sub, 'u32', 0, 1, 4294967295],
  [f.mul, 'i32', 65536, 65536, 0],
  [f.mul, 'u32', 4294967295, 4294967295, 1],
  [f.div, 'i32', -7, 2, -3],
  [f.div, 'i32', 7, 0, 7],
  [f.floordiv, 'i32', -7, 2, -4],
  [f.floordiv, 'i32', 5, 0, 5],
  [f.floordiv, 'f32', -7, 2, -4],
  [f.rem, 'i32', -7, 3, 2],
  [f.rem, 'i32', 7, -3, -2],
  [f.rem, 'i32', 7, 0, 0],
  [f.rem, 'f32', -1.5, 1, 0.5],
  [f.shr, 'u32', 4294967295, 28, 15],
  [f.shr, 'i32', -16, 2, -4],
  [f.pow, 'f32', -2, 3, -8],
  [f.pow, 'f32', 0, 0, 1],
])('%o on %s: %d and %d give %d', (fn, dtype, x, y, want) => {
  expect(binary(fn, dtype, x, y)).toBe(want);
});

test('round is half to even', () => {
  const round = evaluator(apply(f.round, arg(0)), ['f32']);
  expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6].map((x) => round([x]))).toEqual([
    0, 2, 2, -0, -2, 2, 3,
  ]);
});

test.each<[DType, DType, number, number]>([
  ['f32', 'i32', -2.9, -2],
  ['f32', 'i32', 1e20, 2147483647],
  ['f32', 'u32', -3, 0],
  ['i32', 'u32', -1, 4294967295],
  ['u32', 'i32', 4294967295, -1],
  ['f32', 'bool', 0.5, 1],
  ['bool', 'f32', 1, 1],
])('a cast from %s to %s makes %d into %d', (from, to, x, want) => {
  expect(evaluator(castTo(to, arg(0)), [from])([x])).toBe(want);
});

test('erf against tabulated values (Abramowitz & Stegun, table 7.1)', () => {
  expect(erf64(0.5)).toBeCloseTo(0.5204998778, 10);
  expect(erf64(-1)).toBeCloseTo(-0.8427007929, 10);
  expect(erf64(2)).toBeCloseTo(0.995322265, 9);
  expect(erf64(3)).toBeCloseTo(0.9999779095, 10);
});

test('threefry2x32-20 against the vectors that its authors published (Random123, kat_vectors)', () => {
  expect(threefry32(0, 0, 0, 0)).toBe(0x6b200159);
  expect(threefry32(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff)).toBe(0x1cb996fc);
  expect(threefry32(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3)).toBe(0xc4923a9c);
});

test('an op refuses a dtype that its function has no meaning for', () => {
  expect(() => mapOp(f.exp).infer([{ dtype: 'i32', shape: [] }], {})).toThrow(
    /not defined for i32/,
  );
  expect(() =>
    mapOp(f.add).infer(
      [
        { dtype: 'i32', shape: [] },
        { dtype: 'f32', shape: [] },
      ],
      {},
    ),
  ).toThrow(/one dtype/);
  expect(cast.infer([{ dtype: 'bool', shape: [2] }], { to: 'f32' })).toEqual({
    dtype: 'f32',
    shape: [2],
  });
});
