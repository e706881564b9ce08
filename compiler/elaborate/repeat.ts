/** `repeat 12 { B }`, `repeat i in 0..4 { B }`, `repeat c in [64, 128] { B }`: B applied in turn. */
import type { Expr } from '../../grammar/ast.ts';
import { sitePath } from './naming.ts';
import { complain, describe, textAt } from './report.ts';
import type { Run } from './run.ts';
import { newScope } from './scope.ts';
import {
  type Argument,
  isCallable,
  type NamedBody,
  number,
  type Place,
  type Repeat,
  type Scope,
  unknown,
  type Value,
} from './value.ts';

export function evaluateRepeat(
  run: Run,
  expr: Extract<Expr, { kind: 'repeat' }>,
  scope: Scope,
  name?: string,
): Value {
  const items = itemsOf(run, expr.over, scope);
  const place: Place = { source: scope.source, span: expr.span };
  const { body } = scope;
  // A fn owns nothing, so its repeats take no name from the layers around it.
  const path =
    body.kind === 'fn'
      ? `${body.prefix}${body.name}.repeat`
      : sitePath(run.registry, body, place, name ?? 'repeat');
  if (items === undefined) return unknown;
  return {
    kind: 'repeat',
    ...(expr.variable === undefined ? {} : { variable: expr.variable.text }),
    items,
    expr: expr.body,
    scope,
    path,
  };
}

function itemsOf(
  run: Run,
  over: Extract<Expr, { kind: 'repeat' }>['over'],
  scope: Scope,
): readonly Value[] | undefined {
  switch (over.kind) {
    case 'count': {
      const n = integer(run, over.value, scope, 'the number of repetitions');
      return n === undefined ? undefined : Array.from({ length: n }, (_, i) => number(i, true));
    }
    case 'range': {
      const from = integer(run, over.from, scope, 'the start of the range');
      const to = integer(run, over.to, scope, 'the end of the range');
      if (from === undefined || to === undefined) return undefined;
      return Array.from({ length: Math.max(0, to - from) }, (_, i) => number(from + i, true));
    }
    case 'items': {
      const value = run.evaluate(over.value, scope);
      if (value.kind === 'list' || value.kind === 'tuple') return value.items;
      if (value.kind !== 'unknown')
        complain(
          run,
          'NN0410',
          {
            what: 'the list to repeat over',
            help: `\`repeat\` takes a number, a range or a list, not ${describe(value)}`,
          },
          { source: scope.source, span: over.value.span },
        );
      return undefined;
    }
    default:
      return over satisfies never;
  }
}

/** Elaboration writes every repetition out. */
const mostRepetitions = 10_000;

function integer(run: Run, expr: Expr, scope: Scope, what: string): number | undefined {
  const value = run.evaluate(expr, scope);
  const place: Place = { source: scope.source, span: expr.span };
  if (value.kind === 'number' && value.integer && value.value >= 0) {
    if (value.value <= mostRepetitions) return value.value;
    const what = `${textAt(place)} repetitions are more than ${mostRepetitions}`;
    complain(
      run,
      'NN0313',
      { what, help: 'every one of them becomes a part of the program' },
      place,
    );
    return undefined;
  }
  if (value.kind === 'number')
    complain(
      run,
      'NN0410',
      { what, help: `it is a whole number of at least 0, not ${describe(value)}` },
      place,
    );
  else if (value.kind !== 'unknown') complain(run, 'NN0410', { what }, place);
  return undefined;
}

/** The value after all rounds. Instances made inside are fresh in each, under `path.0`, `path.1`, …. */
export function applyRepeat(
  run: Run,
  repeat: Repeat,
  args: readonly Argument[],
  place: Place,
): Value {
  const [input] = args;
  if (input === undefined || args.length > 1)
    return complain(
      run,
      'NN0305',
      { callee: 'repeat', problem: input ? 'extra' : 'missing', argument: 'input' },
      place,
    );
  let value: Value = input.value;
  const outer = run.path;
  for (const [i, item] of repeat.items.entries()) {
    const body: NamedBody = { ...repeat.scope.body, prefix: `${repeat.path}.${i}.` };
    const scope = newScope(repeat.scope, repeat.scope.source, body);
    if (repeat.variable !== undefined)
      scope.names.set(repeat.variable, { kind: 'argument', value: item });
    run.path = `${repeat.path}.${i}`;
    const layer = run.evaluate(repeat.expr, scope);
    value = isCallable(layer)
      ? run.apply(layer, [{ value, place: input.place }], place, scope)
      : unknown;
    if (value.kind === 'unknown') break;
  }
  run.path = outer;
  return value;
}
