/**
 * The pipe (language section 2.3). A stage is first *prepared* (its layer constructed, its arguments
 * evaluated) and then applied; piping into a layer value only collects prepared stages. So
 * `(x |> f) |> g` and `x |> (f |> g)` are the same by construction.
 */
import type { BlockExpr, Expr, Name } from '../../grammar/ast.ts';
import { construct, constructBare } from './construct.ts';
import { reserveSites, sitePath, templateNamed } from './naming.ts';
import { bindName } from './pattern.ts';
import { misplaced } from './report.ts';
import type { Run } from './run.ts';
import { innerScope, lookup, newScope } from './scope.ts';
import {
  type Argument,
  type Callable,
  isCallable,
  type NamedBody,
  type Part,
  type Place,
  type Scope,
  unknown,
  type Value,
} from './value.ts';
import { bare, leftmost, mentionsHole } from './walk-expression.ts';

type PipeExpr = Extract<Expr, { kind: 'pipe' }>;

export function evaluatePipe(run: Run, expr: PipeExpr, scope: Scope): Value {
  const head = run.evaluate(expr.head, scope);
  const part = prepare(run, expr.stage.value, expr.stage.as, scope);
  if (head.kind === 'unknown' || part.kind === 'unknown') {
    if (expr.stage.as !== undefined) bindName(run, scope, expr.stage.as, unknown, 'let');
    return unknown;
  }
  if (isCallable(head)) {
    const first = headParts(run, head, { source: scope.source, span: expr.head.span }, scope);
    return first === undefined ? unknown : { kind: 'chain', parts: [...first, part] };
  }
  const last = expr.head.kind === 'pipe' ? expr.head.stage.value.span : expr.head.span;
  const value = applyPart(run, part, { value: head, place: { source: scope.source, span: last } });
  if (expr.stage.as !== undefined) bindName(run, scope, expr.stage.as, value, 'let');
  return value;
}

/** The parts of a layer value at the head of a composition. */
function headParts(
  run: Run,
  head: Callable,
  place: Place,
  scope: Scope,
): readonly Part[] | undefined {
  if (head.kind === 'chain') return head.parts;
  const callee = head.kind === 'template' ? constructBare(run, head, place, scope) : head;
  return isCallable(callee) ? [{ kind: 'apply', callee, place, scope }] : undefined;
}

/** A stage, ready to be applied to what comes down the pipe. */
function prepare(run: Run, stage: Expr, as: Name | undefined, scope: Scope): Part {
  const place: Place = { source: scope.source, span: stage.span };
  const common = { place, scope, ...(as === undefined ? {} : { as }) };
  if (mentionsHole(stage)) {
    reserveSites(run.registry, stage, scope);
    return { kind: 'hole', expr: stage, ...common };
  }
  if (stage.kind === 'call' || stage.kind === 'trailing') {
    const { callee, args } = calleeAndArguments(run, stage, scope);
    if (callee.kind === 'unknown' || args.some((a) => a.value.kind === 'unknown'))
      return { kind: 'unknown' };
    if (!isCallable(callee)) return notAStage(run, callee, place);
    if (callee.kind !== 'template') return { kind: 'partial', callee, args, ...common };
    const instance = construct(run, callee, args, place, scope, as?.text);
    return isCallable(instance)
      ? { kind: 'apply', callee: instance, ...common }
      : { kind: 'unknown' };
  }
  const value = run.evaluate(stage, scope, as?.text);
  if (value.kind === 'unknown') return { kind: 'unknown' };
  if (!isCallable(value)) return notAStage(run, value, place);
  if (value.kind !== 'template') return { kind: 'apply', callee: value, ...common };
  const instance = constructBare(run, value, place, scope, as?.text);
  return isCallable(instance)
    ? { kind: 'apply', callee: instance, ...common }
    : { kind: 'unknown' };
}

function notAStage(run: Run, value: Value, place: Place): Part {
  const help = '`_` stands for the value that comes in: `|> { _ * 2 }`';
  misplaced(run, value, place, 'a stage is a layer or a function', help);
  return { kind: 'unknown' };
}

