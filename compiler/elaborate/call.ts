/**
 * Calls: configuring a layer, applying an instance, calling a `fn`. Every call is inlined, so what is
 * left is a flat graph.
 */
import type { LayerDecl, Param, Pattern, TypeExpr } from '../../grammar/ast.ts';
import { acceptArgument } from './accept.ts';
import { bindArguments, type CalleeText, type Parameter } from './arguments.ts';
import { covers, isCompute } from './element-type.ts';
import type { Expectation } from './misfit.ts';
import { typeAsExpected } from './misfit.ts';
import { sitePath } from './naming.ts';
import { bindPattern } from './pattern.ts';
import { complain, describe, requirement, textAt, typeText } from './report.ts';
import { isStd, type Run } from './run.ts';
import { newScope } from './scope.ts';
import { recordSite } from './site-rows.ts';
import { dimOf } from './sizes.ts';
import { matchShape } from './type-sizes.ts';
import {
  type Ancestry,
  type Argument,
  type Fn,
  type FnLike,
  type Instance,
  type NamedBody,
  type Place,
  type Scope,
  type Template,
  tensor,
  unknown,
  type Value,
} from './value.ts';

/** `dense(10)`: one instance, whose path the site or the given name decides. */
export function construct(
  run: Run,
  template: Template,
  args: readonly Argument[],
  place: Place,
  scope: Scope,
  name?: string,
): Value {
  const { decl } = template;
  if (scope.body.kind === 'fn')
    return complain(run, 'NN0310', { fn: scope.body.name, what: textAt(place) }, place);
  if (isRecursive(template.ancestry, decl))
    return complain(run, 'NN0306', { name: template.name }, place);
  const piped = args.find((a) => a.name === undefined && a.value.kind === 'tensor');
  if (piped !== undefined) {
    const configured = decl.config.some(isRequired) ? exampleCall(decl) : template.name;
    return complain(
      run,
      'NN0304',
      { text: textAt(place), instead: `${textAt(piped.place)} |> ${configured}` },
      place,
    );
  }
  const bound = bindArguments(
    run,
    calleeText(template.name, decl.config),
    decl.config.map(parameterOf),
    args,
    place,
  );
  const path = sitePath(run.registry, scope.body, place, name ?? template.name);
  if (bound === undefined) return unknown;
  const body: NamedBody = {
    kind: 'layer',
    name: template.name,
    prefix: `${path}.`,
    ancestry: [...template.ancestry, decl],
  };
  const inside = newScope(template.scope, template.scope.source, body);
  const config = new Map<string, Value>();
  const open = new Set<string>();
  let failed = false;
  for (const param of decl.config) {
    const key = patternKey(param.pattern);
    const arg = bound.get(key);
    if (arg === undefined && param.default === undefined) {
      open.add(key);
      inside.names.set(key, { kind: 'open', value: unknown });
      continue;
    }
    const value = configValue(run, param, arg, inside, expectation(template, param));
    if (value.kind === 'unknown') failed = true;
    config.set(key, value);
    inside.names.set(key, { kind: 'argument', value });
  }
  if (failed) return unknown;
  return {
    kind: 'instance',
    template,
    config,
    open,
    given: new Set(bound.keys()),
    path,
    text: textAt(place),
    place,
  };
}

/** A layer named bare, `|> layer_norm`, where all of its configuration is optional. */
export function constructBare(
  run: Run,
  template: Template,
  place: Place,
  scope: Scope,
  name?: string,
): Value {
  if (template.decl.config.some(isRequired) && scope.body.kind !== 'fn')
    return complain(
      run,
      'NN0304',
      { text: template.name, instead: exampleCall(template.decl) },
      place,
    );
  return construct(run, template, [], place, scope, name);
}

function configValue(
  run: Run,
  param: Param,
  arg: Argument | undefined,
  inside: Scope,
  e: Expectation,
): Value {
  if (arg === undefined)
    return param.default === undefined ? unknown : run.evaluate(param.default, inside);
  return acceptArgument(run, param.type, arg, inside, e);
}

const isRequired = (p: Param): boolean => p.default === undefined && !p.optional;

function exampleCall(decl: LayerDecl): string {
  const examples = decl.config
    .filter(isRequired)
    .map((p) => (p.type?.name.text === 'dim' ? '10' : p.type?.name.text === 'int' ? '3' : '...'));
  return `${decl.name.text}(${examples.join(', ')})`;
}

const isRecursive = (ancestry: Ancestry, decl: LayerDecl | FnLike): boolean =>
  ancestry.includes(decl);

const parameterOf = (p: Param): Parameter => ({
  name: patternKey(p.pattern),
  optional: p.default !== undefined,
  skippable: p.optional,
});

/** Patterned parameters have no name to be called by. */
const patternKey = (p: Pattern): string => (p.kind === 'name' ? p.name.text : `(${p.span.start})`);

function calleeText(name: string, params: readonly Param[]): CalleeText {
  const list = params.map(
    (p) =>
      `${p.pattern.kind === 'name' ? p.pattern.name.text : '(...)'}${p.optional ? '?' : ''}${p.default === undefined ? '' : '=...'}`,
  );
  return { name, signature: `${name}(${list.join(', ')})` };
}

