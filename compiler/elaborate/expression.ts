/** The value of an expression: one case for each kind, the larger ones in files of their own. */
import type { Expr } from '../../grammar/ast.ts';
import { ShapeError } from '../graph/node.ts';
import { construct } from './construct.ts';
import { evaluateField } from './field.ts';
import { evaluateIndex } from './indexing.ts';
import { evaluateName } from './names.ts';
import { evaluateBinary, evaluateUnary, notFinite } from './operators.ts';
import { bindName } from './pattern.ts';
import {
  calleeAndArguments,
  evaluateBlock,
  evaluatePipe,
  isLayerExpression,
  namedScope,
} from './pipe.ts';
import { evaluateRepeat } from './repeat.ts';
import { complain, describe, misplaced, textAt } from './report.ts';
import { from, type Run } from './run.ts';
import type { FnLike } from './value.ts';
import { bool, isCallable, number, type Place, type Scope, unknown, type Value } from './value.ts';

/** `name`: what a layer that this very expression constructs is called. */
export function evaluateExpression(run: Run, expr: Expr, scope: Scope, name?: string): Value {
  const place: Place = { source: scope.source, span: expr.span };
  switch (expr.kind) {
    case 'number':
      return Number.isFinite(expr.value)
        ? number(expr.value, expr.integer)
        : notFinite(run, textAt(place), place);
    case 'string':
      return { kind: 'string', value: expr.value };
    case 'bool':
      return bool(expr.value);
    case 'name':
      return evaluateName(run, expr.name, place, scope);
    case 'paren':
      return run.evaluate(expr.value, scope, name);
    case 'tuple':
      return { kind: 'tuple', items: expr.items.map((e) => run.evaluate(e, scope)) };
    case 'list':
      return evaluateList(run, expr, scope);
    case 'unary':
      return checked(run, place, () => evaluateUnary(run, expr, scope));
    case 'binary':
      return checked(run, place, () => evaluateBinary(run, expr, scope));
    case 'pipe':
      if (name !== undefined && isLayerExpression(expr.head, scope))
        return evaluatePipe(run, expr, namedScope(run, scope, expr, name));
      return evaluatePipe(run, expr, scope);
    case 'as': {
      const value = run.evaluate(expr.value, scope, expr.name.text);
      bindName(run, scope, expr.name, value, 'let');
      return value;
    }
    case 'if':
      return evaluateIf(run, expr, scope, name);
    case 'lambda': {
      const decl: FnLike = { params: expr.params, body: expr.body, span: expr.span };
      return { kind: 'fn', name: 'fn', decl, scope, ancestry: scope.body.ancestry };
    }
    case 'call':
    case 'trailing':
      return checked(run, place, () => evaluateCall(run, expr, scope, name));
    case 'index':
      return checked(run, place, () => evaluateIndex(run, expr, scope));
    case 'field':
      return checked(run, place, () => evaluateField(run, expr, scope));
    case 'block':
      return evaluateBlock(run, expr, scope, name);
    case 'repeat':
      return evaluateRepeat(run, expr, scope, name);
    case 'missing':
      return unknown;
    default:
      return expr satisfies never;
  }
}

/** What no rule above the graph has noticed, the graph's own shape rules report in their words. */
function checked(run: Run, place: Place, body: () => Value): Value {
  return from(run, place, () => {
    try {
      return body();
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      return complain(run, 'NN0313', { what: error.message }, place);
    }
  });
}

/** Of a list: what a person writes and computes has fewer, and doubling is quick. */
const mostItems = 10_000;

/** `[a, ...b, c]`; a splat takes the items of a list (or of a `...b` of a signature). */
function evaluateList(run: Run, expr: Extract<Expr, { kind: 'list' }>, scope: Scope): Value {
  const items: Value[] = [];
  for (const item of expr.items) {
    if (item.kind === 'item') {
      items.push(run.evaluate(item.value, scope));
      continue;
    }
    const place: Place = { source: scope.source, span: item.name.span };
    const value = evaluateName(run, item.name.text, place, scope);
    if (value.kind === 'list' || value.kind === 'tuple') {
      if (items.length + value.items.length > mostItems)
        return complain(
          run,
          'NN0313',
          {
            what: `a list of more than ${mostItems.toLocaleString('en')} items`,
            help: 'numbers by the thousand are data: declare an `input`',
          },
          place,
        );
      items.push(...value.items);
    } else if (value.kind === 'unknown') items.push(value);
    else
      items.push(
        complain(
          run,
          'NN0314',
          { text: item.name.text, is: describe(value), needed: '`...` takes a list' },
          place,
        ),
      );
  }
  return items.some((v) => v.kind === 'unknown') ? unknown : { kind: 'list', items };
}

/** Only the branch that is taken is elaborated. */
function evaluateIf(
  run: Run,
  expr: Extract<Expr, { kind: 'if' }>,
  scope: Scope,
  name?: string,
): Value {
  const condition = run.evaluate(expr.condition, scope);
  const at = (e: Expr): Place => ({ source: scope.source, span: e.span });
  if (condition.kind === 'bool')
    return run.evaluate(condition.value ? expr.then : expr.else, scope, name);
  if (condition.kind === 'unknown') return unknown;
  if (condition.kind === 'tensor') {
    const parts = [expr.condition, expr.then, expr.else].map((e) => textAt(at(e)));
    return complain(run, 'NN0412', { instead: `where(${parts.join(', ')})` }, at(expr.condition));
  }
  return misplaced(run, condition, at(expr.condition), '`if` takes `true` or `false`');
}

function evaluateCall(
  run: Run,
  expr: Extract<Expr, { kind: 'call' | 'trailing' }>,
  scope: Scope,
  name?: string,
): Value {
  const place: Place = { source: scope.source, span: expr.span };
  const { callee, args } = calleeAndArguments(run, expr, scope);
  if (callee.kind === 'unknown') return unknown;
  if (callee.kind === 'template') {
    if (args.some((a) => a.value.kind === 'unknown')) return unknown;
    return construct(run, callee, args, place, scope, name);
  }
  if (isCallable(callee)) return run.apply(callee, args, place, scope);
  const called =
    expr.callee.kind === 'call' && expr.kind === 'trailing' ? expr.callee.callee : expr.callee;
  const at: Place = { source: scope.source, span: called.span };
  return misplaced(run, callee, at, 'only layers and functions can be applied');
}
