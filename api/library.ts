/** The types of `nn` and `ops`. Written by scripts/library-types.ts; change the prelude or the built-in functions instead. */
import type { DType } from '../compiler/graph/dtype.ts';
import type { Layer, repeat } from './layer.ts';
import type { Operators } from './operators.ts';
import type { AnySize } from './size.ts';
import type { Tensor, TensorLike } from './tensor.ts';

/** A tensor, or what becomes one beside others. */
export type Operand = TensorLike | AnySize;
/** A layer, a function of `nn` or `ops`, or one of the program. */
export type Applicable = (...args: never[]) => unknown;

// biome-ignore format: one member a line, as it is written.
export interface Builtins {
  /**
   * e to the power x.
   *
   * `exp(x)`
   */
  readonly exp: (x: Operand) => Tensor;
  /**
   * 2 to the power x.
   *
   * `exp2(x)`
   */
  readonly exp2: (x: Operand) => Tensor;
  /**
   * exp(x) - 1, exact for small x.
   *
   * `expm1(x)`
   */
  readonly expm1: (x: Operand) => Tensor;
  /**
   * The natural logarithm; where x comes near 0, `log_softmax` or `log1p` is often meant.
   *
   * `log(x)`
   */
  readonly log: (x: Operand) => Tensor;
  /**
   * The logarithm to base 2.
   *
   * `log2(x)`
   */
  readonly log2: (x: Operand) => Tensor;
  /**
   * log(1 + x), exact for small x.
   *
   * `log1p(x)`
   */
  readonly log1p: (x: Operand) => Tensor;
  /**
   * The square root; its derivative at 0 is infinite.
   *
   * `sqrt(x)`
   */
  readonly sqrt: (x: Operand) => Tensor;
  /**
   * 1 / sqrt(x).
   *
   * `rsqrt(x)`
   */
  readonly rsqrt: (x: Operand) => Tensor;
  /**
   * |x|, with derivative 0 at 0.
   *
   * `abs(x)`
   */
  readonly abs: (x: Operand) => Tensor;
  /**
   * -1, 0 or 1; the derivative is 0.
   *
   * `sign(x)`
   */
  readonly sign: (x: Operand) => Tensor;
  /**
   * The next whole number down; the derivative is 0.
   *
   * `floor(x)`
   */
  readonly floor: (x: Operand) => Tensor;
  /**
   * The next whole number up; the derivative is 0.
   *
   * `ceil(x)`
   */
  readonly ceil: (x: Operand) => Tensor;
  /**
   * The next whole number towards 0; the derivative is 0.
   *
   * `trunc(x)`
   */
  readonly trunc: (x: Operand) => Tensor;
  /**
   * The nearest whole number, halves to the even one; the derivative is 0.
   *
   * `round(x)`
   */
  readonly round: (x: Operand) => Tensor;
  /**
   * The sine of x in radians.
   *
   * `sin(x)`
   */
  readonly sin: (x: Operand) => Tensor;
  /**
   * The cosine of x in radians.
   *
   * `cos(x)`
   */
  readonly cos: (x: Operand) => Tensor;
  /**
   * The angle whose sine is x, in radians.
   *
   * `asin(x)`
   */
  readonly asin: (x: Operand) => Tensor;
  /**
   * The angle whose cosine is x, in radians.
   *
   * `acos(x)`
   */
  readonly acos: (x: Operand) => Tensor;
  /**
   * The angle whose tangent is x, in radians.
   *
   * `atan(x)`
   */
  readonly atan: (x: Operand) => Tensor;
  /**
   * The hyperbolic tangent.
   *
   * `tanh(x)`
   */
  readonly tanh: (x: Operand) => Tensor;
  /**
   * The error function 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.
   *
   * `erf(x)`
   */
  readonly erf: (x: Operand) => Tensor;
  /**
   * 1 / (1 + exp(-x)), without overflow.
   *
   * `sigmoid(x)`
   */
  readonly sigmoid: (x: Operand) => Tensor;
  /**
   * log(1 + exp(x)), without overflow.
   *
   * `softplus(x)`
   */
  readonly softplus: (x: Operand) => Tensor;
  /**
   * The angle of the point (x, y), in radians from -pi to pi.
   *
   * `atan2(y, x)`
   */
  readonly atan2: (y: Operand, x: Operand) => Tensor;
  /**
   * The larger of a and b, element by element; equals share the derivative.
   *
   * `maximum(a, b)`
   */
  readonly maximum: (a: Operand, b: Operand) => Tensor;
  /**
   * The smaller of a and b, element by element; equals share the derivative.
   *
   * `minimum(a, b)`
   */
  readonly minimum: (a: Operand, b: Operand) => Tensor;
  /**
   * Element by element `yes` where the condition is true, else `no`; both are computed.
   *
   * `where(condition, yes, no)`
   */
  readonly where: (condition: TensorLike, yes: Operand, no: Operand) => Tensor;
  /**
   * The sum over all axes, or over `axis`; `keep` names those that stay. Of a bool, how many are true.
   *
   * `sum(x, axis=, keep=, keepdims=)`
   */
  readonly sum: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly keep?: number | readonly number[]; readonly keepdims?: boolean }) => Tensor;
  /**
   * The product over all axes, or over `axis`.
   *
   * `prod(x, axis=, keep=, keepdims=)`
   */
  readonly prod: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly keep?: number | readonly number[]; readonly keepdims?: boolean }) => Tensor;
  /**
   * The largest element over all axes, or over `axis`; equals share the derivative.
   *
   * `max(x, axis=, keep=, keepdims=)`
   */
  readonly max: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly keep?: number | readonly number[]; readonly keepdims?: boolean }) => Tensor;
  /**
   * The smallest element over all axes, or over `axis`; equals share the derivative.
   *
   * `min(x, axis=, keep=, keepdims=)`
   */
  readonly min: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly keep?: number | readonly number[]; readonly keepdims?: boolean }) => Tensor;
  /**
   * The mean over all axes, or over `axis`. Of a bool, the share of its trues.
   *
   * `mean(x, axis=, keep=, keepdims=)`
   */
  readonly mean: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly keep?: number | readonly number[]; readonly keepdims?: boolean }) => Tensor;
  /**
   * The variance over all axes, or over `axis`: squared distances from the mean divided by n - `ddof` (0).
   *
   * `var(x, axis=, keep=, keepdims=, ddof=)`
   */
  readonly var: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly keep?: number | readonly number[]; readonly keepdims?: boolean; readonly ddof?: number }) => Tensor;
  /**
   * The square root of `var`, with derivative 0 at 0.
   *
   * `std(x, axis=, keep=, keepdims=, ddof=)`
   */
  readonly std: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly keep?: number | readonly number[]; readonly keepdims?: boolean; readonly ddof?: number }) => Tensor;
  /**
   * The Euclidean length over all axes, or over `axis`, with derivative 0 at 0; with `ord=1` the sum of |x|.
   *
   * `norm(x, axis=, keep=, keepdims=, ord=)`
   */
  readonly norm: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly keep?: number | readonly number[]; readonly keepdims?: boolean; readonly ord?: number }) => Tensor;
  /**
   * The position of the largest element, the first of equals, i32; over several axes counted row by row.
   *
   * `argmax(x, axis=, keep=, keepdims=)`
   */
  readonly argmax: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly keep?: number | readonly number[]; readonly keepdims?: boolean }) => Tensor;
  /**
   * The position of the smallest element, the first of equals, i32; over several axes counted row by row.
   *
   * `argmin(x, axis=, keep=, keepdims=)`
   */
  readonly argmin: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly keep?: number | readonly number[]; readonly keepdims?: boolean }) => Tensor;
  /**
   * Whether any element of a bool is true, over all axes or over `axis`.
   *
   * `any(x, axis=, keep=, keepdims=)`
   */
  readonly any: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly keep?: number | readonly number[]; readonly keepdims?: boolean }) => Tensor;
  /**
   * Whether all elements of a bool are true, over all axes or over `axis`.
   *
   * `all(x, axis=, keep=, keepdims=)`
   */
  readonly all: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly keep?: number | readonly number[]; readonly keepdims?: boolean }) => Tensor;
  /**
   * Sums of the elements so far along an axis, the last unless told; `reverse` from the end, `exclusive` without the own.
   *
   * `cumsum(x, axis=, reverse=, exclusive=)`
   */
  readonly cumsum: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly reverse?: boolean; readonly exclusive?: boolean }) => Tensor;
  /**
   * Products of the elements so far along an axis, the last unless told; `reverse` from the end, `exclusive` without the own.
   *
   * `cumprod(x, axis=, reverse=, exclusive=)`
   */
  readonly cumprod: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly reverse?: boolean; readonly exclusive?: boolean }) => Tensor;
  /**
   * The largest of the elements so far along an axis, the last unless told; `reverse` from the end.
   *
   * `cummax(x, axis=, reverse=)`
   */
  readonly cummax: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly reverse?: boolean }) => Tensor;
  /**
   * The same elements in another shape; one size may be -1, which stands for what is left.
   *
   * `reshape(x, shape)`
   */
  readonly reshape: (x: Operand, shape: readonly AnySize[]) => Tensor;
  /**
   * The axes in another order; without `axes` the last two change places, as in `x.T`.
   *
   * `transpose(x, axes?)`
   */
  readonly transpose: (x: Operand, axes?: number | readonly (number | readonly number[])[]) => Tensor;
  /**
   * The tensors of a list one after another along an axis, which they have already.
   *
   * `concat(tensors, axis=)`
   */
  readonly concat: (tensors: readonly TensorLike[], options?: { readonly axis?: number | readonly number[] | string }) => Tensor;
  /**
   * The tensors of a list side by side along a new axis.
   *
   * `stack(tensors, axis=)`
   */
  readonly stack: (tensors: readonly TensorLike[], options?: { readonly axis?: number | readonly number[] | string }) => Tensor;
  /**
   * A tuple of parts along an axis, the last unless told: as many equal ones as `parts` says, or those of the sizes that it lists.
   *
   * `split(x, parts, axis=)`
   */
  readonly split: (x: Operand, parts: number | readonly AnySize[], options?: { readonly axis?: number | readonly number[] | string }) => Tensor[];
  /**
   * Without an axis of size 1, or without several of them.
   *
   * `squeeze(x, axis)`
   */
  readonly squeeze: (x: Operand, axis: number | readonly number[] | string) => Tensor;
  /**
   * Axes of size 1 repeated, and new ones in front, until the shape is the one asked for.
   *
   * `broadcast_to(x, shape)`
   */
  readonly broadcastTo: (x: Operand, shape: readonly AnySize[]) => Tensor;
  /**
   * More elements before and after along each axis: `pad(x, [[0, 0], [1, 2]])`; modes constant (with `value`), edge, reflect, symmetric, wrap.
   *
   * `pad(x, widths, value=, mode=)`
   */
  readonly pad: (x: Operand, widths: readonly (AnySize | readonly AnySize[])[], options?: { readonly value?: Operand; readonly mode?: 'constant' | 'edge' | 'reflect' | 'symmetric' | 'wrap' }) => Tensor;
  /**
   * The elements in the opposite order along an axis or a list of them, the last unless told.
   *
   * `flip(x, axis=)`
   */
  readonly flip: (x: Operand, options?: { readonly axis?: number | readonly number[] | string }) => Tensor;
  /**
   * The elements moved along an axis by `shift`, those that leave at one end entering at the other.
   *
   * `roll(x, shift, axis=)`
   */
  readonly roll: (x: Operand, shift: number | readonly number[], options?: { readonly axis?: number | readonly number[] | string }) => Tensor;
  /**
   * The tensor repeated so often along each axis: `tile(x, [2, 1])`.
   *
   * `tile(x, counts)`
   */
  readonly tile: (x: Operand, counts: number | readonly number[]) => Tensor;
  /**
   * Each entry of an axis, the last unless told, `count` times in turn.
   *
   * `repeat_interleave(x, count, axis=)`
   */
  readonly repeatInterleave: (x: Operand, count: number, options?: { readonly axis?: number | readonly number[] | string }) => Tensor;
  /**
   * The diagonal matrix of a vector; of a matrix, or of the last two axes, the diagonal.
   *
   * `diag(x, offset=)`
   */
  readonly diag: (x: Operand, options?: { readonly offset?: number }) => Tensor;
  /**
   * The diagonal of the last two axes, `offset` (0) places to the right of the main one.
   *
   * `diagonal(x, offset=)`
   */
  readonly diagonal: (x: Operand, options?: { readonly offset?: number }) => Tensor;
  /**
   * The sum of the diagonal of the last two axes.
   *
   * `trace(x, offset=)`
   */
  readonly trace: (x: Operand, options?: { readonly offset?: number }) => Tensor;
  /**
   * The last two axes with 0 above the diagonal, or above the one `k` places to its right.
   *
   * `tril(x, k=)`
   */
  readonly tril: (x: Operand, options?: { readonly k?: number }) => Tensor;
  /**
   * The last two axes with 0 below the diagonal, or below the one `k` places to its right.
   *
   * `triu(x, k=)`
   */
  readonly triu: (x: Operand, options?: { readonly k?: number }) => Tensor;
  /**
   * The n by n matrix with ones on the diagonal, f32.
   *
   * `eye(n)`
   */
  readonly eye: (n: AnySize) => Tensor;
  /**
   * All products of an element of the vector a (the row) and one of the vector b (the column).
   *
   * `outer(a, b)`
   */
  readonly outer: (a: Operand, b: Operand) => Tensor;
  /**
   * The orthonormal basis that Gram and Schmidt make of the columns of x, or of its rows where these are fewer.
   *
   * `orthonormal(x)`
   */
  readonly orthonormal: (x: Operand) => Tensor;
  /**
   * The size of one axis, known while compiling.
   *
   * `size(x, axis)`
   */
  readonly size: (x: Operand, axis: number | readonly number[] | string) => AnySize;
  /**
   * The sizes of all axes as a list, known while compiling.
   *
   * `shape(x)`
   */
  readonly shape: (x: Operand) => AnySize[];
  /**
   * Sums of products over named axes, of any number of tensors: `einsum("b i k, k j -> b i j", x, W)`.
   *
   * `einsum(pattern, x, y?)`
   */
  readonly einsum: (pattern: string, x: Operand, y?: Operand, sizes?: Readonly<Record<string, AnySize>>) => Tensor;
  /**
   * Splits, merges and reorders axes by a pattern: `rearrange(q, "b t (h e) -> b h t e", h=6)`.
   *
   * `rearrange(tensor, pattern)`
   */
  readonly rearrange: (tensor: TensorLike, pattern: string, sizes?: Readonly<Record<string, AnySize>>) => Tensor;
  /**
   * The elements as f32, f16, i32, u32 or bool.
   *
   * `cast(x, dtype)`
   */
  readonly cast: (x: Operand, dtype: DType) => Tensor;
  /**
   * A tensor whose elements are all 0, f32 unless told.
   *
   * `zeros(shape, dtype=)`
   */
  readonly zeros: (shape: readonly AnySize[], options?: { readonly dtype?: DType }) => Tensor;
  /**
   * A tensor whose elements are all 1, f32 unless told.
   *
   * `ones(shape, dtype=)`
   */
  readonly ones: (shape: readonly AnySize[], options?: { readonly dtype?: DType }) => Tensor;
  /**
   * A tensor of the type of x whose elements are all 0.
   *
   * `zeros_like(x)`
   */
  readonly zerosLike: (x: Operand) => Tensor;
  /**
   * A tensor of the type of x whose elements are all 1.
   *
   * `ones_like(x)`
   */
  readonly onesLike: (x: Operand) => Tensor;
  /**
   * A tensor whose elements are all `value`.
   *
   * `full(shape, value, dtype=)`
   */
  readonly full: (shape: readonly AnySize[], value: Operand, options?: { readonly dtype?: DType }) => Tensor;
  /**
   * The whole numbers 0 to n - 1, i32.
   *
   * `iota(n)`
   */
  readonly iota: (n: AnySize) => Tensor;
  /**
   * n numbers from `start` to `stop`, both included, f32.
   *
   * `linspace(start, stop, n)`
   */
  readonly linspace: (start: number, stop: number, n: AnySize) => Tensor;
  /**
   * i itself, with the promise that its values are 0 to n - 1 or one of `besides`: data are checked as they are loaded.
   *
   * `index_below(i, n, besides=)`
   */
  readonly indexBelow: (i: TensorLike, n: AnySize, options?: { readonly besides?: readonly number[] }) => Tensor;
  /**
   * The sum of products over the last `axes` (2) axes of a and the first of b, or over two lists of axes.
   *
   * `tensordot(a, b, axes=)`
   */
  readonly tensordot: (a: Operand, b: Operand, options?: { readonly axes?: number | readonly (number | readonly number[])[] }) => Tensor;
  /**
   * x itself, through which no derivative passes.
   *
   * `stop_gradient(x)`
   */
  readonly stopGradient: (x: Operand) => Tensor;
  /**
   * The entries of an axis, the first unless told, that `ids` names: `x[ids]`. Numbers out of range give 0.
   *
   * `take(x, ids, axis=)`
   */
  readonly take: (x: Operand, ids: TensorLike, options?: { readonly axis?: number | readonly number[] | string }) => Tensor;
  /**
   * Element by element the entry that `ids` names along an axis, the last unless told.
   *
   * `take_along(x, ids, axis=)`
   */
  readonly takeAlong: (x: Operand, ids: TensorLike, options?: { readonly axis?: number | readonly number[] | string }) => Tensor;
  /**
   * n rows, each the sum of those `updates` whose number in `ids` is its own.
   *
   * `scatter_add(ids, updates, n)`
   */
  readonly scatterAdd: (ids: TensorLike, updates: TensorLike, n: AnySize) => Tensor;
  /**
   * The elements in order along an axis, the last unless told, smallest first unless `descending`.
   *
   * `sort(x, axis=, descending=)`
   */
  readonly sort: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly descending?: boolean }) => Tensor;
  /**
   * Where the elements in order stood along an axis, i32: `sort` is x at these places.
   *
   * `argsort(x, axis=, descending=)`
   */
  readonly argsort: (x: Operand, options?: { readonly axis?: number | readonly number[] | string; readonly descending?: boolean }) => Tensor;
  /**
   * The k largest along an axis, largest first, and where they stood: `let (values, ids) = topk(x, 3)`.
   *
   * `topk(x, k, axis=)`
   */
  readonly topk: (x: Operand, k: number, options?: { readonly axis?: number | readonly number[] | string }) => Tensor[];
  /**
   * Random numbers between `low` and `high`, equally likely.
   *
   * `uniform(low, high, shape=, like=)`
   */
  readonly uniform: (low: Operand, high: Operand, options?: { readonly shape?: readonly AnySize[]; readonly like?: TensorLike }) => Tensor;
  /**
   * Random numbers of a normal distribution.
   *
   * `normal(mean, deviation, shape=, like=)`
   */
  readonly normal: (mean: Operand, deviation: Operand, options?: { readonly shape?: readonly AnySize[]; readonly like?: TensorLike }) => Tensor;
  /**
   * Random numbers of a normal distribution, within two deviations of the mean.
   *
   * `truncated_normal(mean, deviation, shape=, like=)`
   */
  readonly truncatedNormal: (mean: Operand, deviation: Operand, options?: { readonly shape?: readonly AnySize[]; readonly like?: TensorLike }) => Tensor;
  /**
   * 1 with probability p, else 0, at random, f32.
   *
   * `bernoulli(p, shape=, like=)`
   */
  readonly bernoulli: (p: Operand, options?: { readonly shape?: readonly AnySize[]; readonly like?: TensorLike }) => Tensor;
  /**
   * Random whole numbers from `low` to `high` - 1, i32.
   *
   * `randint(low, high, shape=, like=)`
   */
  readonly randint: (low: Operand, high: Operand, options?: { readonly shape?: readonly AnySize[]; readonly like?: TensorLike }) => Tensor;
}

