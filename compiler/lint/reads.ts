/**
 * Which names a file defines, and which of them it reads. Only the text decides: a branch that is not
 * taken and a layer that is not applied read what they mention.
 */
import type {
  Body,
  Entry,
  Expr,
  File,
  FnDecl,
  LayerDecl,
  Name,
  Param,
  Pattern,
  Span,
  Stmt,
  TypeExpr,
} from '../../grammar/ast.ts';
import { childExpressions, namesIn } from '../elaborate/walk-expression.ts';
import { expressionOf, paramsOf } from './walk.ts';

export interface Definition {
  readonly name: string;
  readonly span: Span;
  readonly source: DefinedBy;
  /** Something reads it before it is replaced, if it is. */
  readonly read: boolean;
  /** The `let` of the same body that takes its name. */
  readonly replacedBy?: Definition;
}

export type DefinedBy =
  /** `body`: all statements of its body. */
  | { readonly kind: 'statement'; readonly stmt: Stmt; readonly body: readonly Stmt[] }
  | {
      readonly kind: 'argument';
      readonly of: LayerDecl | FnDecl | Extract<Expr, { kind: 'lambda' }>;
      /** Among the tensors of a layer, or the arguments of a fn. */
      readonly index: number;
    }
  /** `as` in a pipe, the variable of a `repeat`. */
  | { readonly kind: 'other' };

interface Entered {
  readonly name: string;
  readonly span: Span;
  readonly source: DefinedBy;
  read: boolean;
  replacedBy?: Entered;
}

interface Env {
  readonly names: Map<string, Entered>;
  readonly parent?: Env;
  /** All definitions of the file, in order. */
  readonly all: Entered[];
}

const inside = (parent: Env): Env => ({ names: new Map(), parent, all: parent.all });

/** Every definition of the file with what becomes of it, in order. */
export function definitionsOf(file: File): readonly Definition[] {
  const all: Entered[] = [];
  const top: Env = { names: new Map(), all };
  const statements = file.items.filter(isStatement);
  for (const item of file.items) {
    switch (item.kind) {
      case 'layer':
        declaration({ names: new Map(), all }, item, paramsOf(item), item.tensors ?? []);
        break;
      case 'fn': {
        const env: Env = { names: new Map(), all };
        declaration(env, item, item.params, item.params);
        if (item.vjp !== undefined) {
          const own = inside(env);
          addParams(own, item, item.vjp.params, []);
          expression(own, item.vjp.value);
        }
        break;
      }
      case 'const':
      case 'chain':
        expression(top, item.value);
        break;
      case 'train':
      case 'policy':
        for (const entry of item.entries) sectionEntry(top, entry);
        break;
      case 'import':
      case 'dim':
        break;
      default:
        statement(top, item, statements);
    }
  }
  return all;
}

const isStatement = (item: File['items'][number]): item is Stmt =>
  !['layer', 'fn', 'const', 'chain', 'train', 'policy', 'import', 'dim'].includes(item.kind);

function declaration(
  env: Env,
  decl: LayerDecl | FnDecl,
  params: readonly Param[],
  tensors: readonly Param[],
): void {
  addParams(env, decl, params, tensors);
  typeNames(env, decl.result);
  body(env, decl.body);
}

function addParams(
  env: Env,
  of: Extract<DefinedBy, { kind: 'argument' }>['of'],
  params: readonly Param[],
  counted: readonly Param[],
): void {
  for (const param of params) {
    if (param.default !== undefined) expression(env, param.default);
    typeNames(env, param.type);
    const source: DefinedBy = { kind: 'argument', of, index: counted.indexOf(param) };
    for (const name of namesOf(param.pattern)) define(env, name, source);
  }
}

function body(env: Env, of: Body): void {
  if (of.kind === 'expression') expression(env, of.value);
  else for (const stmt of of.stmts) statement(env, stmt, of.stmts);
}

function statement(env: Env, stmt: Stmt, among: readonly Stmt[]): void {
  const source: DefinedBy = { kind: 'statement', stmt, body: among };
  if (stmt.kind === 'let' || stmt.kind === 'input') typeNames(env, stmt.type);
  if (stmt.kind === 'param' || stmt.kind === 'state') typeNames(env, stmt.type);
  const value = expressionOf(stmt);
  if (value !== undefined) expression(env, value);
  if (stmt.kind === 'output' && value === undefined)
    for (const name of stmt.names) read(env, name.text);
  else for (const name of namesDefinedBy(stmt)) define(env, name, source);
}

/** `update` gives an existing tensor its next value: that is no definition, and no use either. */
function namesDefinedBy(stmt: Stmt): readonly Name[] {
  switch (stmt.kind) {
    case 'let':
      return namesOf(stmt.pattern);
    case 'input':
    case 'param':
    case 'state':
    case 'metric':
      return [stmt.name];
    case 'output':
      return stmt.names;
    case 'loss':
      return stmt.name === undefined ? [] : [stmt.name];
    case 'update':
    case 'expect':
    case 'return':
      return [];
    default:
      return stmt satisfies never;
  }
}

export const namesOf = (pattern: Pattern): readonly Name[] =>
  pattern.kind === 'name' ? [pattern.name] : pattern.items.flatMap(namesOf);

function expression(env: Env, expr: Expr): void {
  switch (expr.kind) {
    case 'name':
      read(env, expr.name);
      return;
    case 'list':
      for (const item of expr.items)
        if (item.kind === 'item') expression(env, item.value);
        else read(env, item.name.text);
      return;
    case 'as':
      expression(env, expr.value);
      define(env, expr.name, { kind: 'other' });
      return;
    case 'pipe':
      expression(env, expr.head);
      expression(env, expr.stage.value);
      if (expr.stage.as !== undefined) define(env, expr.stage.as, { kind: 'other' });
      return;
    case 'lambda': {
      const own = inside(env);
      addParams(own, expr, expr.params, expr.params);
      body(own, expr.body);
      return;
    }
    case 'repeat': {
      for (const child of childExpressions(expr).slice(0, -1)) expression(env, child);
      const own = inside(env);
      if (expr.variable !== undefined) define(own, expr.variable, { kind: 'other' });
      expression(own, expr.body);
      return;
    }
    default:
      for (const child of childExpressions(expr)) expression(env, child);
  }
}

function typeNames(env: Env, type: TypeExpr | undefined): void {
  for (const axis of type?.axes ?? [])
    if (axis.kind === 'size') for (const name of namesIn(axis.value)) read(env, name);
    else if (axis.name !== undefined) read(env, axis.name.text);
}

function sectionEntry(env: Env, entry: Entry): void {
  expression(env, entry.value);
  for (const inner of entry.entries ?? []) sectionEntry(env, inner);
}

function read(env: Env, name: string): void {
  for (let at: Env | undefined = env; at !== undefined; at = at.parent) {
    const found = at.names.get(name);
    if (found === undefined) continue;
    found.read = true;
    return;
  }
}

function define(env: Env, { text, span }: Name, source: DefinedBy): void {
  const definition: Entered = { name: text, span, source, read: false };
  const before = env.names.get(text);
  if (before !== undefined && !before.read) before.replacedBy = definition;
  env.names.set(text, definition);
  env.all.push(definition);
}
