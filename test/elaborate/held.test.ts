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
  [
    'products, one-sided broadcasting, axes by name',
    `
dim t <= 64, t % 2
input x: f32[b, t, c]
input a: f32[n]
input m: f32[n, 4]
let [bb, tt, cc] = shape(x)
fn g(v: float[...l, q], w: float[q, r]) = v @ w
fn lead(v: float[...l, q]) = zeros([...l, 2])
let v3: f32[3] = [1, 2, 3]
let M: f32[3, 2] = [[1, 2], [3, 4], [5, 6]]
expect v3 @ M == [22, 28]
expect M.T @ v3 == [22, 28]
expect v3 @ v3 == 14
let T3 = stack([M, 2 * M])
expect shape(T3)[0] == 2
expect v3 @ T3 == [[22, 28], [44, 56]]
expect T3 @ cast([1, 1], f32) == [[3, 7, 11], [6, 14, 22]]
expect M @ T3.T == [M @ M.T, 2 * (M @ M.T)]
expect g(T3, M.T @ M) == T3 @ (M.T @ M)
expect shape(lead(x)) == [bb, tt, 2]
expect a[:, None] - a[None, :] == -(a[None, :] - a[:, None])
expect (m - m[:, :1])[:, 0] == zeros([n])
expect shape(m - a[:, None]) == [n, 4]
expect allclose(mean(x, axis=t), sum(x, axis=1) / tt)
expect allclose(mean(x, axis=[0, -1]), mean(x, keep=1))
expect allclose(sum(x, keep=-1), sum(x, axis=[0, 1]))
expect allclose(max(x, axis=c, keepdims=true)[:, :, 0], max(x, axis=-1))
`,
  ],
  [
    'indices, gathers and patterns',
    `
input x: f32[b, t, c]
let [bb, tt, cc] = shape(x)
input a: f32[n]
let v3: f32[3] = [1, 2, 3]
let tb: f32[4, 2] = [[0, 1], [2, 3], [4, 5], [6, 7]]
expect tb[[3, 0, 3]] == [[6, 7], [0, 1], [6, 7]]
expect tb[cast([2], i32)] == [[4, 5]]
expect tb[:, [1, 0]] == flip(tb, axis=1)
expect take(tb, [1], axis=1) == tb[:, 1:]
expect tb[cast([9, -1, 0], i32)] == [[0, 0], [0, 0], [0, 1]]
expect tb[..., None][0, 1, 0] == 1
expect tb[None, ..., 1][0] == [1, 3, 5, 7]
expect tb[-1, -1] == 7
expect tb[::-2] == [[6, 7], [2, 3]]
expect tb[-1:0:-1][:, 0] == [6, 4, 2]
expect tb[3:0:-2, ::-1] == [[7, 6], [3, 2]]
expect x[:, ::-1][:, 0] == x[:, -1]
expect x[..., ::2] == x[:, :, 0:cc:2]
expect sum(one_hot([0, 2], 3), axis=0) == [1, 0, 1]
expect cumsum(v3) == [1, 3, 6]
expect cumprod(v3, reverse=true) == [6, 6, 3]
expect sort(cast([3, 1, 2], f32), descending=true) == [3, 2, 1]
let (vals, where_) = topk(cast([3, 1, 9, 2], f32), 2)
expect vals == [9, 3]
expect where_ == [2, 0]
expect pad(v3, [[1, 2]]) == [0, 1, 2, 3, 0, 0]
expect pad(v3, [[1, 1]], mode="reflect") == [2, 1, 2, 3, 2]
expect tril(ones([3, 3])) == cast(iota(3)[:, None] >= iota(3)[None, :], f32)
expect scatter_add([0, 2, 0], v3, 4) == [4, 0, 2, 0]
expect rearrange(tb, "(a b) c -> a (b c)", a=2) == [[0, 1, 2, 3], [4, 5, 6, 7]]
expect einsum("i j, i -> j", tb, cast([1, 0, 0, 2], f32)) == [12, 15]
expect sum(cast([true, false, true], bool)) == 2
expect mean(a > 2) == 0
`,
  ],
  [
    'rules and gradients',
    `
fn ste(x) = round(x) vjp (y, dy) => dy
fn mulr(a, b, k = 2) = a * b * k vjp (y, dy) => (dy * b * 10, dy * a * 100)
let x: f32[3] = [0.4, 1.6, -0.6]
let w: f32[3] = [1, 2, 3]
expect grad(sum(ste(x) * w), x) == w
expect ste(x) == [0, 2, -1]
let (ga, gb) = grad(mulr(x, w), (x, w))
expect ga == w * 10
expect gb == x * 100
let s: f32 = 2
let y = s ** 4
let d1 = grad(y, s)
let d2 = grad(d1, s)
let d3 = grad(d2, s)
expect y == 16
expect d1 == 32
expect d2 == 48
expect d3 == 48
expect grad(grad(s ** 3, s) * s, s) == 36
expect grad(x * x, x) == 2 * x
let (p, q) = grad(sum(x * w), [x, w])
expect p == w
expect q == x
`,
  ],
  [
    'random calls, classes of types, sizes, lists',
    `
let x: f32[3] = [0.4, 1.6, -0.6]
let w: f32[3] = [1, 2, 3]
let r1 = normal(0, 1, shape=[1000])
let r2 = normal(0, 1, shape=[1000])
expect abs(mean(r1)) < 0.15
expect abs(mean(r1 * r2)) < 0.15
expect sum(cast(r1 == r2, f32)) < 10
let bern = bernoulli(0.3, shape=[2000])
expect abs(mean(bern) - 0.3) < 0.05
let ri = randint(2, 5, shape=[300])
expect min(ri) == 2
expect max(ri) == 4
let u = uniform(-1, 1, like=r1)
expect max(abs(u)) <= 1
expect training == false
expect step == 0
fn cls(a: float[n], b: float[n]) = a + b
fn anyt(a: any[n]) = a
fn numt(a: num[n], b: num[n]) = a * b
expect cls(x, w) == x + w
expect numt(cast([1, 2], i32), cast([3, 4], i32)) == [3, 8]
expect anyt(x > 0) == [true, true, false]
fn half(a: f32[2 * k]) = zeros([k])
expect shape(half(zeros([6])))[0] == 3
fn lead(a: float[...b, c]) = [...b, c]
let sh = lead(zeros([2, 3, 4]))
expect sh == [2, 3, 4]
let m: f32[2, 2] = [[1, 2], [3, 4]]
expect [x[0], x[1]] == x[:2]
expect allclose([1, 2, 3], w)
expect where(w > 2, w, 0) == [0, 0, 3]
expect maximum(w, 2) == [2, 2, 3]
expect clip(w, 1.5, 2.5) == [1.5, 2, 2.5]
expect grad(sum(stop_gradient(x) * x), x) == x
let [n3] = shape(x)
expect if n3 == 3 then true else false
expect n3 / 2 == 1.5
expect sqrt(n3) == sqrt(3)
`,
  ],
];

describe('what holds here and on the device', () => {
  test.each(groups)('%s', (_, text) => expectHeld(text));
});
