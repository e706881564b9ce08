/** Checks an argument against the type that its parameter declares, and lifts statics to tensors. */
import type { TypeExpr } from '../../grammar/ast.ts';
import { dimText, isSymbolic } from '../graph/dim.ts';
import { type DType, isInteger } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { covers, isClass, isCompute } from './element-type.ts';
import { lift } from './lift.ts';
import { type Expectation, misfitAxis, misfitRank } from './misfit.ts';
import { complain, describe, isWritten, textAt, typeText, withOrigin, wordsAt } from './report.ts';
import type { Run } from './run.ts';
import { dimOf } from './sizes.ts';
import { matchShape, rememberDecided, restNamed, sizeNamed } from './type-sizes.ts';
import {
  type Argument,
  isCallable,
  number,
  type Scope,
  type Tensor,
  tensor,
  unknown,
  type Value,
} from './value.ts';
import { bare } from './walk-expression.ts';

/** The argument as the body sees it; `unknown` after a report. */
export function acceptArgument(
  run: Run,
  type: TypeExpr | undefined,
  arg: Argument,
  scope: Scope,
  expectation: Expectation,
): Value {
  if (type === undefined || arg.value.kind === 'unknown') return arg.value;
  if (type.axes === undefined) return acceptPlain(run, type, arg, scope, expectation);
  const value = asTensor(run, type, arg, scope, expectation);
  if (value === undefined) return unknown;
  const mismatch = matchShape(run, type, value.node.type.shape, scope, true);
  if (mismatch === undefined) {
    rememberDecided(scope, type, { place: arg.place, type: withOrigin(value) });
    return value;
  }
  if (mismatch.kind === 'rank')
    return misfitRank(run, mismatch, type, arg, value, scope, expectation);
  if (mismatch.kind === 'size')
    return misfitAxis(run, mismatch, type, arg, value, scope, expectation);
  return unknown;
}

/** Types without axes: static kinds, and scalar tensors. */
function acceptPlain(run: Run, type: TypeExpr, arg: Argument, scope: Scope, e: Expectation): Value {
  const { value } = arg;
  const wrong = (expected: string): Value => {
    if (value.kind === 'tensor')
      return complain(run, 'NN0410', { what: `\`${e.parameter}\` of ${e.callee}` }, arg.place);
    // 8 / 2 is a float, which looks like a size where it is printed.
    const whole = value.kind === 'number' && !value.integer && Number.isInteger(value.value);
    const quotient = /^([\w.]+) *\/ *([\w.]+)$/.exec(textAt(arg.place));
    const instead = whole && quotient !== null ? `${quotient[1]} // ${quotient[2]}` : undefined;
    return complain(
      run,
      'NN0206',
      {
        argument: e.parameter,
        callee: e.callee,
        problem: `is ${whole ? 'the float ' : ''}${describe(value)}; it takes ${expected}`,
        help: instead && `write \`${instead}\``,
      },
      arg.place,
      instead === undefined ? {} : { fix: { span: arg.place.span, text: instead } },
    );
  };
  switch (type.name.text) {
    case 'dim': {
      const dim = dimOf(value);
      if (dim === undefined) return wrong('a size');
      return isSymbolic(dim) || dim >= 1 ? value : wrong('a size of at least 1');
    }
    case 'str':
      return value.kind === 'string' ? value : wrong('a string');
    case 'dtype':
      return value.kind === 'dtype' ? value : wrong('an element type such as `f32`');
    case 'list':
      return value.kind === 'list' || value.kind === 'tuple' ? value : wrong('a list');
    case 'fn':
      return isCallable(value) ? value : wrong('a layer or function');
    case 'bool':
      if (value.kind === 'bool') return value;
      return isScalarTensor(value, 'bool') ? value : wrong('`true` or `false`');
    case 'int':
      if (dimOf(value) !== undefined || isScalarTensor(value, 'int')) return value;
      return wrong('a whole number');
    case 'any':
      return value;
    case 'float':
    case 'num':
      if (value.kind === 'number')
        return type.name.text === 'float' ? number(value.value, false) : value;
      if (value.kind === 'size' || isScalarTensor(value, type.name.text)) return value;
      return value.kind === 'tensor' ? scalarTensor(run, type, arg, scope, e) : wrong('a number');
    default:
      return scalarTensor(run, type, arg, scope, e);
  }
}

