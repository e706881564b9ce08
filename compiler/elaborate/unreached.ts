/**
 * Layers and fns that nothing in the file uses are never elaborated; their names are checked all the
 * same, so that a misspelt one is not found only by the first user of the file.
 */
import type {
  Body,
  Expr,
  File,
  FnDecl,
  LayerDecl,
  Param,
  Pattern,
  Stmt,
  TypeExpr,
} from '../../grammar/ast.ts';
import { evaluateName } from './names.ts';
import type { Run } from './run.ts';
import { lookup } from './scope.ts';
import type { Scope } from './value.ts';
import { childExpressions, namesIn } from './walk-expression.ts';

export function checkUnreached(run: Run, file: File, scope: Scope): void {
  for (const item of file.items)
    if ((item.kind === 'layer' || item.kind === 'fn') && !run.elaborated.has(item))
      checkDeclaration(run, item, scope);
}

function checkDeclaration(run: Run, decl: LayerDecl | FnDecl, scope: Scope): void {
  const params = decl.kind === 'layer' ? [...decl.config, ...(decl.tensors ?? [])] : decl.params;
  const local = new Set<string>(['_', 'None']);
  for (const p of params) addParam(p, local);
  const expressions = [
    ...params.flatMap((p) => (p.default === undefined ? [] : [p.default])),
    ...bodyExpressions(decl.body, local),
    ...(decl.kind === 'fn' ? ruleExpressions(decl, local) : []),
  ];
  for (const e of expressions) checkNames(run, e, local, scope);
}

function ruleExpressions({ vjp }: FnDecl, local: Set<string>): Expr[] {
  for (const p of vjp?.params ?? []) addParam(p, local);
  return vjp === undefined ? [] : [vjp.value];
}

function addParam(p: Param, local: Set<string>): void {
  addPattern(p.pattern, local);
  addSizes(p.type, local);
}

function addPattern(p: Pattern, local: Set<string>): void {
  if (p.kind === 'name') local.add(p.name.text);
  else for (const item of p.items) addPattern(item, local);
}

/** Size names of a signature are introduced by it. */
function addSizes(type: TypeExpr | undefined, local: Set<string>): void {
  for (const axis of type?.axes ?? [])
    if (axis.kind === 'size') for (const name of namesIn(axis.value)) local.add(name);
    else if (axis.name !== undefined) local.add(axis.name.text);
}

/** The expressions of a body; the names that its statements define are added. */
function bodyExpressions(body: Body, local: Set<string>): Expr[] {
  return body.kind === 'expression'
    ? [body.value]
    : body.stmts.flatMap((s) => statementExpressions(s, local));
}

function statementExpressions(stmt: Stmt, local: Set<string>): Expr[] {
  switch (stmt.kind) {
    case 'let':
      addPattern(stmt.pattern, local);
      return [stmt.value];
    case 'input':
      local.add(stmt.name.text);
      return [];
    case 'param':
    case 'state':
    case 'update':
    case 'metric':
      local.add(stmt.name.text);
      return [stmt.value];
    case 'output':
      for (const name of stmt.names) local.add(name.text);
      return stmt.value === undefined ? [] : [stmt.value];
    case 'loss':
      local.add(stmt.name?.text ?? 'loss');
      return [stmt.value];
    case 'expect':
    case 'return':
      return [stmt.value];
    default:
      return stmt satisfies never;
  }
}

/** Reports names that are neither local nor visible. Order within the body is not looked at. */
function checkNames(run: Run, expr: Expr, local: Set<string>, scope: Scope): void {
  switch (expr.kind) {
    case 'name':
      if (!local.has(expr.name) && lookup(scope, expr.name) === undefined)
        evaluateName(run, expr.name, { source: scope.source, span: expr.span }, scope);
      return;
    case 'as':
      local.add(expr.name.text);
      break;
    case 'pipe':
      if (expr.stage.as !== undefined) local.add(expr.stage.as.text);
      break;
    case 'repeat':
      if (expr.variable !== undefined) local.add(expr.variable.text);
      break;
    case 'lambda':
      for (const p of expr.params) addParam(p, local);
      for (const e of bodyExpressions(expr.body, local)) checkNames(run, e, local, scope);
      return;
    default:
      break;
  }
  for (const child of childExpressions(expr)) checkNames(run, child, local, scope);
}