function expectation(of: Template | Fn, param: Param, instance?: Instance): Expectation {
  const declared: Place = { source: of.scope.source, span: param.span };
  return {
    callee: of.name,
    parameter: param.pattern.kind === 'name' ? param.pattern.name.text : 'the argument',
    declared,
    required: isStd(declared.source) ? [`required by ${requirement(declared)}`] : [],
    ...(instance === undefined ? {} : { instance }),
  };
}

/** The value of an instance at these tensors. */
export function applyInstance(
  run: Run,
  instance: Instance,
  args: readonly Argument[],
  place: Place,
): Value {
  const { template } = instance;
  const { decl } = template;
  const prefix = instance.prefix ?? `${instance.path}.`;
  const body: NamedBody = {
    kind: 'layer',
    name: template.name,
    prefix,
    ancestry: [...template.ancestry, decl],
  };
  const scope = newScope(template.scope, template.scope.source, body);
  for (const [name, value] of instance.config) scope.names.set(name, { kind: 'argument', value });
  for (const name of instance.open) {
    const decided = run.registry.decided.get(`${instance.path}:${name}`);
    scope.names.set(
      name,
      decided === undefined
        ? { kind: 'open', value: unknown, place: instance.place }
        : {
            kind: 'argument',
            value:
              typeof decided.dim === 'number'
                ? { kind: 'number', value: decided.dim, integer: true }
                : { kind: 'size', dim: decided.dim },
          },
    );
  }
  if (decl.tensors !== undefined && !bindTensors(run, instance, decl.tensors, args, scope, place))
    return unknown;
  const outer = run.path;
  run.path = instance.path;
  run.frames.push({ place, callee: template.name });
  try {
    const value = bodyOf(run, instance, args, scope, place);
    if (value.kind === 'unknown') return value;
    const checked = checkResult(run, template.name, decl.result, value, scope, place);
    recordSite(run, instance, args, checked);
    return checked.kind === 'tensor'
      ? tensor(checked.node, { what: instance.text, place: instance.place })
      : checked;
  } finally {
    run.frames.pop();
    run.path = outer;
  }
}

function bindTensors(
  run: Run,
  instance: Instance,
  params: readonly Param[],
  args: readonly Argument[],
  scope: Scope,
  place: Place,
): boolean {
  const { template } = instance;
  const bound = bindArguments(
    run,
    calleeText(instance.text, params),
    params.map(parameterOf),
    args,
    place,
  );
  if (bound === undefined || !bindParams(run, template, params, bound, scope, instance))
    return false;
  for (const name of instance.open) {
    const dim = dimOf(scope.names.get(name)?.value ?? unknown);
    const key = `${instance.path}:${name}`;
    const first = args[0];
    if (dim === undefined || run.registry.decided.has(key) || first === undefined) continue;
    run.registry.decided.set(key, { dim, place: first.place, type: describe(first.value) });
  }
  return true;
}

/** Binds the parameters of a call in the callee's scope; false after a report or an unknown argument. */
function bindParams(
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

function bodyOf(
  run: Run,
  instance: Instance,
  args: readonly Argument[],
  scope: Scope,
  place: Place,
): Value {
  const { decl, name } = instance.template;
  if (decl.body.kind === 'block')
    return (
      run.execute(decl.body.stmts, scope) ??
      complain(run, 'NN0312', { name }, { source: scope.source, span: decl.name.span })
    );
  const value = run.evaluate(decl.body.value, scope);
  if (decl.tensors !== undefined || value.kind === 'unknown') return value;
  switch (value.kind) {
    case 'fn':
    case 'builtin':
    case 'template':
    case 'instance':
    case 'chain':
    case 'block':
    case 'repeat':
      return run.apply(value, args, place, scope);
    default:
      return complain(
        run,
        'NN0314',
        {
          text: name,
          is: describe(value),
          needed: 'without a list of tensors its body is a layer',
          help: `\`layer ${name}(...)(x) = ...\` names its input`,
        },
        { source: scope.source, span: decl.body.span },
      );
  }
}

/** The value of a `fn` or lambda. */
export function callFn(run: Run, fn: Fn, args: readonly Argument[], place: Place): Value {
  const { decl } = fn;
  if (isRecursive(fn.ancestry, decl) || run.frames.length > 200)
    return complain(run, 'NN0306', { name: fn.name }, place);
  const bound = bindArguments(
    run,
    calleeText(fn.name, decl.params),
    decl.params.map(parameterOf),
    args,
    place,
  );
  if (bound === undefined) return unknown;
  const body: NamedBody = {
    kind: 'fn',
    name: fn.name,
    prefix: fn.scope.body.prefix,
    ancestry: [...fn.ancestry, decl],
  };
  const scope = newScope(fn.scope, fn.scope.source, body);
  if (!bindParams(run, fn, decl.params, bound, scope)) return unknown;
  run.frames.push({ place, callee: fn.name });
  try {
    const value =
      decl.body.kind === 'expression'
        ? run.evaluate(decl.body.value, scope)
        : (run.execute(decl.body.stmts, scope) ??
          complain(run, 'NN0312', { name: fn.name }, { source: scope.source, span: decl.span }));
    return checkResult(run, fn.name, decl.result, value, scope, place);
  } finally {
    run.frames.pop();
  }
}

/** The declared result type against what came out. */
function checkResult(
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
