/** The operators of expressions on every kind of value. */
import type { BinaryOp, Expr } from '../../grammar/ast.ts';
import * as build from '../builder.ts';
import { isInteger } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import * as f from '../scalar/intrinsics.ts';
import type { Intrinsic } from '../scalar/scalar.ts';
import { elementwise, notATensor, type Operand, type Wording } from './elementwise.ts';
import { naturalDType } from './lift.ts';
import { matrixProduct } from './matrix-product.ts';
import { complain, textAt, wordsAt } from './report.ts';
import type { Run } from './run.ts';
import { dimOf } from './sizes.ts';
import { staticBinary } from './static-arithmetic.ts';
import { bool, number, type Place, type Scope, tensor, unknown, type Value } from './value.ts';

type BinaryExpr = Extract<Expr, { kind: 'binary' }>;

const words: Readonly<Record<Exclude<BinaryOp, '@'>, Wording & { readonly fn: Intrinsic }>> = {
  '+': { symbol: '+', verb: 'add', doing: 'adding', fn: f.add },
  '-': { symbol: '-', verb: 'subtract', doing: 'subtracting', fn: f.sub },
  '*': { symbol: '*', verb: 'multiply', doing: 'multiplying', fn: f.mul },
  '/': { symbol: '/', verb: 'divide', doing: 'dividing', fn: f.div },
  '//': { symbol: '//', verb: 'divide', doing: 'dividing', fn: f.floordiv },
  '%': { symbol: '%', verb: 'divide', doing: 'dividing', fn: f.rem },
  '**': { symbol: '**', verb: 'raise', doing: 'raising', fn: f.pow },
  '==': { symbol: '==', verb: 'compare', doing: 'comparing', fn: f.eq },
  '!=': { symbol: '!=', verb: 'compare', doing: 'comparing', fn: f.ne },
  '<': { symbol: '<', verb: 'compare', doing: 'comparing', fn: f.lt },
  '<=': { symbol: '<=', verb: 'compare', doing: 'comparing', fn: f.le },
  '>': { symbol: '>', verb: 'compare', doing: 'comparing', fn: f.gt },
  '>=': { symbol: '>=', verb: 'compare', doing: 'comparing', fn: f.ge },
  and: { symbol: 'and', verb: 'combine', doing: 'combining', fn: f.and },
  or: { symbol: 'or', verb: 'combine', doing: 'combining', fn: f.or },
};

export function evaluateBinary(run: Run, expr: BinaryExpr, scope: Scope): Value {
  const operand = (e: Expr): Operand => ({
    value: run.evaluate(e, scope),
    place: { source: scope.source, span: e.span },
  });
  const place: Place = { source: scope.source, span: expr.span };
  const left = operand(expr.left);
  // Like everywhere, `and` and `or` of static values look at the right side only if it matters.
  if (left.value.kind === 'bool' && expr.op === 'and' && !left.value.value) return left.value;
  if (left.value.kind === 'bool' && expr.op === 'or' && left.value.value) return left.value;
  return applyBinary(run, expr.op, left, operand(expr.right), place);
}

function applyBinary(run: Run, op: BinaryOp, left: Operand, right: Operand, place: Place): Value {
  if (left.value.kind === 'unknown' || right.value.kind === 'unknown') return unknown;
  if (op === '@') return matrixProduct(run, left, right, place);
  const fixed = staticBinary(op, left.value, right.value);
  if (fixed === 'divides') {
    const instead = `${textAt(left.place)} // ${textAt(right.place)}`;
    return complain(run, 'NN0213', { instead }, place, {
      fix: { span: place.span, text: `${wordsAt(left.place)} // ${wordsAt(right.place)}` },
    });
  }
  if (fixed === 'unwieldy')
    return complain(
      run,
      'NN0313',
      {
        what: `the size \`${textAt(place)}\` is too long to be compared with others`,
        help: 'give what is computed with a name of its own in an `input`',
      },
      place,
    );
  if (fixed === 'undecided') return compareSizes(run, op, left, right);
  if (fixed?.kind === 'number' && !Number.isFinite(fixed.value))
    return notFinite(run, textAt(place), place);
  if (fixed !== undefined) return fixed;
  for (const o of [left, right]) if (!canBeTensor(o.value)) return notATensor(run, op, o);
  if (op === '**') return power(run, left, right, place);
  const dtype = naturalDType(left.value.kind === 'tensor' ? left.value : right.value);
  if (op === '/' && isInteger(dtype))
    return complain(
      run,
      'NN0242',
      {
        op: '/',
        dtype,
        instead: `cast(${textAt(left.place)}, f32) / ${textAt(right.place)}`,
      },
      place,
      { help: `write \`//\` for whole numbers, or \`cast(${textAt(left.place)}, f32) / …\`` },
    );
  return elementwise(run, words[op].fn, [left, right], words[op], place);
}

