/**
 * Sentences of the reference as `expect`s, which hold in the interpreter and on the device. A group is one
 * program; values are worked out by hand.
 */
import { describe, test } from 'vitest';
import { expectHeld } from '../support/expectations.ts';

const groups: readonly (readonly [string, string])[] = [
  [
    'whole numbers: `//` and `%` floor, also at the ends of the range',
    `
let i: i32[8] = [7, -7, 7, -7, 0, -1, 2147483647, -2147483648]
let j: i32[8] = [3, 3, -3, -3, 5, 5, 10, 10]
expect i // j == [2, -3, -3, 2, 0, -1, 214748364, -214748365]
expect i % j == [1, 2, -2, -1, 0, 4, 7, 2]
let large: i32[2] = [1900000000, -1900000000]
expect large % 2000000000 == [1900000000, 100000000]
expect large // 2000000000 == [0, -1]
let u: u32[4] = [7, 4000000000, 4294967295, 1]
expect u // 3 == [2, 1333333333, 1431655765, 0]
expect u % 10 == [7, 0, 5, 1]
expect i ** 2 == i * i
expect i[:4] ** 3 == [343, -343, 343, -343]
`,
  ],
  [
    'floats: `//` and `%` floor and agree with each other',
    `
let f: f32[6] = [7, -7, 7.5, -7.5, -1e-9, 0]
let h: f32[6] = [3, 3, -2, 2, 5, 5]
expect f // h == [2, -3, -4, -4, -1, 0]
expect f[:4] % h[:4] == [1, 2, -0.5, 0.5]
input a: f32[n, 64]
let b = a[:, ::-1] + 3
expect allclose(a // b * b + a % b, a)
expect (a % b >= 0) and (a % b <= b)
let k = cast(1 + iota(100), f32)
expect k // k == ones([100])
expect k * 3 // k == full([100], 3)
`,
  ],
  [
    'powers',
    `
let f: f32[4] = [7, -7, 7.5, -7.5]
expect f ** 2 == [49, 49, 56.25, 56.25]
expect allclose(f[:2] ** 3, [343, -343])
expect allclose(f[:2] ** -1, [1 / 7, -1 / 7])
let one_half: f32 = 0.5
let none = f ** one_half
expect (none == none) == [true, false, true, false]
let zero: f32 = 0
expect zero ** 0 == 1
expect 2 ** zero == 1
`,
  ],
  [
    'numbers that are known keep their meaning where WGSL refuses the formula',
    `
let zero: f32 = 0
let minus: f32 = -1
let none: i32 = 0
let i: i32[2] = [7, -7]
input ids: i32[n]
expect 1 / zero > 1e38
expect log(zero) < -1e38
expect exp(minus * -1000) > 1e38
expect not log(minus) == log(minus)
expect not sqrt(minus) == sqrt(minus)
expect i // none == i
expect i % none == [0, 0]
expect ids // none == ids
expect ids % none == 0 * ids
`,
  ],
  [
    'casts of known numbers do not pass through f32',
    `
expect cast([16777217, 2147483647], i32) == [16777217, 2147483647]
expect cast([1.7, -1.7], i32) == [1, -1]
expect cast([true, false], i32) == [1, 0]
expect cast([4294967295], u32)[0] > cast(4294967294, u32)
expect if cast(2, bool) then true else false
`,
  ],
];

describe('what holds here and on the device', () => {
  test.each(groups)('%s', (_, text) => expectHeld(text));
});