/** Layers, functions, losses, metrics, initial values, optimizers and schedules: the type of `nn`. */
// biome-ignore format: one member a line, as it is written.
export interface Nn extends Builtins {
  /** A layer several times in turn. */
  readonly repeat: typeof repeat;
  /**
   * max(x, 0), with derivative 0 at 0 (`maximum` would give 1/2).
   *
   * `relu(x)`
   */
  readonly relu: (x: Operand) => Tensor;
  /**
   * x where it is positive, else slope * x (Maas et al. 2013).
   *
   * `leaky_relu(x, slope)`
   */
  readonly leakyRelu: { (x: Operand, slope: Operand): Tensor; (slope: Operand): Layer };
  /**
   * lo ... hi, with derivative 0 at both ends.
   *
   * `hard_tanh(x, lo = -1, hi = 1)`
   */
  readonly hardTanh: (x: Operand, options?: { readonly lo?: Operand; readonly hi?: Operand }) => Tensor;
  /**
   * min(max(x, 0), 6).
   *
   * `relu6(x)`
   */
  readonly relu6: (x: Operand) => Tensor;
  /**
   * x * sigmoid(x), also called swish (Ramachandran et al. 2017).
   *
   * `silu(x)`
   */
  readonly silu: (x: Operand) => Tensor;
  /**
   * x * Phi(x) with the exact distribution function of the normal distribution (Hendrycks and Gimpel 2016).
   *
   * `gelu(x)`
   */
  readonly gelu: (x: Operand) => Tensor;
  /**
   * The approximation of gelu by tanh: x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
   *
   * `gelu_tanh(x)`
   */
  readonly geluTanh: (x: Operand) => Tensor;
  /**
   * x * tanh(softplus(x)) (Misra 2019).
   *
   * `mish(x)`
   */
  readonly mish: (x: Operand) => Tensor;
  /**
   * x where it is positive, else alpha (exp(x) - 1) (Clevert et al. 2016). The exponent never sees a large x: the branch
   * that is not taken would turn its derivative into NaN.
   *
   * `elu(x, alpha = 1.0)`
   */
  readonly elu: (x: Operand, options?: { readonly alpha?: Operand }) => Tensor;
  /**
   * elu with alpha in the exponent too: alpha (exp(x / alpha) - 1) (Barron 2017).
   *
   * `celu(x, alpha = 1.0)`
   */
  readonly celu: (x: Operand, options?: { readonly alpha?: Operand }) => Tensor;
  /**
   * The elu that keeps mean 0 and variance 1 (Klambauer et al. 2017).
   *
   * `selu(x)`
   */
  readonly selu: (x: Operand) => Tensor;
  /**
   * x / (1 + |x|).
   *
   * `softsign(x)`
   */
  readonly softsign: (x: Operand) => Tensor;
  /**
   * relu6(x + 3) / 6.
   *
   * `hard_sigmoid(x)`
   */
  readonly hardSigmoid: (x: Operand) => Tensor;
  /**
   * x * hard_sigmoid(x) (Howard et al. 2019).
   *
   * `hard_swish(x)`
   */
  readonly hardSwish: (x: Operand) => Tensor;
  /**
   * x less width towards 0, and 0 between.
   *
   * `soft_shrink(x, width = 0.5)`
   */
  readonly softShrink: (x: Operand, options?: { readonly width?: Operand }) => Tensor;
  /**
   * x, and 0 where |x| is at most width.
   *
   * `hard_shrink(x, width = 0.5)`
   */
  readonly hardShrink: (x: Operand, options?: { readonly width?: Operand }) => Tensor;
  /**
   * x - tanh(x).
   *
   * `tanh_shrink(x)`
   */
  readonly tanhShrink: (x: Operand) => Tensor;
  /**
   * x where it is above `at`, else `value`.
   *
   * `threshold(x, at, value)`
   */
  readonly threshold: { (x: Operand, at: Operand, value: Operand): Tensor; (at: Operand, value: Operand): Layer };
  /**
   * The first half of an axis times the sigmoid of the second (Dauphin et al. 2017).
   *
   * `glu(x, axis = -1)`
   */
  readonly glu: (x: Operand, options?: { readonly axis?: Operand }) => Tensor;
  /**
   * `identity(x)`
   */
  readonly identity: (x: Operand) => Tensor;
  /**
   * Limits x to lo ... hi; the derivative passes inside and at both bounds.
   *
   * `clip(x, lo, hi)`
   */
  readonly clip: { (x: Operand, lo: Operand, hi: Operand): Tensor; (lo: Operand, hi: Operand): Layer };
  /**
   * log(sum(exp(x))) along an axis, shifted by the largest element so that nothing overflows.
   *
   * `logsumexp(x, axis = -1, keepdims = false)`
   */
  readonly logsumexp: (x: Operand, options?: { readonly axis?: Operand; readonly keepdims?: boolean }) => Tensor;
  /**
   * log(exp(x) + exp(y)), element by element.
   *
   * `logaddexp(x, y)`
   */
  readonly logaddexp: { (x: Operand, y: Operand): Tensor; (y: Operand): Layer };
  /**
   * x - logsumexp(x), with the maximum taken off first: for large x the sum of both would round.
   *
   * `log_softmax(x, axis = -1)`
   */
  readonly logSoftmax: (x: Operand, options?: { readonly axis?: Operand }) => Tensor;
  /**
   * exp(x) / sum(exp(x)) along an axis.
   *
   * `softmax(x, axis = -1)`
   */
  readonly softmax: (x: Operand, options?: { readonly axis?: Operand }) => Tensor;
  /**
   * log(sigmoid(x)).
   *
   * `log_sigmoid(x)`
   */
  readonly logSigmoid: (x: Operand) => Tensor;
  /**
   * As a difference of expm1, so that nothing cancels near 0.
   *
   * `sinh(x)`
   */
  readonly sinh: (x: Operand) => Tensor;
  /**
   * `cosh(x)`
   */
  readonly cosh: (x: Operand) => Tensor;
  /**
   * `tan(x)`
   */
  readonly tan: (x: Operand) => Tensor;
  /**
   * softmax(q k^T scale + mask) v: every row of q [..., t, d] looks at the rows of k [..., s, d] and takes their mean
   * of v [..., s, e] (Vaswani et al. 2017). `causal`: row i sees rows 0 to i. `mask` is added, so -1e30 hides a row;
   * `scale` is 1 / sqrt(d) unless given; `drop` is the rate of dropout on the weights.
   *
   * `sdpa( q: float[..., t, d], k: float[..., s, d], v: float[..., s, e], causal = false, mask = [], scale = [], drop = 0.0, )`
   */
  readonly sdpa: { (q: TensorLike, k: TensorLike, v: TensorLike, options?: { readonly causal?: boolean; readonly mask?: Operand | readonly Operand[]; readonly scale?: Operand | readonly Operand[]; readonly drop?: Operand }): Tensor; (k: TensorLike, v: TensorLike, options?: { readonly causal?: boolean; readonly mask?: Operand | readonly Operand[]; readonly scale?: Operand | readonly Operand[]; readonly drop?: Operand }): Layer };
  /**
   * Self-attention with several heads: q, k and v are dense layers of x [b, t, d], side by side in `qkv`; each head sees
   * d // heads neighbouring columns; `proj` mixes the heads.
   *
   * `attention( heads: int, causal: bool = false, drop = 0.0, bias: bool = true, )(x: float[b, t, d])`
   */
  readonly attention: (heads: number, options?: { readonly causal?: boolean; readonly drop?: Operand; readonly bias?: boolean }) => Layer<string>;
  /**
   * [b, t, d] to [b, heads, t, d // heads].
   *
   * `heads_of(x: float[b, t, d], heads)`
   */
  readonly headsOf: { (x: TensorLike, heads: Operand): Tensor; (heads: Operand): Layer };
  /**
   * Two dense layers with an activation between, of x [..., d].
   *
   * `ffn(hidden: dim, activation: fn = gelu)(x: float[..., d])`
   */
  readonly ffn: (hidden: AnySize, options?: { readonly activation?: Applicable }) => Layer<string>;
  /**
   * silu(x W1) * (x W3), then W2: a gated ffn without biases (Shazeer 2020).
   *
   * `swiglu(hidden: dim)(x: float[..., d])`
   */
  readonly swiglu: (hidden: AnySize) => Layer<string>;
  /**
   * Rotary positions: the pair (x[i], x[i + d/2]) of row t is turned by t base^(-2i/d) (Su et al. 2021).
   *
   * `rope(x: float[..., t, d], base = 10_000.0)`
   */
  readonly rope: (x: TensorLike, options?: { readonly base?: Operand }) => Tensor;
  /**
   * Positions, or other whole numbers, as sines and cosines: [...] to [..., width] (Vaswani et al. 2017); width / 2 sines
   * of frequencies from 1 to 1 / base, then as many cosines.
   *
   * `sinusoidal(at: int[...], width: dim, base = 10_000.0)`
   */
  readonly sinusoidal: { (at: TensorLike, width: AnySize, options?: { readonly base?: Operand }): Tensor; (width: AnySize, options?: { readonly base?: Operand }): Layer };
  /**
   * at * base^(-i / n) for i from 0 to n - 1: [...b] to [...b, n].
   *
   * `positions(at: int[...b], n: dim, base)`
   */
  readonly positions: { (at: TensorLike, n: AnySize, base: Operand): Tensor; (n: AnySize, base: Operand): Layer };
  /**
   * All gradients together, as one long vector, are shortened to a norm of at most `limit`: the 2-norm, or
   * another `order`. The formula is PyTorch's.
   *
   * `by_norm(limit: float, order = 2)(g, all: list)`
   */
  readonly byNorm: (limit: Operand, options?: { readonly order?: Operand }) => Layer<string>;
  /**
   * The same for the norm of infinite order, the largest absolute value in any gradient.
   *
   * `by_max(limit: float)(g, all: list)`
   */
  readonly byMax: (limit: Operand) => Layer<string>;
  /**
   * Each gradient by itself is shortened to a 2-norm of at most `limit` (`clipnorm` of Keras).
   *
   * `by_own_norm(limit: float)(g, all: list)`
   */
  readonly byOwnNorm: (limit: Operand) => Layer<string>;
  /**
   * Each element is kept between -limit and limit.
   *
   * `by_value(limit: float)(g, all: list)`
   */
  readonly byValue: (limit: Operand) => Layer<string>;
  /**
   * Glorot and Bengio 2010: uniform with variance 2 / (fan_in + fan_out).
   *
   * `glorot(fan_in, fan_out)`
   */
  readonly glorot: { (fanIn: Operand, fanOut: Operand): Tensor; (fanOut: Operand): Layer };
  /**
   * Normal with the same variance.
   *
   * `glorot_normal(fan_in, fan_out)`
   */
  readonly glorotNormal: { (fanIn: Operand, fanOut: Operand): Tensor; (fanOut: Operand): Layer };
  /**
   * He et al. 2015: normal with variance 2 / fan_in, for relu.
   *
   * `he(fan_in, fan_out)`
   */
  readonly he: { (fanIn: Operand, fanOut: Operand): Tensor; (fanOut: Operand): Layer };
  /**
   * Uniform with the same variance.
   *
   * `he_uniform(fan_in, fan_out)`
   */
  readonly heUniform: { (fanIn: Operand, fanOut: Operand): Tensor; (fanOut: Operand): Layer };
  /**
   * LeCun et al. 1998: normal with variance 1 / fan_in.
   *
   * `lecun(fan_in, fan_out)`
   */
  readonly lecun: { (fanIn: Operand, fanOut: Operand): Tensor; (fanOut: Operand): Layer };
  /**
   * Uniform with the same variance.
   *
   * `lecun_uniform(fan_in, fan_out)`
   */
  readonly lecunUniform: { (fanIn: Operand, fanOut: Operand): Tensor; (fanOut: Operand): Layer };
  /**
   * Normal within two deviations, widened to variance 1 / fan_in.
   *
   * `lecun_truncated(fan_in, fan_out)`
   */
  readonly lecunTruncated: { (fanIn: Operand, fanOut: Operand): Tensor; (fanOut: Operand): Layer };
  /**
   * The same with variance 2 / fan_in: what Keras calls he_normal.
   *
   * `he_truncated(fan_in, fan_out)`
   */
  readonly heTruncated: { (fanIn: Operand, fanOut: Operand): Tensor; (fanOut: Operand): Layer };
  /**
   * Orthonormal columns, or rows where there are fewer of them, drawn evenly from all there are (Saxe et al. 2014): the
   * basis of normal columns. Leading axes of a declared shape count as rows.
   *
   * `orthogonal(fan_in, fan_out)`
   */
  readonly orthogonal: { (fanIn: Operand, fanOut: Operand): Tensor; (fanOut: Operand): Layer };
  /**
   * The same number everywhere: `init=constant(0.1)`.
   *
   * `constant(value)`
   */
  readonly constant: (value: Operand) => Applicable;
  /**
   * `zero_init(fan_in, fan_out)`
   */
  readonly zeroInit: { (fanIn: Operand, fanOut: Operand): Tensor; (fanOut: Operand): Layer };
  /**
   * `one_init(fan_in, fan_out)`
   */
  readonly oneInit: { (fanIn: Operand, fanOut: Operand): Tensor; (fanOut: Operand): Layer };
  /**
   * 1 in the column of the class, 0 elsewhere, f32. For the numbers of the list `ignore`, which need not be classes, all
   * columns are 0.
   *
   * `one_hot(i: int[...b], n: dim, ignore = [])`
   */
  readonly oneHot: { (i: TensorLike, n: AnySize, options?: { readonly ignore?: Operand | readonly Operand[] }): Tensor; (n: AnySize, options?: { readonly ignore?: Operand | readonly Operand[] }): Layer };
  /**
   * All axes after the first become one.
   *
   * `flatten(x)`
   */
  readonly flatten: (x: Operand) => Tensor;
  /**
   * Sets elements to 0 with probability `rate` while training, and scales the rest up (Srivastava et al. 2014).
   *
   * `dropout(x, rate)`
   */
  readonly dropout: { (x: Operand, rate: Operand): Tensor; (rate: Operand): Layer };
  /**
   * (x - mean) / sqrt(variance + eps) over an axis or a list of axes.
   *
   * `standardize(x, axis = -1, eps = 1e-5)`
   */
  readonly standardize: (x: Operand, options?: { readonly axis?: Operand; readonly eps?: Operand }) => Tensor;
  /**
   * x / |x| along an axis; eps keeps a zero from becoming NaN.
   *
   * `l2_normalize(x, axis = -1, eps = 1e-12)`
   */
  readonly l2Normalize: (x: Operand, options?: { readonly axis?: Operand; readonly eps?: Operand }) => Tensor;
  /**
   * The cosine of the angle between a and b along an axis.
   *
   * `cosine_similarity(a: float[...s], b: float[...s], axis = -1, eps = 1e-8)`
   */
  readonly cosineSimilarity: { (a: TensorLike, b: TensorLike, options?: { readonly axis?: Operand; readonly eps?: Operand }): Tensor; (b: TensorLike, options?: { readonly axis?: Operand; readonly eps?: Operand }): Layer };
  /**
   * x W + b: [..., in] to [..., units].
   *
   * `dense( in?: dim, units: dim, bias: bool = true, init: fn = glorot, )(x: float[..., in]) -> float[..., units]`
   */
  readonly dense: { (units: AnySize, options?: { readonly bias?: boolean; readonly init?: Applicable }): Layer<'W' | 'b'>; (inputs: AnySize, units: AnySize, options?: { readonly bias?: boolean; readonly init?: Applicable }): Layer<'W' | 'b'> };
  /**
   * A row of the table for each number: [...] to [..., width].
   *
   * `embedding(rows: dim, width: dim)(ids: int[...])`
   */
  readonly embedding: (rows: AnySize, width: AnySize) => Layer<'table'>;
  /**
   * Standardizes the last axis, then gamma x + beta (Ba, Kiros, Hinton 2016).
   *
   * `layer_norm(eps = 1e-5)(x: float[..., c])`
   */
  readonly layerNorm: (options?: { readonly eps?: Operand }) => Layer<'gamma' | 'beta'>;
  /**
   * Divides the last axis by its root mean square, then gamma x (Zhang and Sennrich 2019).
   *
   * `rms_norm(eps = 1e-6)(x: float[..., c])`
   */
  readonly rmsNorm: (options?: { readonly eps?: Operand }) => Layer<'gamma'>;
  /**
   * Standardizes each channel over all other axes while training; mu and var, the averages that evaluation uses, keep
   * `momentum` of themselves at every step (Ioffe and Szegedy 2015). `unbiased` averages the variance divided by n - 1, as
   * PyTorch does.
   *
   * `batch_norm(momentum = 0.9, eps = 1e-5, unbiased: bool = false)(x: float[..., c])`
   */
  readonly batchNorm: (options?: { readonly momentum?: Operand; readonly eps?: Operand; readonly unbiased?: boolean }) => Layer<'gamma' | 'beta' | 'mu' | 'var'>;
  /**
   * n / (n - 1) for the n values of a channel.
   *
   * `bessel(x: float[..., c])`
   */
  readonly bessel: (x: TensorLike) => Tensor;
  /**
   * Standardizes groups of neighbouring channels of each sample, then gamma x + beta (Wu and He 2018): [n, ..., c].
   *
   * `group_norm(groups: int, eps = 1e-5)(x: float[n, ...s, c])`
   */
  readonly groupNorm: (groups: number, options?: { readonly eps?: Operand }) => Layer<'gamma' | 'beta'>;
  /**
   * Standardizes every channel of every sample, then gamma x + beta (Ulyanov et al. 2016): [n, ..., c].
   *
   * `instance_norm(eps = 1e-5)(x: float[n, ...s, c])`
   */
  readonly instanceNorm: (options?: { readonly eps?: Operand }) => Layer<'gamma' | 'beta'>;
  /**
   * The value and what f makes of it, added (He et al. 2016).
   *
   * `residual(f: fn, shortcut: fn = identity)(x)`
   */
  readonly residual: (f: Applicable, options?: { readonly shortcut?: Applicable }) => Layer<string>;
  /**
   * The value and what f makes of it, side by side in the last axis.
   *
   * `skip(f: fn)(x)`
   */
  readonly skip: (f: Applicable) => Layer<string>;
  /**
   * The layers of a list in turn.
   *
   * `sequential(layers: list)(x)`
   */
  readonly sequential: (layers: readonly unknown[]) => Layer<string>;
  /**
   * The mean of x, its sum, or x itself, as the word `reduction` says: for losses of one's own.
   *
   * `reduced(x, reduction)`
   */
  readonly reduced: { (x: Operand, reduction: Operand): Tensor; (reduction: Operand): Layer };
  /**
   * (a - b)^2.
   *
   * `mse(a: float[...s], b: float[...s], reduction = "mean")`
   */
  readonly mse: { (a: TensorLike, b: TensorLike, options?: { readonly reduction?: string }): Tensor; (b: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * |a - b|.
   *
   * `mae(a: float[...s], b: float[...s], reduction = "mean")`
   */
  readonly mae: { (a: TensorLike, b: TensorLike, options?: { readonly reduction?: string }): Tensor; (b: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * Quadratic up to delta, linear beyond: d^2 / 2, delta (d - delta / 2) with d = |a - b| (Huber 1964).
   *
   * `huber(a: float[...s], b: float[...s], delta = 1.0, reduction = "mean")`
   */
  readonly huber: { (a: TensorLike, b: TensorLike, options?: { readonly delta?: Operand; readonly reduction?: string }): Tensor; (b: TensorLike, options?: { readonly delta?: Operand; readonly reduction?: string }): Layer };
  /**
   * Huber's loss divided by beta: d^2 / (2 beta), d - beta / 2 (Girshick 2015).
   *
   * `smooth_l1(a: float[...s], b: float[...s], beta = 1.0, reduction = "mean")`
   */
  readonly smoothL1: { (a: TensorLike, b: TensorLike, options?: { readonly beta?: Operand; readonly reduction?: string }): Tensor; (b: TensorLike, options?: { readonly beta?: Operand; readonly reduction?: string }): Layer };
  /**
   * log(cosh(a - b)), as d + softplus(-2 d) - log 2.
   *
   * `log_cosh(a: float[...s], b: float[...s], reduction = "mean")`
   */
  readonly logCosh: { (a: TensorLike, b: TensorLike, options?: { readonly reduction?: string }): Tensor; (b: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * The weights of all classes in the rows that count, which have a 1 in `hot`.
   *
   * `all_classes(hot: float[...b, c], weight)`
   */
  readonly allClasses: { (hot: TensorLike, weight: Operand): Tensor; (weight: Operand): Layer };
  /**
   * Negative log-likelihood of class numbers: -logp[label]. `weight` is a number for each class, and the mean divides by
   * their sum over the rows; rows whose label is one of the list `ignore` do not count; `smoothing` s takes
   * 1 - s of the label and s / c of every class (Szegedy et al. 2016).
   *
   * `nll( logp: float[...b, c], label: int[...b], weight = [], ignore = [], smoothing = 0.0, reduction = "mean", )`
   */
  readonly nll: { (logp: TensorLike, label: TensorLike, options?: { readonly weight?: Operand | readonly Operand[]; readonly ignore?: Operand | readonly Operand[]; readonly smoothing?: Operand; readonly reduction?: string }): Tensor; (label: TensorLike, options?: { readonly weight?: Operand | readonly Operand[]; readonly ignore?: Operand | readonly Operand[]; readonly smoothing?: Operand; readonly reduction?: string }): Layer };
  /**
   * Cross-entropy of logits against class numbers: `nll` of their log_softmax.
   *
   * `softmax_crossentropy( logits: float[...b, c], label: int[...b], weight = [], ignore = [], smoothing = 0.0, reduction = "mean", )`
   */
  readonly softmaxCrossentropy: { (logits: TensorLike, label: TensorLike, options?: { readonly weight?: Operand | readonly Operand[]; readonly ignore?: Operand | readonly Operand[]; readonly smoothing?: Operand; readonly reduction?: string }): Tensor; (label: TensorLike, options?: { readonly weight?: Operand | readonly Operand[]; readonly ignore?: Operand | readonly Operand[]; readonly smoothing?: Operand; readonly reduction?: string }): Layer };
  /**
   * Cross-entropy of logits against a distribution: -sum(target log_softmax(logits)).
   *
   * `soft_crossentropy(logits: float[...b, c], target: float[...b, c], reduction = "mean")`
   */
  readonly softCrossentropy: { (logits: TensorLike, target: TensorLike, options?: { readonly reduction?: string }): Tensor; (target: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * Cross-entropy of probabilities against a distribution.
   *
   * `categorical_crossentropy(p: float[...b, c], target: float[...b, c], reduction = "mean")`
   */
  readonly categoricalCrossentropy: { (p: TensorLike, target: TensorLike, options?: { readonly reduction?: string }): Tensor; (target: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * Cross-entropy of probabilities against class numbers.
   *
   * `sparse_categorical_crossentropy(p: float[...b, c], label: int[...b], reduction = "mean")`
   */
  readonly sparseCategoricalCrossentropy: { (p: TensorLike, label: TensorLike, options?: { readonly reduction?: string }): Tensor; (label: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * -(1 - p)^gamma log(p), where p is the softmax probability of the label (Lin et al. 2017); `weight` is a number for each
   * class.
   *
   * `focal(logits: float[...b, c], label: int[...b], gamma = 2.0, weight = [], reduction = "mean")`
   */
  readonly focal: { (logits: TensorLike, label: TensorLike, options?: { readonly gamma?: Operand; readonly weight?: Operand | readonly Operand[]; readonly reduction?: string }): Tensor; (label: TensorLike, options?: { readonly gamma?: Operand; readonly weight?: Operand | readonly Operand[]; readonly reduction?: string }): Layer };
  /**
   * Cross-entropy of probabilities in [0, 1] against targets in [0, 1].
   *
   * `bce(p: float[...s], target: float[...s], reduction = "mean")`
   */
  readonly bce: { (p: TensorLike, target: TensorLike, options?: { readonly reduction?: string }): Tensor; (target: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * The same from logits z: softplus(z) - z t. `pos_weight` w counts the positive side w times, w t log(sigmoid(z)): a
   * number, or one for each entry of the last axis.
   *
   * `sigmoid_crossentropy( logits: float[...s], target: float[...s], pos_weight = [], reduction = "mean", )`
   */
  readonly sigmoidCrossentropy: { (logits: TensorLike, target: TensorLike, options?: { readonly posWeight?: Operand | readonly Operand[]; readonly reduction?: string }): Tensor; (target: TensorLike, options?: { readonly posWeight?: Operand | readonly Operand[]; readonly reduction?: string }): Layer };
  /**
   * max(0, 1 - s t); targets are -1 and 1.
   *
   * `hinge(scores: float[...s], target: float[...s], reduction = "mean")`
   */
  readonly hinge: { (scores: TensorLike, target: TensorLike, options?: { readonly reduction?: string }): Tensor; (target: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * max(0, 1 - s t)^2.
   *
   * `squared_hinge(scores: float[...s], target: float[...s], reduction = "mean")`
   */
  readonly squaredHinge: { (scores: TensorLike, target: TensorLike, options?: { readonly reduction?: string }): Tensor; (target: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * The sum over the other classes of max(0, margin - s[label] + s[j]), divided by the number of classes (Crammer and
   * Singer 2001).
   *
   * `multiclass_hinge(scores: float[...b, c], label: int[...b], margin = 1.0, reduction = "mean")`
   */
  readonly multiclassHinge: { (scores: TensorLike, label: TensorLike, options?: { readonly margin?: Operand; readonly reduction?: string }): Tensor; (label: TensorLike, options?: { readonly margin?: Operand; readonly reduction?: string }): Layer };
  /**
   * x log(y), and 0 where x is 0, whatever y is.
   *
   * `xlogy(x, y)`
   */
  readonly xlogy: { (x: Operand, y: Operand): Tensor; (y: Operand): Layer };
  /**
   * sum(p (log p - log q)) of log-probabilities.
   *
   * `kl_divergence(logp: float[...b, c], logq: float[...b, c], reduction = "mean")`
   */
  readonly klDivergence: { (logp: TensorLike, logq: TensorLike, options?: { readonly reduction?: string }): Tensor; (logq: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * The same of log-probabilities against a distribution, which may have zeros: sum(t log t - t logq).
   *
   * `kl_target(logq: float[...b, c], target: float[...b, c], reduction = "mean")`
   */
  readonly klTarget: { (logq: TensorLike, target: TensorLike, options?: { readonly reduction?: string }): Tensor; (target: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * -log-likelihood of counts with mean `rate`, without log(t!): rate - t log(rate).
   *
   * `poisson(rate: float[...s], target: float[...s], reduction = "mean")`
   */
  readonly poisson: { (rate: TensorLike, target: TensorLike, options?: { readonly reduction?: string }): Tensor; (target: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * 1 - cosine_similarity(a, b) along the last axis.
   *
   * `cosine_distance(a: float[...b, c], b: float[...b, c], reduction = "mean")`
   */
  readonly cosineDistance: { (a: TensorLike, b: TensorLike, options?: { readonly reduction?: string }): Tensor; (b: TensorLike, options?: { readonly reduction?: string }): Layer };
  /**
   * The share of rows whose highest score is the label's.
   *
   * `accuracy(scores: float[...b, c], label: int[...b])`
   */
  readonly accuracy: { (scores: TensorLike, label: TensorLike): Tensor; (label: TensorLike): Layer };
  /**
   * The share of rows where fewer than k scores are higher than the label's.
   *
   * `top_k_accuracy(scores: float[...b, c], label: int[...b], k: int)`
   */
  readonly topKAccuracy: { (scores: TensorLike, label: TensorLike, k: number): Tensor; (label: TensorLike, k: number): Layer };
  /**
   * The share of elements on the same side of the threshold.
   *
   * `binary_accuracy(p: float[...s], target: float[...s], threshold = 0.5)`
   */
  readonly binaryAccuracy: { (p: TensorLike, target: TensorLike, options?: { readonly threshold?: Operand }): Tensor; (target: TensorLike, options?: { readonly threshold?: Operand }): Layer };
  /**
   * Of what is predicted to be positive, the share that is: tp / (tp + fp); 0 where nothing is predicted.
   *
   * `precision(p: float[...s], target: float[...s], threshold = 0.5)`
   */
  readonly precision: { (p: TensorLike, target: TensorLike, options?: { readonly threshold?: Operand }): Tensor; (target: TensorLike, options?: { readonly threshold?: Operand }): Layer };
  /**
   * Of what is positive, the share that is predicted: tp / (tp + fn); 0 where nothing is positive.
   *
   * `recall(p: float[...s], target: float[...s], threshold = 0.5)`
   */
  readonly recall: { (p: TensorLike, target: TensorLike, options?: { readonly threshold?: Operand }): Tensor; (target: TensorLike, options?: { readonly threshold?: Operand }): Layer };
  /**
   * The harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn).
   *
   * `f1(p: float[...s], target: float[...s], threshold = 0.5)`
   */
  readonly f1: { (p: TensorLike, target: TensorLike, options?: { readonly threshold?: Operand }): Tensor; (target: TensorLike, options?: { readonly threshold?: Operand }): Layer };
  /**
   * f32[c, c]: how many rows of class i (the row) were taken for class j (the column). An `output`, not a `metric`.
   *
   * `confusion_matrix(scores: float[...b, c], label: int[...b])`
   */
  readonly confusionMatrix: { (scores: TensorLike, label: TensorLike): Tensor; (label: TensorLike): Layer };
  /**
   * `rmse(a: float[...s], b: float[...s])`
   */
  readonly rmse: { (a: TensorLike, b: TensorLike): Tensor; (b: TensorLike): Layer };
  /**
   * The share of the variance of `target` that `a` explains: 1 - sum (a - t)^2 / sum (t - mean t)^2.
   *
   * `r2(a: float[...s], target: float[...s])`
   */
  readonly r2: { (a: TensorLike, target: TensorLike): Tensor; (target: TensorLike): Layer };
  /**
   * exp of the cross-entropy of logits against class numbers.
   *
   * `perplexity(logits: float[...b, c], label: int[...b], ignore = [])`
   */
  readonly perplexity: { (logits: TensorLike, label: TensorLike, options?: { readonly ignore?: Operand | readonly Operand[] }): Tensor; (label: TensorLike, options?: { readonly ignore?: Operand | readonly Operand[] }): Layer };
  /**
   * `allclose(a, b, rtol = 1e-5, atol = 1e-6)`
   */
  readonly allclose: { (a: Operand, b: Operand, options?: { readonly rtol?: Operand; readonly atol?: Operand }): Tensor; (b: Operand, options?: { readonly rtol?: Operand; readonly atol?: Operand }): Layer };
  /**
   * The gradient of the loss with the penalty 0.5 decay sum(p^2); decay is a number, no schedule.
   *
   * `decayed(p, g, decay)`
   */
  readonly decayed: { (p: Operand, g: Operand, decay: Operand): Tensor; (g: Operand, decay: Operand): Layer };
  /**
   * Gradient descent: p - lr g.
   *
   * `sgd(lr = 0.01, decay = 0.0)(p, g)`
   */
  readonly sgd: (options?: { readonly lr?: Operand; readonly decay?: Operand }) => Layer<string>;
  /**
   * Nesterov's momentum in the form of the tutorials: v = mu v - lr g, p + mu v - lr g. The step is taken from
   * where the momentum leads (Sutskever et al. 2013).
   *
   * `momentum(lr = 0.01, mu = 0.9, decay = 0.0)(p, g)`
   */
  readonly momentum: (options?: { readonly lr?: Operand; readonly mu?: Operand; readonly decay?: Operand }) => Layer<'v'>;
  /**
   * Momentum in PyTorch's form: v = mu v + (1 - dampening) g, p - lr v (Polyak 1964). The first step takes the
   * whole gradient.
   *
   * `heavy_ball(lr = 0.01, mu = 0.9, dampening = 0.0, decay = 0.0)(p, g)`
   */
  readonly heavyBall: (options?: { readonly lr?: Operand; readonly mu?: Operand; readonly dampening?: Operand; readonly decay?: Operand }) => Layer<'v'>;
  /**
   * Nesterov's momentum in PyTorch's form: v = mu v + g, p - lr (g + mu v). While lr is constant, the same as
   * `momentum`.
   *
   * `nesterov(lr = 0.01, mu = 0.9, decay = 0.0)(p, g)`
   */
  readonly nesterov: (options?: { readonly lr?: Operand; readonly mu?: Operand; readonly decay?: Operand }) => Layer<'v'>;
  /**
   * a = a + g^2, p - lr g / (sqrt(a) + eps) (Duchi, Hazan, Singer 2011). `lr_decay` divides lr by
   * 1 + lr_decay * step; `initial` is where a starts.
   *
   * `adagrad(lr = 0.01, eps = 1e-7, lr_decay = 0.0, initial = 0.0, decay = 0.0)(p, g)`
   */
  readonly adagrad: (options?: { readonly lr?: Operand; readonly eps?: Operand; readonly lrDecay?: Operand; readonly initial?: Operand; readonly decay?: Operand }) => Layer<'a'>;
  /**
   * v = rho v + (1 - rho) g^2, p - lr g / (sqrt(v) + eps) (Tieleman and Hinton 2012). `centered` divides by the
   * deviation of g instead of its root mean square (Graves 2013); `momentum` collects the steps.
   *
   * `rmsprop( lr = 1e-3, rho = 0.9, eps = 1e-7, momentum = 0.0, centered = false, decay = 0.0, )(p, g)`
   */
  readonly rmsprop: (options?: { readonly lr?: Operand; readonly rho?: Operand; readonly eps?: Operand; readonly momentum?: Operand; readonly centered?: boolean; readonly decay?: Operand }) => Layer<'v' | 'average' | 'velocity'>;
  /**
   * rho-average of the squared gradients v and of the squared steps u: s = g sqrt(u + eps) / sqrt(v + eps),
   * p - lr s (Zeiler 2012).
   *
   * `adadelta(lr = 1.0, rho = 0.9, eps = 1e-6, decay = 0.0)(p, g)`
   */
  readonly adadelta: (options?: { readonly lr?: Operand; readonly rho?: Operand; readonly eps?: Operand; readonly decay?: Operand }) => Layer<'v' | 'u'>;
  /**
   * 1 - beta^(step + 1): what an average with weight beta that started at 0 has seen so far. As
   * -expm1((step + 1) log(beta)), for 1 - beta ** 1 has only three correct digits in f32 where beta is 0.9999.
   *
   * `bias_correction(beta)`
   */
  readonly biasCorrection: (beta: Operand) => Tensor;
  /**
   * m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, both divided by their `bias_correction`:
   * p - lr m / (sqrt(v) + eps) (Kingma and Ba 2015). `amsgrad` divides by the greatest v so far (Reddi et al. 2018).
   *
   * `adam(lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, decay = 0.0, amsgrad = false)(p, g)`
   */
  readonly adam: (options?: { readonly lr?: Operand; readonly beta1?: Operand; readonly beta2?: Operand; readonly eps?: Operand; readonly decay?: Operand; readonly amsgrad?: boolean }) => Layer<'m' | 'v' | 'top'>;
  /**
   * Adam whose decay acts on the parameter, not on its gradient: - lr decay p (Loshchilov and Hutter 2019).
   *
   * `adamw( lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, decay = 0.01, amsgrad = false, )(p, g)`
   */
  readonly adamw: (options?: { readonly lr?: Operand; readonly beta1?: Operand; readonly beta2?: Operand; readonly eps?: Operand; readonly decay?: Operand; readonly amsgrad?: boolean }) => Layer<string>;
  /**
   * `amsgrad(lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, decay = 0.0)(p, g)`
   */
  readonly amsgrad: (options?: { readonly lr?: Operand; readonly beta1?: Operand; readonly beta2?: Operand; readonly eps?: Operand; readonly decay?: Operand }) => Layer<string>;
  /**
   * Adam with the greatest |g| so far, which fades with beta2, in place of sqrt(v) (Kingma and Ba 2015, section 7).
   *
   * `adamax(lr = 2e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, decay = 0.0)(p, g)`
   */
  readonly adamax: (options?: { readonly lr?: Operand; readonly beta1?: Operand; readonly beta2?: Operand; readonly eps?: Operand; readonly decay?: Operand }) => Layer<'m' | 'u'>;
  /**
   * (1 + cos(pi t)) / 2 for t in 0 ... 1: the series of the sine around t = 1/2, to the seventeenth power.
   *
   * `half_cosine(t)`
   */
  readonly halfCosine: (t: Operand) => Tensor;
  /**
   * Rises linearly to `peak` in `warm` steps, from peak / warm on, and stays there.
   *
   * `warmup(peak, warm)`
   */
  readonly warmup: { (peak: Operand, warm: Operand): Tensor; (warm: Operand): Layer };
  /**
   * Rises linearly from `start` * peak at step 0 to `peak` at step `warm`, and stays there.
   *
   * `linear_warmup(peak, warm, start = 0.0)`
   */
  readonly linearWarmup: { (peak: Operand, warm: Operand, options?: { readonly start?: Operand }): Tensor; (warm: Operand, options?: { readonly start?: Operand }): Layer };
  /**
   * Rises to `peak`, then half a cosine down to `final_ratio` * peak at step `total`.
   *
   * `warmup_cosine(peak, warm, total, final_ratio = 0.0)`
   */
  readonly warmupCosine: { (peak: Operand, warm: Operand, total: Operand, options?: { readonly finalRatio?: Operand }): Tensor; (warm: Operand, total: Operand, options?: { readonly finalRatio?: Operand }): Layer };
  /**
   * Half a cosine from `initial` to `final` in `total` steps, then `final` (Loshchilov and Hutter 2017).
   *
   * `cosine_decay(initial, total, final = 0.0)`
   */
  readonly cosineDecay: { (initial: Operand, total: Operand, options?: { readonly final?: Operand }): Tensor; (total: Operand, options?: { readonly final?: Operand }): Layer };
  /**
   * A cosine between `initial` and `final` without end: down in `total` steps, up in as many.
   *
   * `cosine_cycle(initial, total, final = 0.0)`
   */
  readonly cosineCycle: { (initial: Operand, total: Operand, options?: { readonly final?: Operand }): Tensor; (total: Operand, options?: { readonly final?: Operand }): Layer };
  /**
   * A straight line from `initial` to `final` in `total` steps, then `final`.
   *
   * `linear_decay(initial, total, final = 0.0)`
   */
  readonly linearDecay: { (initial: Operand, total: Operand, options?: { readonly final?: Operand }): Tensor; (total: Operand, options?: { readonly final?: Operand }): Layer };
  /**
   * From `initial` to `final` as (1 - step / total) ** power.
   *
   * `polynomial_decay(initial, total, power, final = 0.0)`
   */
  readonly polynomialDecay: { (initial: Operand, total: Operand, power: Operand, options?: { readonly final?: Operand }): Tensor; (total: Operand, power: Operand, options?: { readonly final?: Operand }): Layer };
  /**
   * Times `rate` every `every` steps, smoothly: initial * rate ** (step / every).
   *
   * `exponential_decay(initial, rate, every)`
   */
  readonly exponentialDecay: { (initial: Operand, rate: Operand, every: Operand): Tensor; (rate: Operand, every: Operand): Layer };
  /**
   * initial / (1 + rate * step / every).
   *
   * `inverse_time_decay(initial, rate, every)`
   */
  readonly inverseTimeDecay: { (initial: Operand, rate: Operand, every: Operand): Tensor; (rate: Operand, every: Operand): Layer };
  /**
   * Times `factor` every `every` steps, at once.
   *
   * `step_decay(initial, factor, every: int)`
   */
  readonly stepDecay: { (initial: Operand, factor: Operand, every: number): Tensor; (factor: Operand, every: number): Layer };
  /**
   * Times `factor` at each step of the list `at`: `multistep(0.1, 0.1, [5, 12, 30])`.
   *
   * `multistep(initial, factor, at: list)`
   */
  readonly multistep: { (initial: Operand, factor: Operand, at: readonly unknown[]): Tensor; (factor: Operand, at: readonly unknown[]): Layer };
  /**
   * values[0] before step at[0], values[1] before at[1], …, the last one from there on:
   * `piecewise([1000, 2000], [0.1, 0.01, 0.001])`.
   *
   * `piecewise(at: list, values: list)`
   */
  readonly piecewise: { (at: readonly unknown[], values: readonly unknown[]): Tensor; (values: readonly unknown[]): Layer };
  /**
   * Vaswani et al. 2017: up to `peak` in `warm` steps, then as 1 / sqrt(step).
   *
   * `inverse_sqrt(peak, warm)`
   */
  readonly inverseSqrt: { (peak: Operand, warm: Operand): Tensor; (warm: Operand): Layer };
  /**
   * Up from 0 to `peak` and back in `period` steps, again and again (Smith 2017).
   *
   * `triangular(peak, period)`
   */
  readonly triangular: { (peak: Operand, period: Operand): Tensor; (period: Operand): Layer };
}

/** Built-in functions and operators: the type of `ops`. */
export interface Ops extends Builtins, Operators {}