/** A number known while compiling that is none would spread through the whole model in silence. */
export const notFinite = (run: Run, text: string, place: Place): Value =>
  complain(run, 'NN0313', { what: `\`${text}\` is no finite number` }, place);

/** Sizes that only binding makes numbers are compared then: a bool scalar. */
function compareSizes(run: Run, op: Exclude<BinaryOp, '@'>, left: Operand, right: Operand): Value {
  const nodes = [left, right].map((o) => build.size(run.graph, dimOf(o.value) ?? 0, 'i32'));
  return tensor(build.elementwise(run.graph, words[op].fn, ...nodes));
}

const canBeTensor = (v: Value): boolean =>
  v.kind === 'tensor' ||
  v.kind === 'number' ||
  v.kind === 'size' ||
  v.kind === 'bool' ||
  v.kind === 'list';

/**
 * Small whole exponents become products, which are exact for negative bases and cheap to
 * differentiate; an integer tensor as exponent is taken as a float, whose `pow` knows odd and even.
 */
function power(run: Run, left: Operand, right: Operand, place: Place): Value {
  const exponent = right.value;
  if (
    left.value.kind === 'tensor' &&
    exponent.kind === 'number' &&
    Number.isInteger(exponent.value)
  ) {
    const k = exponent.value;
    if (k >= 1 && k <= 16) return tensor(wholePower(run.graph, left.value.node, k));
    if (k === -1)
      return applyBinary(run, '/', { value: number(1), place: right.place }, left, place);
  }
  if (left.value.kind === 'tensor' && exponent.kind === 'number' && exponent.value === 0.5)
    return elementwise(run, f.sqrt, [left], { ...words['**'], symbol: 'sqrt' }, place);
  const asFloat =
    exponent.kind === 'tensor' && isInteger(exponent.node.type.dtype)
      ? { ...right, value: tensor(build.cast(run.graph, exponent.node, 'f32')) }
      : right;
  return elementwise(run, f.pow, [left, asFloat], words['**'], place);
}

function wholePower(g: Graph, x: Node, k: number): Node {
  if (k === 1) return x;
  const half = wholePower(g, x, Math.floor(k / 2));
  const square = build.mul(g, half, half);
  return k % 2 === 0 ? square : build.mul(g, square, x);
}

export function evaluateUnary(
  run: Run,
  expr: Extract<Expr, { kind: 'unary' }>,
  scope: Scope,
): Value {
  const value = run.evaluate(expr.value, scope);
  const place: Place = { source: scope.source, span: expr.span };
  const operand: Operand = { value, place: { source: scope.source, span: expr.value.span } };
  if (value.kind === 'unknown') return unknown;
  if (expr.op === 'not') {
    if (value.kind === 'bool') return bool(!value.value);
    return elementwise(
      run,
      f.not,
      [operand],
      { symbol: 'not', verb: 'negate', doing: 'negating' },
      place,
    );
  }
  if (value.kind === 'number') return number(-value.value, value.integer);
  if (value.kind === 'size')
    return applyBinary(run, '*', { value: number(-1), place }, operand, place);
  return elementwise(
    run,
    f.neg,
    [operand],
    { symbol: '-', verb: 'negate', doing: 'negating' },
    place,
  );
}
