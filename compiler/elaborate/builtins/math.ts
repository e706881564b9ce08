/** Element-wise functions in the form of a call; static numbers stay static. */
import * as f from '../../scalar/intrinsics.ts';
import type { Intrinsic } from '../../scalar/scalar.ts';
import { elementwise } from '../elementwise.ts';
import { unknown } from '../value.ts';
import { asNumber, type Builtin, define, operand } from './builtin.ts';

const unary = (name: string, fn: Intrinsic, doc: string): Builtin =>
  define(name, 'x', doc, (c) => {
    const x = operand(c, 'x');
    if (x.value.kind === 'unknown') return unknown;
    if (x.value.kind === 'number') {
      const value = fn.js([x.value.value], 'f32');
      const whole = x.value.integer && (name === 'abs' || name === 'sign');
      return whole ? { kind: 'number', value, integer: true } : asNumber(value);
    }
    return elementwise(c.run, fn, [x], { symbol: name, verb: name, doing: name }, c.place);
  });

const binary = (name: string, fn: Intrinsic, doc: string, params = 'a, b'): Builtin =>
  define(name, params, doc, (c) => {
    const [p = 'a', q = 'b'] = params.split(', ');
    const [a, b] = [operand(c, p), operand(c, q)];
    if (a.value.kind === 'number' && b.value.kind === 'number') {
      const value = fn.js([a.value.value, b.value.value], 'f32');
      return { kind: 'number', value, integer: a.value.integer && b.value.integer };
    }
    return elementwise(
      c.run,
      fn,
      [a, b],
      { symbol: name, verb: 'combine', doing: 'combining' },
      c.place,
    );
  });

export const mathBuiltins: readonly Builtin[] = [
  unary('exp', f.exp, 'e to the power x.'),
  unary('exp2', f.exp2, '2 to the power x.'),
  unary('expm1', f.expm1, 'exp(x) - 1, exact for small x.'),
  unary(
    'log',
    f.log,
    'The natural logarithm; where x comes near 0, `log_softmax` or `log1p` is often meant.',
  ),
  unary('log2', f.log2, 'The logarithm to base 2.'),
  unary('log1p', f.log1p, 'log(1 + x), exact for small x.'),
  unary('sqrt', f.sqrt, 'The square root; its derivative at 0 is infinite.'),
  unary('rsqrt', f.rsqrt, '1 / sqrt(x).'),
  unary('abs', f.abs, '|x|, with derivative 0 at 0.'),
  unary('sign', f.sign, '-1, 0 or 1; the derivative is 0.'),
  unary('floor', f.floor, 'The next whole number down; the derivative is 0.'),
  unary('ceil', f.ceil, 'The next whole number up; the derivative is 0.'),
  unary('trunc', f.trunc, 'The next whole number towards 0; the derivative is 0.'),
  unary('round', f.round, 'The nearest whole number, halves to the even one; the derivative is 0.'),
  unary('sin', f.sin, 'The sine of x in radians.'),
  unary('cos', f.cos, 'The cosine of x in radians.'),
  unary('asin', f.asin, 'The angle whose sine is x, in radians.'),
  unary('acos', f.acos, 'The angle whose cosine is x, in radians.'),
  unary('atan', f.atan, 'The angle whose tangent is x, in radians.'),
  unary('tanh', f.tanh, 'The hyperbolic tangent.'),
  unary(
    'erf',
    f.erf,
    'The error function 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.',
  ),
  unary('sigmoid', f.sigmoid, '1 / (1 + exp(-x)), without overflow.'),
  unary('softplus', f.softplus, 'log(1 + exp(x)), without overflow.'),
  binary('atan2', f.atan2, 'The angle of the point (x, y), in radians from -pi to pi.', 'y, x'),
  binary(
    'maximum',
    f.max,
    'The larger of a and b, element by element; equals share the derivative.',
  ),
  binary(
    'minimum',
    f.min,
    'The smaller of a and b, element by element; equals share the derivative.',
  ),
  define(
    'where',
    'condition, yes, no',
    'Element by element `yes` where the condition is true, else `no`; both are computed.',
    (c) =>
      elementwise(
        c.run,
        f.select,
        [operand(c, 'condition'), operand(c, 'yes'), operand(c, 'no')],
        { symbol: 'where', verb: 'choose between', doing: 'choosing between' },
        c.place,
      ),
  ),
];