/** The callee of `f(a)`, `f(a) { b }` or `f { b }`, and its arguments, the block last. */
export function calleeAndArguments(
  run: Run,
  expr: Extract<Expr, { kind: 'call' | 'trailing' }>,
  scope: Scope,
): { readonly callee: Value; readonly args: readonly Argument[] } {
  if (expr.kind === 'trailing') {
    const inner = expr.callee;
    const { callee, args } =
      inner.kind === 'call'
        ? calleeAndArguments(run, inner, scope)
        : { callee: evaluateCallee(run, inner, scope), args: [] };
    const block: Argument = {
      value: run.evaluate(expr.block, scope),
      place: { source: scope.source, span: expr.block.span },
    };
    return { callee, args: [...args, block] };
  }
  const callee = evaluateCallee(run, expr.callee, scope);
  const args = expr.args.map((arg): Argument => {
    const place: Place = { source: scope.source, span: arg.value.span };
    const given = run.evaluate(arg.value, scope);
    // A layer passed on by name alone is an instance of its own, constructed here.
    const value =
      given.kind === 'template' &&
      !given.decl.config.some((p) => p.default === undefined && !p.optional)
        ? constructBare(run, given, place, scope)
        : given;
    if (arg.name === undefined) return { value, place };
    const namePlace: Place = { source: scope.source, span: arg.name.span };
    return { name: arg.name.text, value, place, namePlace };
  });
  return { callee, args };
}

/** A name that is called may skip tensors of that name: `metric accuracy = accuracy(…)` hides nothing. */
function evaluateCallee(run: Run, expr: Expr, scope: Scope): Value {
  if (expr.kind === 'name') {
    const binding = lookup(scope, expr.name);
    if (binding !== undefined && !isCallable(binding.value) && binding.value.kind !== 'unknown')
      for (let s = scope.parent; s !== undefined; s = s.parent) {
        const value = s.names.get(expr.name)?.value;
        if (value !== undefined && isCallable(value)) return run.evaluate(expr, s);
      }
  }
  return run.evaluate(expr, scope);
}

export function applyPart(run: Run, part: Part, input: Argument): Value {
  switch (part.kind) {
    case 'unknown':
      return unknown;
    case 'apply':
      return run.apply(part.callee, [input], part.place, part.scope);
    case 'partial':
      return run.apply(part.callee, [input, ...part.args], part.place, part.scope);
    case 'hole': {
      const scope = innerScope(part.scope);
      scope.names.set('_', { kind: 'argument', value: input.value });
      return run.evaluate(part.expr, scope, part.as?.text);
    }
    default:
      return part satisfies never;
  }
}

/** `{ chain }` as a value: a composition, or, where its head mentions `_`, an expression in `_`. */
export function evaluateBlock(run: Run, expr: BlockExpr, scope: Scope, name?: string): Value {
  const inside = innerScope(name === undefined ? scope : namedScope(run, scope, expr, name));
  if (mentionsHole(leftmost(expr.value))) {
    reserveSites(run.registry, expr.value, inside);
    return { kind: 'block', expr: expr.value, scope: inside };
  }
  const parts = blockParts(run, expr.value, inside);
  return parts.some((p) => p.kind === 'unknown') ? unknown : { kind: 'chain', parts };
}

/** The head of a block is in stage position. */
function blockParts(run: Run, expr: Expr, scope: Scope): readonly Part[] {
  if (expr.kind === 'pipe')
    return [
      ...blockParts(run, expr.head, scope),
      prepare(run, expr.stage.value, expr.stage.as, scope),
    ];
  if (expr.kind === 'as') return [prepare(run, expr.value, expr.name, scope)];
  return [prepare(run, expr, undefined, scope)];
}

/** The body that a named composition or block is: `let net = dense(10) |> relu` owns `net.dense`. */
export function namedScope(run: Run, scope: Scope, expr: Expr, name: string): Scope {
  const path = sitePath(run.registry, scope.body, { source: scope.source, span: expr.span }, name);
  const body: NamedBody = { ...scope.body, prefix: `${path}.` };
  return newScope(scope, scope.source, body);
}

/** Whether an expression is a layer value, by its syntax and what its names stand for. */
export function isLayerExpression(expr: Expr, scope: Scope): boolean {
  const e = bare(expr);
  switch (e.kind) {
    case 'block':
    case 'repeat':
      return true;
    case 'pipe':
      return isLayerExpression(e.head, scope);
    case 'as':
      return isLayerExpression(e.value, scope);
    case 'if':
      return isLayerExpression(e.then, scope) && isLayerExpression(e.else, scope);
    case 'name':
      return isCallable(lookup(scope, e.name)?.value ?? unknown);
    case 'call':
      return templateNamed(e.callee, scope) !== undefined;
    case 'trailing':
      return (
        templateNamed(e.callee.kind === 'call' ? e.callee.callee : e.callee, scope) !== undefined
      );
    default:
      return false;
  }
}
