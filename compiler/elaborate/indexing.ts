/**
 * `x[1:, None, ..., ::2]`: Python's slices, except that out of range is an error, not a clamp. An index
 * becomes one `slice` of every axis and one `reshape` that drops and adds axes.
 */
import type { Expr, Index } from '../../grammar/ast.ts';
import * as build from '../builder.ts';
import { addDims, type Dim, dimText, floorDims, subDims } from '../graph/dim.ts';
import type { Node } from '../graph/node.ts';
import { atMost } from './guards.ts';
import { complain, describe, note, textAt, withOrigin } from './report.ts';
import { rowNumbers } from './row-numbers.ts';
import type { Run } from './run.ts';
import { dimOf } from './sizes.ts';
import { type Place, type Scope, type Tensor, tensor, unknown, type Value } from './value.ts';

type IndexExpr = Extract<Expr, { kind: 'index' }>;

/** What one axis of the operand becomes; a new axis has no operand. */
type AxisPlan =
  | { readonly kind: 'new' }
  | { readonly kind: 'drop'; readonly start: Dim }
  | { readonly kind: 'gather'; readonly ids: Node; readonly size: Dim }
  | { readonly kind: 'slice'; readonly start: Dim; readonly step: number; readonly size: Dim };

export function evaluateIndex(run: Run, expr: IndexExpr, scope: Scope): Value {
  const value = run.evaluate(expr.value, scope);
  const place: Place = { source: scope.source, span: expr.span };
  if (value.kind === 'unknown') return unknown;
  if (value.kind === 'list' || value.kind === 'tuple') return item(run, value.items, expr, scope);
  if (value.kind !== 'tensor')
    return complain(
      run,
      'NN0314',
      {
        text: textAt({ source: scope.source, span: expr.value.span }),
        is: describe(value),
        needed: 'only tensors and lists are indexed',
      },
      place,
    );
  const plan = planAxes(run, expr, value, scope, place);
  return plan === undefined ? unknown : tensor(take(run, value, plan), value.origin);
}

/** An element or a part of a static list. */
function item(run: Run, items: readonly Value[], expr: IndexExpr, scope: Scope): Value {
  const place: Place = { source: scope.source, span: expr.span };
  const [index] = expr.indices;
  if (expr.indices.length !== 1 || index === undefined || index.kind === 'ellipsis')
    return complain(run, 'NN0313', { what: 'a list takes one index' }, place);
  const integer = (e: Expr | undefined, otherwise: number): number | undefined => {
    if (e === undefined) return otherwise;
    const v = run.evaluate(e, scope);
    return v.kind === 'number' && v.integer ? v.value : undefined;
  };
  if (index.kind === 'slice') {
    const [start, stop] = [integer(index.start, 0), integer(index.stop, items.length)];
    return start === undefined || stop === undefined
      ? complain(run, 'NN0410', { what: 'the index of a list' }, place)
      : { kind: 'list', items: items.slice(start, stop) };
  }
  const at = integer(index.value, 0);
  if (at === undefined) return complain(run, 'NN0410', { what: 'the index of a list' }, place);
  return (
    items.at(at) ??
    complain(run, 'NN0211', { text: textAt(place), axis: 0, size: items.length }, place)
  );
}

function take(run: Run, value: Tensor, plan: readonly AxisPlan[]): Tensor['node'] {
  const g = run.graph;
  const used = plan.filter((p) => p.kind !== 'new');
  const start = used.map((p) => (p.kind === 'gather' ? 0 : p.start));
  const step = used.map((p) => (p.kind === 'slice' ? p.step : 1));
  const size = used.map((p) => (p.kind === 'drop' ? 1 : p.size));
  const sliced = build.slice(g, value.node, start, step, size);
  const axis = used.findIndex((p) => p.kind === 'gather');
  const chosen = used[axis];
  const rows = chosen?.kind === 'gather' ? build.gather(g, sliced, chosen.ids, axis) : sliced;
  const shape = plan.flatMap((p): readonly Dim[] => {
    if (p.kind === 'drop') return [];
    return p.kind === 'gather' ? p.ids.type.shape : [p.kind === 'new' ? 1 : p.size];
  });
  return build.reshape(g, rows, shape);
}

