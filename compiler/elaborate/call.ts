/** Applying instances and fns. Every call is inlined, so what is left is a flat graph. */
import type { Param } from '../../grammar/ast.ts';
import { withRule } from './custom-vjp.ts';
import { fileScope, runFile } from './file-layer.ts';
import { complain, describe } from './report.ts';
import type { Run } from './run.ts';
import { newScope } from './scope.ts';
import { argumentsFor, bindParams, checkResult, isRecursive } from './signature.ts';
import { recordSite } from './site-rows.ts';
import { dimOf } from './sizes.ts';
import {
  type Argument,
  type Fn,
  type FnLike,
  type Instance,
  type NamedBody,
  type Place,
  type Scope,
  tensor,
  unknown,
  type Value,
} from './value.ts';

/** The value of an instance at these tensors. */
export function applyInstance(
  run: Run,
  instance: Instance,
  args: readonly Argument[],
  place: Place,
): Value {
  const { template } = instance;
  const { decl } = template;
  const scope =
    template.file === undefined
      ? layerScope(run, instance, args, place)
      : fileScope(run, instance, args, place);
  if (scope === undefined) return unknown;
  const outer = run.path;
  run.path = instance.path;
  run.elaborated.add(decl);
  run.frames.push({ place, callee: template.name });
  try {
    const value =
      template.file === undefined
        ? bodyOf(run, instance, args, scope, place)
        : runFile(run, instance, scope, place);
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

/** The scope of one application, with configuration and tensors bound; undefined after a report. */
function layerScope(
  run: Run,
  instance: Instance,
  args: readonly Argument[],
  place: Place,
): Scope | undefined {
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
  const bound =
    decl.tensors === undefined || bindTensors(run, instance, decl.tensors, args, scope, place);
  return bound ? scope : undefined;
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
  const bound = argumentsFor(run, instance.text, params, args, place);
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
    case 'native':
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

/** Where the head of `fn f(x) { … }` ends. */
function headEnd({ source }: Scope, { body }: FnLike): number {
  return source.text.slice(0, body.span.start).trimEnd().length;
}

/** The value of a `fn` or lambda. */
export function callFn(run: Run, fn: Fn, args: readonly Argument[], place: Place): Value {
  const { decl } = fn;
  if (isRecursive(fn.ancestry, decl) || run.frames.length > 200)
    return complain(run, 'NN0306', { name: fn.name }, place);
  const bound = argumentsFor(run, fn.name, decl.params, args, place);
  if (bound === undefined) return unknown;
  const body: NamedBody = {
    kind: 'fn',
    name: fn.name,
    prefix: fn.scope.body.prefix,
    ancestry: [...fn.ancestry, decl],
  };
  const scope = newScope(fn.scope, fn.scope.source, body);
  if (!bindParams(run, fn, decl.params, bound, scope)) return unknown;
  run.elaborated.add(decl);
  run.frames.push({ place, callee: fn.name });
  try {
    const value =
      decl.body.kind === 'expression'
        ? run.evaluate(decl.body.value, scope)
        : (run.execute(decl.body.stmts, scope) ??
          complain(
            run,
            'NN0312',
            { name: fn.name },
            // The head of the declaration: the body may be long.
            {
              source: scope.source,
              span: { start: decl.span.start, end: headEnd(scope, decl) },
            },
          ));
    const checked = checkResult(run, fn.name, decl.result, value, scope, place);
    return decl.vjp === undefined ? checked : withRule(run, fn, decl.vjp, checked, bound, scope);
  } finally {
    run.frames.pop();
  }
}
