/**
 * Stable forms: recognises formulas that overflow or cancel when written as in a textbook, and puts
 * forms of equal value in their place. Runs before differentiation, so that gradients are stable too.
 */
import * as b from '../builder.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { sum } from '../ops/reduce.ts';
import * as f from '../scalar/intrinsics.ts';
import {
  axesAttr,
  besides,
  binary,
  bothOrders,
  isSpreadOf,
  negated,
  unary,
  underSpread,
  underViews,
} from './pattern.ts';
import { type Rule, rewriteFully } from './rebuild.ts';
import { isHighest, logSoftmax, logsumexp, unshifted } from './stable-forms.ts';
import { filled, uniformValue } from './uniform.ts';
import { viewRules } from './view-rules.ts';

const rule = (name: string, apply: Rule['apply']): Rule => ({ name: `stable/${name}`, apply });

/** The sum, its axes and x, where the node is sum(exp(x)). */
function sumOfExp(node: Node | undefined): { x: Node; axes: readonly number[] } | undefined {
  const x = node?.op === sum ? unary(node.inputs[0], f.exp) : undefined;
  return node && x && { x, axes: axesAttr(node) };
}

/** 1 / (1 + exp(-x)), exp(x) / (1 + exp(x)), and x / (1 + exp(-x)) as one writes silu. */
const sigmoid = rule('sigmoid', (g, node) => {
  const [top, bottom] = binary(node, f.div) ?? [];
  const e = besides(bottom, f.add, 1);
  const x = unary(e, f.exp);
  if (top === undefined || x === undefined) return undefined;
  if (top === e) return b.sigmoid(g, x);
  const s = b.sigmoid(g, negated(g, x));
  return uniformValue(top) === 1 ? s : b.mul(g, top, s);
});

/** (exp(x) - exp(-x)) / (exp(x) + exp(-x)) → tanh(x). */
const tanh = rule('tanh', (g, node) => {
  const [top, bottom] = binary(node, f.div) ?? [];
  const [p, q] = binary(top, f.sub) ?? [];
  const [x, y] = [unary(p, f.exp), unary(q, f.exp)];
  const opposite = x !== undefined && y !== undefined && negated(g, x) === y;
  const same = bothOrders(bottom, f.add).some(([r, s]) => r === p && s === q);
  return opposite && same ? b.tanh(g, x) : undefined;
});

/** 1 - sigmoid(x) → sigmoid(-x). */
const oneMinusSigmoid = rule('one-minus-sigmoid', (g, node) => {
  const [one, s] = binary(node, f.sub) ?? [];
  const x = unary(s, f.sigmoid);
  if (one === undefined || x === undefined || uniformValue(one) !== 1) return undefined;
  return b.sigmoid(g, negated(g, x));
});

/** log(1 + exp(x)) → softplus(x). */
const softplus = rule('softplus', (g, node) => {
  const x =
    unary(besides(unary(node, f.log), f.add, 1), f.exp) ?? unary(unary(node, f.log1p), f.exp);
  return x && b.elementwise(g, f.softplus, x);
});

/** log(sigmoid(x)) → -softplus(-x). */
const logSigmoid = rule('log-sigmoid', (g, node) => {
  const x = unary(unary(node, f.log), f.sigmoid);
  return x && b.neg(g, b.elementwise(g, f.softplus, negated(g, x)));
});

/** log(1 + x) → log1p(x). */
const log1p = rule('log1p', (g, node) => {
  const x = besides(unary(node, f.log), f.add, 1);
  return x && b.elementwise(g, f.log1p, x);
});

/** exp(x) - 1 → expm1(x). */
const expm1 = rule('expm1', (g, node) => {
  const [e, one] = binary(node, f.sub) ?? [];
  const minus = one !== undefined && uniformValue(one) === 1 ? e : besides(node, f.add, -1);
  const x = unary(minus, f.exp);
  return x && b.elementwise(g, f.expm1, x);
});

/** log(exp(x)) → x, also through views. */
const logOfExp = rule('log-of-exp', (g, node) => {
  const of = unary(node, f.log);
  if (of === undefined) return undefined;
  const { core, again } = underViews(of);
  const x = unary(core, f.exp);
  return x && again(g, x);
});

/** log(sum(exp(x))) → max + log(sum(exp(x - max))), unless x has its maximum taken off already. */
const logOfSumOfExp = rule('logsumexp', (g, node) => {
  const of = unary(node, f.log);
  if (of === undefined) return undefined;
  const { core, again } = underViews(of);
  const found = sumOfExp(core);
  if (found === undefined || unshifted(found.x, found.axes) !== undefined) return undefined;
  return again(g, logsumexp(g, found.x, found.axes));
});

