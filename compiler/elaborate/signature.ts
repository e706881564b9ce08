/** What calls of layers and fns have in common: parameters of a declaration, binding them, checking the result. */
import type { LayerDecl, Param, Pattern, TypeExpr } from '../../grammar/ast.ts';
import { acceptArgument } from './accept.ts';
import { bindArguments, type CalleeText, type Parameter } from './arguments.ts';
import { covers, isCompute } from './element-type.ts';
import type { Expectation } from './misfit.ts';
import { typeAsExpected } from './misfit.ts';
import { bindPattern } from './pattern.ts';
import { complain, requirement, typeText } from './report.ts';
import { isStd, type Run } from './run.ts';
import { matchShape } from './type-sizes.ts';
import {
  type Ancestry,
  type Argument,
  type Fn,
  type FnLike,
  type Instance,
  type Place,
  type Scope,
  type Template,
  unknown,
  type Value,
} from './value.ts';

export const isRequired = (p: Param): boolean => p.default === undefined && !p.optional;

const parameterOf = (p: Param): Parameter => ({
  name: patternKey(p.pattern),
  optional: p.default !== undefined,
  skippable: p.optional,
});

/** Patterned parameters have no name to be called by. */
export const patternKey = (p: Pattern): string =>
  p.kind === 'name' ? p.name.text : `(${p.span.start})`;

function calleeText(name: string, params: readonly Param[]): CalleeText {
  const list = params.map(
    (p) =>
      `${p.pattern.kind === 'name' ? p.pattern.name.text : '(...)'}${p.optional ? '?' : ''}${p.default === undefined ? '' : '=...'}`,
  );
  return { name, signature: `${name}(${list.join(', ')})` };
}

export function expectation(of: Template | Fn, param: Param, instance?: Instance): Expectation {
  const declared: Place = { source: of.scope.source, span: param.span };
  return {
    callee: of.name,
    parameter: param.pattern.kind === 'name' ? param.pattern.name.text : 'the argument',
    declared,
    // Made for every call, and read only where one is refused.
    get required() {
      return isStd(declared.source) ? [`required by ${requirement(declared)}`] : [];
    },
    ...(instance === undefined ? {} : { instance }),
  };
}

/** The arguments of a call by the parameters that they go to; undefined after a report. */
export const argumentsFor = (
  run: Run,
  name: string,
  params: readonly Param[],
  args: readonly Argument[],
  place: Place,
): Map<string, Argument> | undefined =>
  bindArguments(run, calleeText(name, params), params.map(parameterOf), args, place);

/** Binds the parameters of a call in the callee's scope; false after a report or an unknown argument. */
export function bindParams(
  run: Run,
  of: Template | Fn,
  params: readonly Param[],
  bound: ReadonlyMap<string, Argument>,
  scope: Scope,
  instance?: Instance,
): boolean {
  let fine = true;
  for (const param of params) {
    const arg = bound.get(patternKey(param.pattern));
    const value =
      arg === undefined
        ? param.default === undefined
          ? unknown
          : run.evaluate(param.default, scope)
        : acceptArgument(run, param.type, arg, scope, expectation(of, param, instance));
    if (value.kind === 'unknown') fine = false;
    else bindPattern(run, scope, param.pattern, value, 'argument');
  }
  return fine;
}

/** The declared result type against what came out. */
export function checkResult(
  run: Run,
  name: string,
  type: TypeExpr | undefined,
  value: Value,
  scope: Scope,
  place: Place,
): Value {
  if (type === undefined || value.kind !== 'tensor') return value;
  const { node } = value;
  const element = type.name.text;
  const shapeMatches =
    type.axes === undefined && !isCompute(element)
      ? undefined
      : matchShape(run, type, node.type.shape, scope, false);
  if (shapeMatches?.kind === 'reported') return unknown;
  if (shapeMatches === undefined && (covers(element, node.type.dtype) || type.axes === undefined))
    return value;
  const declared = { source: scope.source, span: type.span };
  return complain(
    run,
    'NN0313',
    {
      what: `\`${name}\` returns ${typeText(node.type)}, declared ${typeAsExpected(type, scope, declared)}`,
    },
    isStd(scope.source) ? place : declared,
  );
}

export const isRecursive = (ancestry: Ancestry, decl: LayerDecl | FnLike): boolean =>
  ancestry.includes(decl);
