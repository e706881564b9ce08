/**
 * The sizes in a written type (`f32[batch, 2 * k]`): finding what its names stand for, introducing new
 * symbols where that is allowed, and matching them against an actual shape.
 */
import type { Axis, Expr, TypeExpr } from '../../grammar/ast.ts';
import { nearest } from '../../grammar/did-you-mean.ts';
import { type Dim, equalDims, solveFor, symbol } from '../graph/dim.ts';
import { atMost } from './guards.ts';
import { complain, impossibleSize } from './report.ts';
import type { Run } from './run.ts';
import { dimOf, isPossibleSize, sameSize, sizeValue } from './sizes.ts';
import type { Binding, DecidedBy, Place, Scope, Value } from './value.ts';
import { bare, namesIn } from './walk-expression.ts';

/** What is wrong with a shape. `name`: the axis was written as this bare name. */
export type Mismatch =
  | {
      readonly kind: 'rank';
      readonly expected: number;
      readonly atLeast: boolean;
      /** The size name of the signature that asks for it, where another argument decided that. */
      readonly by?: string | undefined;
      /** The last size of the shape that another argument decided. */
      readonly last?: Dim | undefined;
    }
  | {
      readonly kind: 'size';
      readonly axis: number;
      readonly expected: Dim;
      readonly actual: Dim;
      readonly name?: string;
      readonly by?: string | undefined;
    }
  | { readonly kind: 'reported' };

/**
 * What a size name means in a type: sizes, arguments and statics of this body, and the file's
 * constants and `dim`s. Names that stand for anything else (a function called `c`) do not count.
 */
export function sizeNamed(scope: Scope, name: string): Binding | undefined {
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent) {
    const found = s.names.get(name);
    if (found === undefined) continue;
    if (found.kind === 'open' || found.pending !== undefined || found.value.kind === 'unknown')
      return found;
    if (dimOf(found.value) !== undefined || found.value.kind === 'list') return found;
  }
  return undefined;
}

const isNew = (binding: Binding | undefined): boolean =>
  binding === undefined || binding.kind === 'open';

/** The shape that a type says. `introduce`: unknown names become symbols of this scope. */
export function shapeOf(
  run: Run,
  type: TypeExpr,
  scope: Scope,
  introduce: boolean,
): readonly Dim[] | undefined {
  const shape: Dim[] = [];
  for (const axis of type.axes ?? []) {
    if (axis.kind === 'rest') {
      const dims = axis.name === undefined ? undefined : restNamed(scope, axis.name.text);
      if (dims === undefined) {
        const place = { source: scope.source, span: axis.span };
        complain(run, 'NN0410', { what: 'the number of axes', help: 'write the axes out' }, place);
        return undefined;
      }
      shape.push(...dims);
      continue;
    }
    if (!knowNames(run, axis.value, scope, introduce)) return undefined;
    const dim = evaluateSize(run, axis.value, scope);
    if (dim === undefined) return undefined;
    const place: Place = { source: scope.source, span: axis.span };
    if (!isPossibleSize(dim)) {
      impossibleSize(run, dim, place);
      return undefined;
    }
    atMost(run, 1, dim, place);
    shape.push(dim);
  }
  return shape;
}

/** Introduces the unknown names of an axis, or reports NN0214. */
function knowNames(run: Run, expr: Expr, scope: Scope, introduce: boolean): boolean {
  let known = true;
  for (const name of namesIn(expr)) {
    if (sizeNamed(scope, name) !== undefined) continue;
    const place: Place = { source: scope.source, span: spanOfName(expr, name) };
    if (introduce) {
      scope.names.set(name, { kind: 'size', value: sizeValue(symbol(name)), place });
    } else {
      complain(run, 'NN0214', { name, suggestion: nearest(name, sizeNames(scope)) }, place);
      known = false;
    }
  }
  return known;
}

function spanOfName(expr: Expr, name: string): Place['span'] {
  const found = findName(expr, name);
  return found?.span ?? expr.span;
}
function findName(expr: Expr, name: string): Expr | undefined {
  if (expr.kind === 'name') return expr.name === name ? expr : undefined;
  if (expr.kind === 'binary') return findName(expr.left, name) ?? findName(expr.right, name);
  if (expr.kind === 'paren' || expr.kind === 'unary') return findName(expr.value, name);
  return undefined;
}

function sizeNames(scope: Scope): string[] {
  const names: string[] = [];
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent)
    for (const [name, b] of s.names) if (dimOf(b.value) !== undefined) names.push(name);
  return names;
}

/** An axis as a size; reports where it is none. */
function evaluateSize(run: Run, expr: Expr, scope: Scope): Dim | undefined {
  const place: Place = { source: scope.source, span: expr.span };
  const e = bare(expr);
  const named = e.kind === 'name' ? sizeNamed(scope, e.name) : undefined;
  const value: Value =
    named !== undefined && named.pending === undefined && named.kind !== 'open'
      ? named.value
      : run.evaluate(expr, scope);
  const dim = dimOf(value);
  if (dim !== undefined) return dim;
  if (value.kind !== 'unknown') complain(run, 'NN0410', { what: 'a size' }, place);
  return undefined;
}

/** The sizes that `...b` stands for, where they are known. */
export function restNamed(scope: Scope, name: string): readonly Dim[] | undefined {
  const value = sizeNamed(scope, name)?.value;
  if (value?.kind !== 'list') return undefined;
  const dims = value.items.map(dimOf);
  return dims.every((d) => d !== undefined) ? dims : undefined;
}

