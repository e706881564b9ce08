/** The statements of a layer, a function or a lambda. */
import type { Body, Expr, Stmt } from '../ast.ts';
import type { ChainCstNode, StatementCstNode, StatementsCstNode } from '../cst.ts';
import { all, type Build, nodeSpan } from './build.ts';
import { statement } from './statements.ts';
import { assignment, chainExpression, dropOrReturn, droppedPipe } from './stray.ts';

export function statementBlock(build: Build, node: StatementsCstNode): Body {
  const parts: (StatementCstNode | ChainCstNode)[] = [
    ...all(node.children.statement),
    ...all(node.children.chain),
  ];
  parts.sort((a, b) => nodeSpan(a, 0).start - nodeSpan(b, 0).start);
  const returns = all(node.children.statement).some((part) => part.children.returnStmt);
  const stmts: Stmt[] = [];
  parts.forEach((part, i) => {
    if (part.name === 'statement') {
      const stmt = statement(build, part);
      if (stmt !== undefined) stmts.push(stmt);
      return;
    }
    const assigned = assignment(build, part);
    if (assigned === undefined) {
      const last = i === parts.length - 1 && !returns;
      mergeExpression(build, stmts, chainExpression(build, part), last);
    } else if (assigned.stmt !== undefined) {
      stmts.push(assigned.stmt);
    }
  });
  return { kind: 'block', stmts, span: nodeSpan(node, 0) };
}

function mergeExpression(build: Build, stmts: Stmt[], expr: Expr, last: boolean): void {
  const before = stmts.at(-1);
  if (before !== undefined && !last) {
    stmts.splice(-1, 1, droppedPipe(build, before, expr));
    return;
  }
  const stmt = dropOrReturn(build, expr, last);
  if (stmt !== undefined) stmts.push(stmt);
}
