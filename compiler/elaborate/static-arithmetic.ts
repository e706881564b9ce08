/** Arithmetic on static values: plain numbers as in Python, and sizes as polynomials. */
import type { BinaryOp } from '../../grammar/ast.ts';
import {
  addDims,
  type Dim,
  equalDims,
  floorDims,
  isUnwieldy,
  modDims,
  mulDims,
  subDims,
} from '../graph/dim.ts';
import { dimOf, hasOpenSize, sizeValue } from './sizes.ts';
import { bool, type NumberValue, number, type Value } from './value.ts';

/** `divides`: a `/` between sizes; `undecided`: a comparison that only binding can answer; `unwieldy`: a size too long to compare. */
export type StaticResult = Value | 'divides' | 'undecided' | 'unwieldy' | undefined;

/** The result of an operator on two static numbers or sizes; undefined where a tensor is needed. */
export function staticBinary(op: BinaryOp, left: Value, right: Value): StaticResult {
  if (left.kind === 'number' && right.kind === 'number') return numbers(op, left, right);
  const [a, b] = [dimOf(left), dimOf(right)];
  if (a !== undefined && b !== undefined) return sizes(op, a, b);
  if (left.kind === 'bool' && right.kind === 'bool') return bools(op, left.value, right.value);
  if (left.kind === 'string' && right.kind === 'string') {
    if (op === '==') return bool(left.value === right.value);
    if (op === '!=') return bool(left.value !== right.value);
  }
  if (left.kind === 'dtype' && right.kind === 'dtype') {
    if (op === '==') return bool(left.name === right.name);
    if (op === '!=') return bool(left.name !== right.name);
  }
  return undefined;
}

function numbers(op: BinaryOp, left: NumberValue, right: NumberValue): StaticResult {
  const [a, b] = [left.value, right.value];
  const whole = left.integer && right.integer;
  switch (op) {
    case '+':
      return number(a + b, whole);
    case '-':
      return number(a - b, whole);
    case '*':
      return number(a * b, whole);
    case '/':
      return number(a / b, false);
    case '//':
      return number(Math.floor(a / b), whole && b !== 0);
    case '%':
      return number(a - b * Math.floor(a / b), whole && b !== 0);
    case '**':
      return number(a ** b, whole && b >= 0);
    case '==':
      return bool(a === b);
    case '!=':
      return bool(a !== b);
    case '<':
      return bool(a < b);
    case '<=':
      return bool(a <= b);
    case '>':
      return bool(a > b);
    case '>=':
      return bool(a >= b);
    case '@':
    case 'and':
    case 'or':
      return undefined;
    default:
      return op satisfies never;
  }
}

function sizes(op: BinaryOp, a: Dim, b: Dim): StaticResult {
  switch (op) {
    case '+':
      return sizeOrNone(addDims(a, b));
    case '-':
      return sizeOrNone(subDims(a, b));
    case '*':
      return sizeOrNone(mulDims(a, b));
    case '/':
      // A size that is still to be found stands in for its number until elaboration starts again.
      return [a, b].some(hasOpenSize) ? undefined : 'divides';
    case '//':
      return sizeOrNone(floorDims(a, b));
    case '%':
      return sizeOrNone(modDims(a, b));
    case '**':
      return typeof b === 'number' && b >= 0 && b <= 8 ? powerOf(a, b) : undefined;
    case '==':
    case '<=':
    case '>=':
      return equalDims(a, b) ? bool(true) : compared(op, a, b);
    case '!=':
    case '<':
    case '>':
      return equalDims(a, b) ? bool(false) : compared(op, a, b);
    case '@':
    case 'and':
    case 'or':
      return undefined;
    default:
      return op satisfies never;
  }
}

const sizeOrNone = (d: Dim): StaticResult => (isUnwieldy(d) ? 'unwieldy' : sizeValue(d));

function powerOf(d: Dim, exponent: number): StaticResult {
  let power: Dim = 1;
  for (let i = 0; i < exponent && !isUnwieldy(power); i++) power = mulDims(power, d);
  return sizeOrNone(power);
}

/** Sizes that differ by a constant compare by it: `n < n + 1`. */
function compared(op: '==' | '<=' | '>=' | '!=' | '<' | '>', a: Dim, b: Dim): StaticResult {
  const difference = subDims(a, b);
  return typeof difference === 'number' ? numbers(op, number(difference), number(0)) : 'undecided';
}

function bools(op: BinaryOp, a: boolean, b: boolean): StaticResult {
  switch (op) {
    case 'and':
      return bool(a && b);
    case 'or':
      return bool(a || b);
    case '==':
      return bool(a === b);
    case '!=':
      return bool(a !== b);
    default:
      return undefined;
  }
}