const isScalarTensor = (v: Value, type: string): boolean =>
  v.kind === 'tensor' && v.node.type.shape.length === 0 && covers(type, v.node.type.dtype);

function scalarTensor(
  run: Run,
  type: TypeExpr,
  arg: Argument,
  scope: Scope,
  e: Expectation,
): Value {
  const value = asTensor(run, type, arg, scope, e);
  if (value === undefined) return unknown;
  const rank = value.node.type.shape.length;
  return rank === 0
    ? value
    : misfitRank(run, { kind: 'rank', expected: 0, atLeast: false }, type, arg, value, scope, e);
}

/** A tensor whose dtype the type covers; class names are one variable each in a signature. */
function asTensor(
  run: Run,
  type: TypeExpr,
  arg: Argument,
  scope: Scope,
  e: Expectation,
): Tensor | undefined {
  const name = type.name.text;
  const known = isClass(name) ? classVariable(scope, name) : undefined;
  const wanted = known ?? (isCompute(name) ? name : name === 'int' ? 'i32' : 'f32');
  const lifted = lift(run.graph, arg.value, wanted);
  if (lifted.kind !== 'node') {
    refuse(run, arg, e, `is ${describe(arg.value)}; it takes a tensor`);
    return undefined;
  }
  const { dtype } = lifted.node.type;
  if (!covers(name, dtype) || (known !== undefined && known !== dtype)) {
    const problem = `is ${typeText(lifted.node.type)}; it takes ${known ?? name}`;
    const instead = recoded(type, arg, lifted.node, wanted, scope);
    refuse(run, arg, e, problem, wanted, instead);
    return undefined;
  }
  if (isClass(name) && known === undefined)
    scope.names.set(`%${name}`, { kind: 'size', value: { kind: 'dtype', name: dtype } });
  return arg.value.kind === 'tensor' ? arg.value : tensor(lifted.node);
}

/**
 * Between class numbers and one column for each class no cast helps: `argmax(t, axis=-1)` where numbers
 * are wanted, `one_hot(label, 10)` where columns are.
 */
function recoded(
  { axes = [] }: TypeExpr,
  { place }: Argument,
  { type }: Node,
  wanted: DType,
  scope: Scope,
): string | undefined {
  const rank = axes.reduce(
    (n, axis) =>
      n +
      (axis.kind === 'size' ? 1 : ((axis.name && restNamed(scope, axis.name.text)) ?? []).length),
    0,
  );
  const more = type.shape.length - rank;
  if (isInteger(wanted)) return more === 1 ? `argmax(${textAt(place)}, axis=-1)` : undefined;
  const last = axes.at(-1);
  const columns = last?.kind === 'size' ? bare(last.value) : undefined;
  const classes = columns?.kind === 'name' ? sizeNamed(scope, columns.name)?.value : undefined;
  const count = classes && dimOf(classes);
  return more === -1 && isInteger(type.dtype) && count !== undefined
    ? `one_hot(${textAt(place)}, ${dimText(count)})`
    : undefined;
}

/** `wanted` is the element type that a cast would give it. */
function refuse(
  run: Run,
  arg: Argument,
  e: Expectation,
  problem: string,
  wanted?: DType,
  instead?: string,
): void {
  const cast = (words: string): string => `cast(${words}, ${wanted})`;
  const help = wanted === undefined ? undefined : `\`${instead ?? cast(textAt(arg.place))}\``;
  const params = { argument: e.parameter, callee: e.callee, problem, help };
  complain(run, 'NN0206', params, arg.place, {
    ...(arg.value.kind === 'tensor' ? { label: withOrigin(arg.value) } : {}),
    facts: e.required,
    // The operand of a stage stands before it; only an argument in parentheses can be wrapped where it is.
    ...(wanted === undefined || instead !== undefined || !isWritten(arg)
      ? {}
      : { fix: { span: arg.place.span, text: cast(wordsAt(arg.place)) } }),
  });
}

/** The dtype that `float` of this signature was bound to; `%` keeps it apart from every name. */
function classVariable(scope: Scope, name: string): DType | undefined {
  const bound = scope.names.get(`%${name}`)?.value;
  return bound?.kind === 'dtype' && isCompute(bound.name) ? bound.name : undefined;
}
