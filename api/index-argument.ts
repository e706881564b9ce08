/** The indices of `x.slice(...)` as those of the language: numbers, ranges, new axes, or Python's text. */

import type { Expr, Index as IndexExpr, Span } from '../grammar/index.ts';
import { parse } from '../grammar/index.ts';
import type { AnySize } from './size.ts';
import { UsageError } from './usage-error.ts';

/** The end of a range that is left open. */
export type Bound = AnySize | null | undefined;
/** One index of `slice`; text is Python's, alone for all axes. An object is a tensor of row numbers. */
export type Index = AnySize | readonly Bound[] | null | string | object;

/** `exprFor(x, i)` names the value of argument i in an expression. */
export function indexExprs(
  indices: readonly Index[],
  span: Span,
  exprFor: (x: unknown, i: number) => Expr,
): readonly IndexExpr[] {
  const [only] = indices;
  if (indices.length === 1 && typeof only === 'string' && only !== ':' && only !== '...')
    return indicesOf(only, span);
  return indices.map((index, i): IndexExpr => {
    if (index === '...') return { kind: 'ellipsis', span };
    if (index === ':') return { kind: 'slice', span };
    if (index === null) return { kind: 'at', value: { kind: 'name', name: 'None', span }, span };
    if (Array.isArray(index)) return rangeOf(index, span, (x) => exprFor(x, i));
    if (typeof index === 'string')
      throw new UsageError(
        `"${index}" is no index of one axis`,
        "an axis takes a number, `[start, stop, step]`, `null`, ':' or '...'; text for all axes stands alone",
      );
    return { kind: 'at', value: exprFor(index, i), span };
  });
}

function rangeOf(range: readonly Bound[], span: Span, exprFor: (x: unknown) => Expr): IndexExpr {
  const [start, stop, step] = range;
  const given = (x: Bound): x is AnySize => x !== undefined && x !== null;
  return {
    kind: 'slice',
    ...(given(start) ? { start: exprFor(start) } : {}),
    ...(given(stop) ? { stop: exprFor(stop) } : {}),
    ...(given(step) ? { step: exprFor(step) } : {}),
    span,
  };
}

/** The indices of Python's text, all of them at one place. */
function indicesOf(text: string, span: Span): readonly IndexExpr[] {
  const { file, diagnostics } = parse({ name: 'slice', text: `let _ = x[${text}]` });
  const [statement] = file.items;
  if (diagnostics.length > 0 || statement?.kind !== 'let' || statement.value.kind !== 'index')
    throw new UsageError(
      `"${text}" is no index${diagnostics[0] === undefined ? '' : `: ${diagnostics[0].message}`}`,
      'an index is written as in Python: `1:, None, ..., ::2`',
    );
  return moved(statement.value.indices, span);
}

/** The same syntax with all of its spans at one place. */
export function moved<T>(tree: T, span: Span): T {
  if (Array.isArray(tree)) return tree.map((item) => moved<unknown>(item, span)) as T;
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      /^span$|Span$/.test(key) ? span : moved<unknown>(value, span),
    ]),
  ) as T;
}
