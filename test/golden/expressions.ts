/**
 * The torch expressions that define the golden cases, each written once more with the primitives of
 * `compiler/builder.ts`. Where torch's convention differs from our op's (slopes at kinks, NaN through
 * relu), the expression here is torch's.
 */
import * as b from '../../compiler/builder.ts';
import type { Graph } from '../../compiler/graph/graph.ts';
import type { Node } from '../../compiler/graph/node.ts';
import * as f from '../../compiler/scalar/intrinsics.ts';
import type { Intrinsic } from '../../compiler/scalar/scalar.ts';
import type { GoldenAttr } from './load.ts';

export interface CaseAttrs {
  number(name: string): number;
  flag(name: string): boolean;
  axes(name: string): readonly number[];
}
export type BuildExpression = (g: Graph, inputs: readonly Node[], attrs: CaseAttrs) => Node;

export function caseAttrs(attrs: Readonly<Record<string, GoldenAttr>>): CaseAttrs {
  const bad = (name: string): never => {
    throw new Error(`the attribute ${name} is ${JSON.stringify(attrs[name])}`);
  };
  return {
    number(name) {
      const value = attrs[name];
      return typeof value === 'number' ? value : bad(name);
    },
    flag: (name) => attrs[name] === true,
    axes(name) {
      const value = attrs[name];
      if (typeof value === 'number') return [value];
      return Array.isArray(value) ? value : bad(name);
    },
  };
}

const missing = (): never => {
  throw new Error('the case has too few inputs');
};
type One = (g: Graph, x: Node, attrs: CaseAttrs) => Node;
type Two = (g: Graph, x: Node, y: Node, attrs: CaseAttrs) => Node;
const one =
  (build: One): BuildExpression =>
  (g, [x], attrs) =>
    build(g, x ?? missing(), attrs);
const two =
  (build: Two): BuildExpression =>
  (g, [x, y], attrs) =>
    build(g, x ?? missing(), y ?? missing(), attrs);
const three =
  (build: (g: Graph, x: Node, y: Node, z: Node) => Node): BuildExpression =>
  (g, [x, y, z]) =>
    build(g, x ?? missing(), y ?? missing(), z ?? missing());
const unary = (fn: Intrinsic): BuildExpression => one((g, x) => b.elementwise(g, fn, x));
const binary = (fn: Intrinsic): BuildExpression => two((g, x, y) => b.elementwise(g, fn, x, y));

const of = (fn: Intrinsic) => (g: Graph, x: Node) => b.elementwise(g, fn, x);
const [cos, sin, expm1, erf, softplus] = [
  of(f.cos),
  of(f.sin),
  of(f.expm1),
  of(f.erf),
  of(f.softplus),
];
const le = (g: Graph, x: b.Operand, y: b.Operand) => b.elementwise(g, f.le, x, y);
const ge = (g: Graph, x: b.Operand, y: b.Operand) => b.elementwise(g, f.ge, x, y);

/** NaN is not <= 0, so it passes through, as torch has it. */
const relu = (g: Graph, x: Node): Node => b.where(g, le(g, x, 0), 0, x);
/** Slope 0 at both ends. */
const hardtanh = (g: Graph, x: Node, lo: number, hi: number): Node =>
  b.where(g, le(g, x, lo), lo, b.where(g, ge(g, x, hi), hi, x));
const relu6 = (g: Graph, x: Node): Node => hardtanh(g, x, 0, 6);
/** Slope 1 at the ends themselves. */
const clampMin = (g: Graph, x: Node, lo: number): Node => b.where(g, b.lt(g, x, lo), lo, x);
const clampMax = (g: Graph, x: Node, hi: number): Node => b.where(g, b.gt(g, x, hi), hi, x);
const clamp = (g: Graph, x: Node, lo: number, hi: number): Node =>
  clampMin(g, clampMax(g, x, hi), lo);
/** The exponential must not see large x: its slope times the zero from the choice would be NaN. */
const elu = (g: Graph, x: Node, alpha: number, width = 1): Node => {
  const negative = b.where(g, b.gt(g, x, 0), 0, x);
  return b.where(g, b.gt(g, x, 0), x, b.mul(g, expm1(g, b.div(g, negative, width)), alpha));
};
const logaddexp = (g: Graph, x: b.Operand, y: b.Operand): Node =>
  b.add(g, b.maximum(g, x, y), softplus(g, b.neg(g, b.abs(g, b.sub(g, x, y)))));
