/** The expressions inside an expression, and questions that need only its syntax. */
import type { Expr, Index } from '../../grammar/ast.ts';

export function childExpressions(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'bool':
    case 'name':
    case 'missing':
      return [];
    case 'tuple':
      return expr.items;
    case 'paren':
    case 'unary':
    case 'field':
    case 'as':
    case 'block':
      return [expr.value];
    case 'list':
      return expr.items.flatMap((item) => (item.kind === 'item' ? [item.value] : []));
    case 'binary':
      return [expr.left, expr.right];
    case 'pipe':
      return [expr.head, expr.stage.value];
    case 'if':
      return [expr.condition, expr.then, expr.else];
    case 'lambda':
      return expr.body.kind === 'expression' ? [expr.body.value] : [];
    case 'call':
      return [expr.callee, ...expr.args.map((a) => a.value)];
    case 'index':
      return [expr.value, ...expr.indices.flatMap(indexExpressions)];
    case 'trailing':
      return [expr.callee, expr.block];
    case 'repeat':
      return [
        ...(expr.over.kind === 'range' ? [expr.over.from, expr.over.to] : [expr.over.value]),
        expr.body,
      ];
    default:
      return expr satisfies never;
  }
}

function indexExpressions(index: Index): readonly Expr[] {
  switch (index.kind) {
    case 'at':
      return [index.value];
    case 'slice':
      return [index.start, index.stop, index.step].filter((e) => e !== undefined);
    case 'ellipsis':
      return [];
    default:
      return index satisfies never;
  }
}

/** Whether `_` stands in it, outside nested blocks. */
export function mentionsHole(expr: Expr): boolean {
  if (expr.kind === 'name') return expr.name === '_';
  if (expr.kind === 'block' || expr.kind === 'lambda') return false;
  if (expr.kind === 'trailing') return mentionsHole(expr.callee);
  if (expr.kind === 'repeat') return childExpressions(expr).slice(0, -1).some(mentionsHole);
  return childExpressions(expr).some(mentionsHole);
}

/** The expression that a pipe starts from. */
export function leftmost(expr: Expr): Expr {
  if (expr.kind === 'pipe') return leftmost(expr.head);
  if (expr.kind === 'as') return leftmost(expr.value);
  return expr;
}

/** Without the parentheses around it. */
export const bare = (expr: Expr): Expr => (expr.kind === 'paren' ? bare(expr.value) : expr);

/** Names that an expression mentions. */
export function namesIn(expr: Expr): string[] {
  if (expr.kind === 'name') return [expr.name];
  return childExpressions(expr).flatMap(namesIn);
}
