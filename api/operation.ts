/** Operators, fields, indices and functions of the language, applied to what a program holds where a call of it stands. */
import type { Argument, Place, Value } from '../compiler/elaborate/value.ts';
import type { BinaryOp, Expr } from '../grammar/index.ts';
import { applied, type Building, phrased } from './building.ts';
import type { CallSite } from './call-site.ts';
import { toArguments, toValue } from './convert.ts';
import { type Index, indexExprs } from './index-argument.ts';

/** `left op right`, each at its place. */
export function binaryValue(
  building: Building,
  site: CallSite,
  op: BinaryOp,
  left: readonly [unknown, Place],
  right: readonly [unknown, Place],
): Value {
  return phrased(building, site, (phrase) => {
    const { span } = site.whole;
    const operand = ([x, place]: readonly [unknown, Place]): Expr =>
      phrase.value(toValue(building, x, place), place);
    const expr: Expr = {
      kind: 'binary',
      op,
      left: operand(left),
      right: operand(right),
      opSpan: span,
      span,
    };
    return building.run.evaluate(expr, phrase.scope);
  });
}

/** `-x` and `not x`. */
export function unaryValue(building: Building, site: CallSite, op: '-' | 'not', x: unknown): Value {
  return phrased(building, site, (phrase) => {
    const { span } = site.whole;
    const value = phrase.value(toValue(building, x, site.receiver), site.receiver);
    return building.run.evaluate({ kind: 'unary', op, value, span }, phrase.scope);
  });
}

/** `x.T`, and `layer.W` where `x` is the value of a layer; `at`: where `x` stands. */
export function fieldValue(
  building: Building,
  site: CallSite,
  x: Value,
  field: string,
  at: Place,
): Value {
  return phrased(building, site, (phrase) => {
    const { span } = site.whole;
    const name = { text: field, span };
    const value = phrase.value(x, at);
    return building.run.evaluate({ kind: 'field', value, name, span }, phrase.scope);
  });
}

/** `x[indices]`. */
export function indexValue(
  building: Building,
  site: CallSite,
  x: unknown,
  given: readonly Index[],
): Value {
  return phrased(building, site, (phrase) => {
    const { span } = site.whole;
    const value = phrase.value(toValue(building, x, site.receiver), site.receiver);
    const indices = indexExprs(given, span, (index, i) => {
      const place = site.arg(i);
      return phrase.value(toValue(building, index, place), place);
    });
    return building.run.evaluate({ kind: 'index', value, indices, span }, phrase.scope);
  });
}

/** A function of the language as a method of its first argument: `name(x, ...rest)`. */
export function methodValue(
  building: Building,
  site: CallSite,
  name: string,
  x: unknown,
  rest: readonly unknown[],
): Value {
  const { receiver } = site;
  const first: Argument = { value: toValue(building, x, receiver), place: receiver };
  const callee = building.named(name);
  return callee === undefined
    ? { kind: 'unknown' }
    : applied(building, site, callee, [first, ...toArguments(building, site, rest)]);
}