/** The sign of the dividend: the floored remainder of the absolute values, with its sign. */
const modTrunc = (g: Graph, x: Node, y: Node): Node => {
  const signed = (by: Node, z: Node): Node => b.where(g, b.lt(g, by, 0), b.neg(g, z), z);
  const [xs, ys] = [x, y].map((z) => signed(z, z));
  return signed(
    b.broadcastTo(g, x, b.broadcastShapes([x.type.shape, y.type.shape])),
    b.elementwise(g, f.rem, xs ?? x, ys ?? y),
  );
};

const square = (g: Graph, x: Node): Node => b.mul(g, x, x);
function variance(
  g: Graph,
  x: Node,
  axes: readonly number[],
  keep: boolean,
  unbiased: boolean,
): Node {
  const off = b.sub(g, x, b.mean(g, x, axes, true));
  if (!unbiased) return b.mean(g, square(g, off), axes, keep);
  const count = b.axesOf(x, axes).reduce((n, a) => n * Number(x.type.shape[a] ?? 1), 1);
  return b.div(g, b.sum(g, square(g, off), axes, keep), count - 1);
}
function logsumexp(g: Graph, x: Node, axes: readonly number[]): Node {
  const top = b.stopGradient(g, b.reduce(g, 'max', x, axes, true));
  return b.add(g, top, b.log(g, b.sum(g, b.exp(g, b.sub(g, x, top)), axes, true)));
}
function logSoftmax(g: Graph, x: Node, axis: number): Node {
  const s = b.sub(g, x, b.stopGradient(g, b.reduce(g, 'max', x, axis, true)));
  return b.sub(g, s, b.log(g, b.sum(g, b.exp(g, s), axis, true)));
}
/** Drops the reduced axes, where the case does not keep them. */
const dropUnlessKept = (g: Graph, kept: Node, x: Node, attrs: CaseAttrs): Node => {
  const axes = b.axesOf(x, attrs.axes('axes'));
  return attrs.flag('keep')
    ? kept
    : b.reshape(
        g,
        kept,
        x.type.shape.filter((_, i) => !axes.includes(i)),
      );
};
const reduced = (kind: b.ReduceKind, axes: string): BuildExpression =>
  one((g, x, a) => b.reduce(g, kind, x, a.axes(axes), a.flag('keep')));
const overAxes = (build: (g: Graph, x: Node, axes: readonly number[], keep: boolean) => Node) =>
  one((g, x, a) => build(g, x, a.axes('axes'), a.flag('keep')));

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

