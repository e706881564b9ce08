/** All expressions of a file, whichever body they stand in. */
import type { Body, Expr, File, Item, LayerDecl, Param, Stmt } from '../../grammar/ast.ts';
import { childExpressions } from '../elaborate/walk-expression.ts';

/** Each expression before those inside it. */
export function* expressionsIn(file: File): Generator<Expr> {
  for (const item of file.items) yield* inItem(item);
}

/** The expressions of the layer or fn that this one stands in, or of the file's own statements. */
export function* expressionsAround({ span }: Expr, file: File): Generator<Expr> {
  const isBody = (item: Item): boolean => item.kind === 'layer' || item.kind === 'fn';
  const home = file.items.find(
    (item) => isBody(item) && item.span.start <= span.start && span.end <= item.span.end,
  );
  if (home !== undefined) yield* inItem(home);
  else for (const item of file.items) if (!isBody(item)) yield* inItem(item);
}

function* inItem(item: Item): Generator<Expr> {
  switch (item.kind) {
    case 'layer':
      yield* inParams([...item.config, ...(item.tensors ?? [])]);
      yield* inBody(item.body);
      return;
    case 'fn':
      yield* inParams(item.params);
      yield* inBody(item.body);
      if (item.vjp !== undefined) yield* within(item.vjp.value);
      return;
    case 'const':
    case 'chain':
      yield* within(item.value);
      return;
    case 'train':
    case 'policy':
      for (const entry of item.entries) yield* within(entry.value);
      return;
    case 'import':
    case 'dim':
      return;
    default:
      yield* inStatement(item);
  }
}

function* inStatement(stmt: Stmt): Generator<Expr> {
  const value = expressionOf(stmt);
  if (value !== undefined) yield* within(value);
}

/** The expression of a statement that has one. */
export const expressionOf = (stmt: Stmt): Expr | undefined =>
  stmt.kind === 'input' ? undefined : stmt.value;

function* inParams(params: readonly Param[]): Generator<Expr> {
  for (const param of params) if (param.default !== undefined) yield* within(param.default);
}

function* inBody(body: Body): Generator<Expr> {
  if (body.kind === 'expression') yield* within(body.value);
  else for (const stmt of body.stmts) yield* inStatement(stmt);
}

/** An expression and all inside it. */
export function* within(expr: Expr): Generator<Expr> {
  yield expr;
  if (expr.kind === 'lambda') {
    yield* inParams(expr.params);
    yield* inBody(expr.body);
    return;
  }
  for (const child of childExpressions(expr)) yield* within(child);
}

export const paramsOf = (decl: LayerDecl): readonly Param[] => [
  ...decl.config,
  ...(decl.tensors ?? []),
];
