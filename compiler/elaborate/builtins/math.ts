/** Element-wise functions in the form of a call; static numbers stay static. */
import * as f from '../../scalar/intrinsics.ts';
import type { Intrinsic } from '../../scalar/scalar.ts';
import { elementwise } from '../elementwise.ts';
import { unknown } from '../value.ts';
import { asNumber, type Builtin, define, operand } from './builtin.ts';

const unary = (name: string, fn: Intrinsic): Builtin =>
  define(name, 'x', (c) => {
    const x = operand(c, 'x');
    if (x.value.kind === 'unknown') return unknown;
    if (x.value.kind === 'number') {
      const value = fn.js([x.value.value], 'f32');
      const whole = x.value.integer && (name === 'abs' || name === 'sign');
      return whole ? { kind: 'number', value, integer: true } : asNumber(value);
    }
    return elementwise(c.run, fn, [x], { symbol: name, verb: name, doing: name }, c.place);
  });

const binary = (name: string, fn: Intrinsic, params = 'a, b'): Builtin =>
  define(name, params, (c) => {
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
  unary('exp', f.exp),
  unary('exp2', f.exp2),
  unary('expm1', f.expm1),
  unary('log', f.log),
  unary('log2', f.log2),
  unary('log1p', f.log1p),
  unary('sqrt', f.sqrt),
  unary('rsqrt', f.rsqrt),
  unary('abs', f.abs),
  unary('sign', f.sign),
  unary('floor', f.floor),
  unary('ceil', f.ceil),
  unary('trunc', f.trunc),
  unary('round', f.round),
  unary('sin', f.sin),
  unary('cos', f.cos),
  unary('asin', f.asin),
  unary('acos', f.acos),
  unary('atan', f.atan),
  unary('tanh', f.tanh),
  unary('erf', f.erf),
  unary('sigmoid', f.sigmoid),
  unary('softplus', f.softplus),
  binary('atan2', f.atan2, 'y, x'),
  binary('maximum', f.max),
  binary('minimum', f.min),
  define('where', 'condition, yes, no', (c) =>
    elementwise(
      c.run,
      f.select,
      [operand(c, 'condition'), operand(c, 'yes'), operand(c, 'no')],
      { symbol: 'where', verb: 'choose between', doing: 'choosing between' },
      c.place,
    ),
  ),
];