export const expressions: Readonly<Record<string, BuildExpression>> = {
  '-x': unary(f.neg),
  'x.abs()': unary(f.abs),
  'x.sign()': unary(f.sign),
  'x * x': one(square),
  '1 / x': one((g, x) => b.div(g, 1, x)),
  'x.sqrt()': unary(f.sqrt),
  'x.rsqrt()': unary(f.rsqrt),
  'x.exp()': unary(f.exp),
  'x.expm1()': unary(f.expm1),
  'x.log()': unary(f.log),
  'x.log1p()': unary(f.log1p),
  'x.log2()': unary(f.log2),
  'torch.exp2(x)': unary(f.exp2),
  'x.sin()': unary(f.sin),
  'x.cos()': unary(f.cos),
  'x.tan()': one((g, x) => b.div(g, sin(g, x), cos(g, x))),
  'x.asin()': unary(f.asin),
  'x.acos()': unary(f.acos),
  'x.atan()': unary(f.atan),
  // As a difference of expm1, so that nothing cancels near 0.
  'x.sinh()': one((g, x) => b.mul(g, b.sub(g, expm1(g, x), expm1(g, b.neg(g, x))), 0.5)),
  'x.cosh()': one((g, x) => b.mul(g, b.add(g, b.exp(g, x), b.exp(g, b.neg(g, x))), 0.5)),
  'x.tanh()': unary(f.tanh),
  'x.sigmoid()': unary(f.sigmoid),
  'x.erf()': unary(f.erf),
  'x.floor()': unary(f.floor),
  'x.ceil()': unary(f.ceil),
  'x.trunc()': unary(f.trunc),
  'x.round()': unary(f.round),
  'F.relu(x)': one(relu),
  'F.relu6(x)': one(relu6),
  'F.leaky_relu(x, slope)': one((g, x, a) =>
    b.where(g, b.gt(g, x, 0), x, b.mul(g, x, a.number('slope'))),
  ),
  'F.elu(x, alpha)': one((g, x, a) => elu(g, x, a.number('alpha'))),
  'F.selu(x)': one((g, x) => b.mul(g, elu(g, x, SELU_ALPHA), SELU_SCALE)),
  'F.celu(x, alpha)': one((g, x, a) => elu(g, x, a.number('alpha'), a.number('alpha'))),
  'F.gelu(x)': one((g, x) =>
    b.mul(g, b.mul(g, x, 0.5), b.add(g, erf(g, b.mul(g, x, Math.SQRT1_2)), 1)),
  ),
  "F.gelu(x, approximate='tanh')": one((g, x) => {
    const cubic = b.add(g, x, b.mul(g, b.mul(g, square(g, x), x), 0.044715));
    const inner = b.tanh(g, b.mul(g, cubic, Math.sqrt(2 / Math.PI)));
    return b.mul(g, b.mul(g, x, 0.5), b.add(g, inner, 1));
  }),
  'F.silu(x)': one((g, x) => b.mul(g, x, b.sigmoid(g, x))),
  'x * F.softplus(x).tanh()': one((g, x) => b.mul(g, x, b.tanh(g, softplus(g, x)))),
  'torch.logaddexp(x, torch.zeros_like(x))': one(softplus),
  'F.softplus(x, beta=beta)': one((g, x, a) =>
    b.div(g, softplus(g, b.mul(g, x, a.number('beta'))), a.number('beta')),
  ),
  'F.softsign(x)': one((g, x) => b.div(g, x, b.add(g, b.abs(g, x), 1))),
  'F.hardswish(x)': one((g, x) => b.div(g, b.mul(g, x, relu6(g, b.add(g, x, 3))), 6)),
  'F.hardsigmoid(x)': one((g, x) => b.div(g, relu6(g, b.add(g, x, 3)), 6)),
  'F.hardtanh(x, lo, hi)': one((g, x, a) => hardtanh(g, x, a.number('lo'), a.number('hi'))),
  'F.logsigmoid(x)': one((g, x) => b.neg(g, softplus(g, b.neg(g, x)))),
  'F.softshrink(x, lam)': one((g, x, a) => {
    const lam = a.number('lam');
    const below = b.where(g, b.lt(g, x, -lam), b.add(g, x, lam), 0);
    return b.where(g, b.gt(g, x, lam), b.sub(g, x, lam), below);
  }),
  'F.hardshrink(x, lam)': one((g, x, a) => b.where(g, b.gt(g, b.abs(g, x), a.number('lam')), x, 0)),
  'x - x.tanh()': one((g, x) => b.sub(g, x, b.tanh(g, x))),
  'x ** p': one((g, x, a) => b.pow(g, x, a.number('p'))),
  'F.threshold(x, t, v)': one((g, x, a) => b.where(g, b.gt(g, x, a.number('t')), x, a.number('v'))),

  'x + y': binary(f.add),
  'x - y': binary(f.sub),
  'x * y': binary(f.mul),
  'x / y': binary(f.div),
  'torch.maximum(x, y)': binary(f.max),
  'torch.minimum(x, y)': binary(f.min),
  'x ** y': binary(f.pow),
  'torch.atan2(x, y)': binary(f.atan2),
  'torch.remainder(x, y)': binary(f.rem),
  'torch.fmod(x, y)': two(modTrunc),
  '(x - y) ** 2': two((g, x, y) => square(g, b.sub(g, x, y))),
  'torch.logaddexp(x, y)': two(logaddexp),

  'x == y': binary(f.eq),
  'x != y': binary(f.ne),
  'x < y': binary(f.lt),
  'x <= y': binary(f.le),
  'x > y': binary(f.gt),
  'x >= y': binary(f.ge),
  'p & q': binary(f.and),
  'p | q': binary(f.or),
  'p ^ q': binary(f.xor),
  '~p': unary(f.not),

  'torch.where(c, x, y)': three((g, c, x, y) => b.where(g, c, x, y)),
  'torch.where(x > y, x * y, x - y)': two((g, x, y) =>
    b.where(g, b.gt(g, x, y), b.mul(g, x, y), b.sub(g, x, y)),
  ),
  'x.clamp(lo, hi)': one((g, x, a) => clamp(g, x, a.number('lo'), a.number('hi'))),
  'x.clamp(min=lo)': one((g, x, a) => clampMin(g, x, a.number('lo'))),
  'x.clamp(max=hi)': one((g, x, a) => clampMax(g, x, a.number('hi'))),
  'x + w * (y - x)': three((g, x, y, w) => b.add(g, x, b.mul(g, w, b.sub(g, y, x)))),
  'x.masked_fill(m, v)': two((g, x, m, a) => b.where(g, m, a.number('v'), x)),
  'torch.where(x > 0, torch.log(torch.where(x > 0, x, torch.ones_like(x))), torch.zeros_like(x))':
    one((g, x) => {
      const positive = b.gt(g, x, 0);
      return b.where(g, positive, b.log(g, b.where(g, positive, x, 1)), 0);
    }),

  'x.sum(axes, keepdim=keep)': reduced('sum', 'axes'),
  'x.mean(axes, keepdim=keep)': overAxes(b.mean),
  'torch.amax(x, axes, keepdim=keep)': reduced('max', 'axes'),
  'torch.amin(x, axes, keepdim=keep)': reduced('min', 'axes'),
  'torch.logsumexp(x, axes, keepdim=keep)': one((g, x, a) =>
    dropUnlessKept(g, logsumexp(g, x, a.axes('axes')), x, a),
  ),
  'x.abs().sum(axes, keepdim=keep)': overAxes((g, x, axes, keep) =>
    b.sum(g, b.abs(g, x), axes, keep),
  ),
  '(x * x).sum(axes, keepdim=keep).sqrt()': overAxes((g, x, axes, keep) =>
    b.sqrt(g, b.sum(g, square(g, x), axes, keep)),
  ),
  '(x * x).sum(axes, keepdim=keep)': overAxes((g, x, axes, keep) =>
    b.sum(g, square(g, x), axes, keep),
  ),
  'x.var(axes, unbiased=False, keepdim=keep)': overAxes((g, x, axes, keep) =>
    variance(g, x, axes, keep, false),
  ),
  'x.var(axes, unbiased=True, keepdim=keep)': overAxes((g, x, axes, keep) =>
    variance(g, x, axes, keep, true),
  ),
  'x.std(axes, unbiased=True, keepdim=keep)': overAxes((g, x, axes, keep) =>
    b.sqrt(g, variance(g, x, axes, keep, true)),
  ),
  'x.prod(axis, keepdim=keep)': reduced('prod', 'axis'),
  'x.argmax(axis, keepdim=keep)': reduced('argmax', 'axis'),
  'x.argmin(axis, keepdim=keep)': reduced('argmin', 'axis'),
  '(x > t).any(axis, keepdim=keep)': one((g, x, a) =>
    b.reduce(g, 'max', b.gt(g, x, a.number('t')), a.axes('axis'), a.flag('keep')),
  ),
  '(x > t).all(axis, keepdim=keep)': one((g, x, a) =>
    b.reduce(g, 'min', b.gt(g, x, a.number('t')), a.axes('axis'), a.flag('keep')),
  ),
  'x.cumsum(axis)': one((g, x, a) => b.prefix(g, 'sum', x, a.number('axis'))),
  'x.cumprod(axis)': one((g, x, a) => b.prefix(g, 'prod', x, a.number('axis'))),

  'torch.matmul(x, y)': two(b.matmul),
  'x.T @ y': two((g, x, y) => b.matmul(g, b.transpose(g, x), y)),
  'x @ y.T': two((g, x, y) => b.matmul(g, x, b.transpose(g, y))),
  'x.T @ y.T': two((g, x, y) => b.matmul(g, b.transpose(g, x), b.transpose(g, y))),
  'x @ w + b': three((g, x, w, bias) => b.add(g, b.matmul(g, x, w), bias)),
  'F.relu(x @ w + b)': three((g, x, w, bias) => relu(g, b.add(g, b.matmul(g, x, w), bias))),
  'x @ x.T': one((g, x) => b.matmul(g, x, b.transpose(g, x))),

  'F.softmax(x, axis)': one((g, x, a) => b.exp(g, logSoftmax(g, x, a.number('axis')))),
  'F.log_softmax(x, axis)': one((g, x, a) => logSoftmax(g, x, a.number('axis'))),
  'F.softmax(x / t, 1)': one((g, x, a) => b.exp(g, logSoftmax(g, b.div(g, x, a.number('t')), 1))),
};
