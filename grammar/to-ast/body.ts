/** The statements of a layer, a function or a lambda. */
import type { Body, Expr, Stmt } from '../ast.ts';
import type {
  ChainCstNode,
  ConstDeclCstNode,
  FnDeclCstNode,
  LayerDeclCstNode,
  StatementCstNode,
  StatementsCstNode,
} from '../cst.ts';
import { spanOf } from '../scan/token-stream.ts';
import { all, type Build, complain, first, nameOf, nodeSpan } from './build.ts';
import { statement, unknown } from './statements.ts';
import { assignment, chainExpression, dropOrReturn, droppedPipe } from './stray.ts';

type Declaration = LayerDeclCstNode | FnDeclCstNode | ConstDeclCstNode;

export function statementBlock(build: Build, node: StatementsCstNode): Body {
  const { children } = node;
  const parts: (StatementCstNode | ChainCstNode | Declaration)[] = [
    ...all(children.statement),
    ...all(children.chain),
    ...all(children.layerDecl),
    ...all(children.fnDecl),
    ...all(children.constDecl),
  ];
  parts.sort((a, b) => nodeSpan(a, 0).start - nodeSpan(b, 0).start);
  const returns = all(children.statement).some((part) => part.children.returnStmt);
  const stmts: Stmt[] = [];
  parts.forEach((part, i) => {
    if (part.name === 'chain') {
      const last = i === parts.length - 1 && !returns;
      addChain(build, stmts, part, last);
      return;
    }
    const stmt = part.name === 'statement' ? statement(build, part) : misplaced(build, part);
    if (stmt !== undefined) stmts.push(stmt);
  });
  return { kind: 'block', stmts, span: nodeSpan(node, 0) };
}

/** A declaration in a body: its name is bound, to nothing known. */
function misplaced(build: Build, node: Declaration): Stmt | undefined {
  const keyword =
    node.name === 'layerDecl'
      ? first(node.children.Layer)
      : node.name === 'fnDecl'
        ? first(node.children.Fn)
        : first(node.children.Const);
  if (keyword === undefined) return undefined;
  const word = `\`${keyword.image}\``;
  const help = `${word} stands at file level, outside of layers and functions`;
  complain(build, 'NN0101', { expected: 'a statement', found: word, help }, spanOf(keyword));
  const id = first(node.children.Id);
  return id === undefined ? undefined : unknown(nameOf(id), nodeSpan(node, spanOf(id).end));
}

function addChain(build: Build, stmts: Stmt[], node: ChainCstNode, last: boolean): void {
  const assigned = assignment(build, node);
  if (assigned === undefined) mergeExpression(build, stmts, chainExpression(build, node), last);
  else if (assigned.stmt !== undefined) stmts.push(assigned.stmt);
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