/** max + log(sum(exp(x - max))), written by hand: the maximum carries no derivative. */
const shiftedLogsumexp = rule('shifted-logsumexp', (g, node) => {
  for (const [top, log] of bothOrders(node, f.add)) {
    const found = sumOfExp(unary(log, f.log));
    if (found === undefined) continue;
    const z = unshifted(found.x, found.axes);
    if (z !== undefined && isHighest(top, z, found.axes)) return logsumexp(g, z, found.axes);
  }
  return undefined;
});

/** x - logsumexp(x) → log_softmax(x), whether or not the maximum was taken off before. */
const logSoftmaxByHand = rule('log_softmax', (g, node) => {
  const [x, repeated] = binary(node, f.sub) ?? [];
  if (x === undefined || repeated === undefined) return undefined;
  const core = underSpread(repeated);
  // Shifted: s - log(sum(exp(s))). Otherwise the rules above have made a sum with the maximum of it.
  const log = binary(core, f.add)?.[1] ?? core;
  const found = sumOfExp(unary(log, f.log));
  if (found === undefined || !isSpreadOf(repeated, core, found.axes, x.type.shape))
    return undefined;
  const z = unshifted(found.x, found.axes);
  if (z === undefined) return undefined;
  const whole = log === core ? x === found.x : x === z && core === logsumexp(g, z, found.axes);
  return whole ? logSoftmax(g, z, found.axes) : undefined;
});

/** exp(x) / sum(exp(x)) → exp(log_softmax(x)), whether or not the maximum was taken off before. */
const softmax = rule('softmax', (g, node) => {
  const [e, bottom] = binary(node, f.div) ?? [];
  const x = unary(e, f.exp);
  if (e === undefined || bottom === undefined || x === undefined) return undefined;
  const total = underSpread(bottom);
  if (total.op !== sum || total.inputs[0] !== e) return undefined;
  const axes = axesAttr(total);
  if (!isSpreadOf(bottom, total, axes, e.type.shape)) return undefined;
  return b.exp(g, logSoftmax(g, unshifted(x, axes) ?? x, axes));
});

/** 1 - c**n → -expm1(n·log c): Adam's bias correction loses four digits otherwise. */
const oneMinusPower = rule('one-minus-power', (g, node) => {
  const [one, power] = binary(node, f.sub) ?? [];
  const [base, n] = binary(power, f.pow) ?? [];
  if (one === undefined || base === undefined || n === undefined) return undefined;
  const c = uniformValue(base);
  if (uniformValue(one) !== 1 || c === undefined || c <= 0 || uniformValue(n) !== undefined)
    return undefined;
  return b.neg(g, b.elementwise(g, f.expm1, b.mul(g, n, Math.log(c))));
});

/** Powers with a constant exponent that have a cheaper and exact form. */
const power = rule('power', (g, node) => {
  const [x, exponent] = binary(node, f.pow) ?? [];
  const p = exponent && uniformValue(exponent);
  if (x === undefined || p === undefined) return undefined;
  if (p === 0) return filled(g, 1, x.type.dtype, x.type.shape);
  if (p === 0.5) return b.sqrt(g, x);
  if (p === -0.5) return b.elementwise(g, f.rsqrt, x);
  if (!Number.isInteger(p) || Math.abs(p) > LARGEST_PRODUCT) return undefined;
  return p > 0 ? product(g, x, p) : b.div(g, 1, product(g, x, -p));
});
const LARGEST_PRODUCT = 8;

function product(g: Graph, x: Node, p: number): Node {
  if (p === 1) return x;
  const half = product(g, x, Math.floor(p / 2));
  const square = b.mul(g, half, half);
  return p % 2 === 0 ? square : b.mul(g, square, x);
}

/** In the order in which they are tried. */
export const stableRules: readonly Rule[] = [
  power,
  oneMinusPower,
  sigmoid,
  tanh,
  oneMinusSigmoid,
  softplus,
  logSigmoid,
  logOfExp,
  logOfSumOfExp,
  shiftedLogsumexp,
  logSoftmaxByHand,
  softmax,
  log1p,
  expm1,
];

/** Applying it twice changes nothing more: nodes of equal meaning stay one node between gradients. */
export const stabilize = (g: Graph, results: readonly Node[]): Node[] =>
  rewriteFully(g, results, [...viewRules, ...stableRules]);