/**
 * Matches a written type against an actual shape. `introduce`: names that are not in scope are bound to
 * the actual sizes; else they are reported.
 */
export function matchShape(
  run: Run,
  type: TypeExpr,
  shape: readonly Dim[],
  scope: Scope,
  introduce: boolean,
): Mismatch | undefined {
  const axes = type.axes ?? [];
  const rest = axes.findIndex((a) => a.kind === 'rest');
  const fixed = axes.filter((a) => a.kind === 'size').length;
  if (rest < 0 ? shape.length !== fixed : shape.length < fixed)
    return { kind: 'rank', expected: fixed, atLeast: rest >= 0 };
  const restLength = shape.length - fixed;
  const pairs: { readonly axis: Extract<Axis, { kind: 'size' }>; readonly at: number }[] = [];
  for (const [i, axis] of axes.entries()) {
    const at = rest >= 0 && i > rest ? i - 1 + restLength : i;
    if (axis.kind === 'size') pairs.push({ axis, at });
    else {
      const bad = matchRest(axis, shape.slice(at, at + restLength), at, scope);
      if (bad !== undefined) return bad;
    }
  }
  // Bare names first, so that `f32[2 * k, k]` is solved.
  const bareFirst = [...pairs].sort((p, q) => Number(!isBare(p.axis)) - Number(!isBare(q.axis)));
  for (const { axis, at } of bareFirst) {
    const bad = matchAxis(run, axis.value, shape[at] ?? 1, at, scope, introduce);
    if (bad !== undefined) return bad;
  }
  return undefined;
}

const isBare = (axis: Extract<Axis, { kind: 'size' }>): boolean => bare(axis.value).kind === 'name';

function matchRest(
  axis: Extract<Axis, { kind: 'rest' }>,
  actual: readonly Dim[],
  at: number,
  scope: Scope,
): Mismatch | undefined {
  if (axis.name === undefined) return undefined;
  const known = restNamed(scope, axis.name.text);
  if (known === undefined) {
    scope.names.set(axis.name.text, {
      kind: 'size',
      value: { kind: 'list', items: actual.map(sizeValue) },
    });
    return undefined;
  }
  const by = axis.name.text;
  if (known.length !== actual.length)
    return { kind: 'rank', expected: known.length, atLeast: false, by, last: known.at(-1) };
  for (const [i, d] of actual.entries())
    if (!sameSize(known[i] ?? 1, d))
      return { kind: 'size', axis: at + i, expected: known[i] ?? 1, actual: d, by };
  return undefined;
}

function matchAxis(
  run: Run,
  expr: Expr,
  actual: Dim,
  at: number,
  scope: Scope,
  introduce: boolean,
): Mismatch | undefined {
  const e = bare(expr);
  const unknownNames = [...new Set(namesIn(expr))].filter((n) => isNew(sizeNamed(scope, n)));
  const [name] = unknownNames;
  if (name !== undefined && (introduce || sizeNamed(scope, name)?.kind === 'open')) {
    if (e.kind === 'name') {
      bindSize(scope, name, actual);
      return undefined;
    }
    if (unknownNames.length === 1) return solveAxis(run, expr, name, actual, at, scope);
  }
  if (!knowNames(run, expr, scope, introduce)) return { kind: 'reported' };
  const expected = evaluateSize(run, expr, scope);
  if (expected === undefined) return { kind: 'reported' };
  if (sameSize(expected, actual)) return undefined;
  return {
    kind: 'size',
    axis: at,
    expected,
    actual,
    ...(e.kind === 'name' ? { name: e.name, by: e.name } : { by: namesIn(expr)[0] }),
  };
}

function bindSize(scope: Scope, name: string, dim: Dim): void {
  const open = scope.names.get(name);
  scope.names.set(name, {
    kind: open?.kind === 'open' ? 'argument' : 'size',
    value: sizeValue(dim),
  });
}

/** Remembers which argument decided the sizes of this type that nothing had decided before. */
export function rememberDecided(scope: Scope, type: TypeExpr, decidedBy: DecidedBy): void {
  const names = (type.axes ?? []).flatMap((axis) =>
    axis.kind === 'size' ? namesIn(axis.value) : axis.name === undefined ? [] : [axis.name.text],
  );
  for (const name of names) {
    const bound = scope.names.get(name);
    if (bound?.kind === 'size' && bound.decidedBy === undefined)
      scope.names.set(name, { ...bound, decidedBy });
  }
}

/** `2 * k` against 6 gives k = 3. */
function solveAxis(
  run: Run,
  expr: Expr,
  name: string,
  actual: Dim,
  at: number,
  scope: Scope,
): Mismatch | undefined {
  const before = scope.names.get(name);
  const marker = `'${name}`;
  scope.names.set(name, { kind: 'size', value: sizeValue(symbol(marker)) });
  const expected = evaluateSize(run, expr, scope);
  if (before === undefined) scope.names.delete(name);
  else scope.names.set(name, before);
  if (expected === undefined) return { kind: 'reported' };
  const solution = solveFor(expected, marker, actual);
  if (solution === undefined || equalDims(solution, 0))
    return { kind: 'size', axis: at, expected, actual };
  bindSize(scope, name, solution);
  return undefined;
}