/** One plan an axis, in the order of the result; undefined after a report. */
function planAxes(
  run: Run,
  expr: IndexExpr,
  value: Tensor,
  scope: Scope,
  place: Place,
): AxisPlan[] | undefined {
  const { shape } = value.node.type;
  const consuming = expr.indices.filter((i) => i.kind !== 'ellipsis' && !isNone(i)).length;
  if (consuming > shape.length) {
    complain(
      run,
      'NN0204',
      {
        callee: `\`${textAt(place)}\``,
        needed: `at least ${consuming} axes`,
        actual: describe(value),
        help: 'at most one index for each axis',
      },
      place,
    );
    return undefined;
  }
  if (expr.indices.filter((i) => i.kind === 'ellipsis').length > 1) {
    complain(run, 'NN0313', { what: '`...` stands once in an index' }, place);
    return undefined;
  }
  const operand = { value, place: { source: scope.source, span: expr.value.span } };
  const indexed: Indexed = { place, operand };
  const plans: AxisPlan[] = [];
  let axis = 0;
  const whole = (upTo: number): void => {
    for (; axis < upTo; axis++)
      plans.push({ kind: 'slice', start: 0, step: 1, size: shape[axis] ?? 1 });
  };
  for (const index of expr.indices) {
    if (index.kind === 'ellipsis') whole(axis + shape.length - consuming);
    else if (isNone(index)) plans.push({ kind: 'new' });
    else {
      const plan = planAxis(run, index, axis, shape[axis] ?? 1, scope, indexed);
      if (plan === undefined) return undefined;
      if (plan.kind === 'gather' && plans.some((p) => p.kind === 'gather')) {
        const own: Place = { source: scope.source, span: index.span };
        const help = 'choose along one axis after the other: `x[a][:, b]`; pairs with `take_along`';
        complain(run, 'NN0313', { what: 'two tensors in one index', help }, own);
        return undefined;
      }
      plans.push(plan);
      axis++;
    }
  }
  whole(shape.length);
  return plans;
}

const isNone = (index: Index): boolean =>
  index.kind === 'at' && index.value.kind === 'name' && index.value.name === 'None';

/** The whole `x[...]`, and `x` in it. */
interface Indexed {
  readonly place: Place;
  readonly operand: { readonly value: Tensor; readonly place: Place };
}

function planAxis(
  run: Run,
  index: Exclude<Index, { kind: 'ellipsis' }>,
  axis: number,
  size: Dim,
  scope: Scope,
  { place, operand }: Indexed,
): AxisPlan | undefined {
  const own: Place = { source: scope.source, span: index.span };
  const outside = (): undefined => {
    complain(
      run,
      'NN0211',
      { text: textAt(place), axis, size: typeof size === 'number' ? size : dimText(size) },
      own,
      { notes: [note(operand.place, withOrigin(operand.value))] },
    );
    return undefined;
  };
  if (index.kind === 'at') {
    const value = run.evaluate(index.value, scope);
    if (value.kind === 'tensor' || value.kind === 'list') {
      const ids = rowNumbers(run, value, own, { axis, size });
      return ids && { kind: 'gather', ids, size };
    }
    const at = positionOf(run, value, { source: scope.source, span: index.value.span }, size);
    if (at === undefined) return undefined;
    const inside = atMost(run, 0, at, place) && atMost(run, addDims(at, 1), size, place);
    return inside ? { kind: 'drop', start: at } : outside();
  }
  const step = index.step === undefined ? 1 : stepOf(run, index.step, scope);
  if (step === undefined) return undefined;
  if (step === 0) {
    complain(run, 'NN0212', { text: textAt(own), problem: 'step' }, own);
    return undefined;
  }
  const forward = step > 0;
  const start =
    index.start === undefined
      ? forward
        ? 0
        : subDims(size, 1)
      : position(run, index.start, size, scope);
  const stop =
    index.stop === undefined ? (forward ? size : -1) : position(run, index.stop, size, scope);
  if (start === undefined || stop === undefined) return undefined;
  const [low, high] = forward ? [start, stop] : [addDims(stop, 1), addDims(start, 1)];
  if (!atMost(run, 0, low, place) || !atMost(run, high, size, place)) return outside();
  const length = forward ? subDims(stop, start) : subDims(start, stop);
  if ((typeof length === 'number' && length <= 0) || !atMost(run, 1, length, place)) {
    complain(run, 'NN0212', { text: textAt(own), problem: 'empty' }, own);
    return undefined;
  }
  const count = floorDims(addDims(length, Math.abs(step) - 1), Math.abs(step));
  return { kind: 'slice', start, step, size: count };
}

const position = (run: Run, expr: Expr, size: Dim, scope: Scope): Dim | undefined =>
  positionOf(run, run.evaluate(expr, scope), { source: scope.source, span: expr.span }, size);

/** A position counted from the start; a negative number counts from the end. */
function positionOf(run: Run, value: Value, place: Place, size: Dim): Dim | undefined {
  const dim = dimOf(value);
  if (dim !== undefined) return countsFromEnd(dim) ? addDims(size, dim) : dim;
  if (value.kind !== 'unknown')
    complain(
      run,
      'NN0410',
      {
        what: 'an index',
        help:
          value.kind === 'tensor' && value.node.type.shape.length === 0
            ? `a slice has the same size for all data; \`x[${textAt(place)}]\` is one row`
            : `it is a whole number, not ${describe(value)}`,
      },
      place,
    );
  return undefined;
}

const countsFromEnd = (dim: Dim): boolean =>
  typeof dim === 'number' ? dim < 0 : dim.terms.every((t) => t.coefficient < 0);

function stepOf(run: Run, expr: Expr, scope: Scope): number | undefined {
  const value = run.evaluate(expr, scope);
  if (value.kind === 'number' && value.integer) return value.value;
  if (value.kind !== 'unknown')
    complain(
      run,
      'NN0410',
      { what: 'the step of a slice' },
      { source: scope.source, span: expr.span },
    );
  return undefined;
}
