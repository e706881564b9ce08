/**
 * Declarations: imports, layers, functions, constants, facts about sizes, sections. One that broke
 * off still binds its name, as a constant of unknown value.
 */
import type {
  Body,
  ConstDecl,
  DimDecl,
  Entry,
  Expr,
  FnDecl,
  Import,
  Item,
  LayerDecl,
  Name,
  Section,
  Span,
} from '../ast.ts';
import type {
  BodyCstNode,
  ConstDeclCstNode,
  DimDeclCstNode,
  EntryCstNode,
  FactCstNode,
  FnDeclCstNode,
  ImportItemCstNode,
  ImportNamesCstNode,
  LayerDeclCstNode,
  RecordCstNode,
  SectionCstNode,
} from '../cst.ts';
import { narrowerType } from '../element-types.ts';
import { spanOf } from '../scan/token-stream.ts';
import { atom } from './atoms.ts';
import {
  after,
  all,
  type Build,
  complain,
  cover,
  docAbove,
  first,
  missing,
  nameOf,
  nodeSpan,
} from './build.ts';
import { stringValue } from './literals.ts';
import { params } from './params.ts';
import { statementValue } from './statements.ts';
import { typeExpr } from './types.ts';

export function importItems(build: Build, node: ImportItemCstNode): readonly Item[] {
  const span = nodeSpan(node, 0);
  const names = first(node.children.importNames);
  if (names !== undefined) return importNames(build, names, span);
  const file = first(node.children.importFile);
  const text = first(file?.children.StringLiteral);
  const id = first(file?.children.Id);
  if (id === undefined) return [];
  const as = nameOf(id);
  if (text === undefined) return [unknownConst(as, span)];
  const path = { text: stringValue(build, text), span: spanOf(text) };
  return [{ kind: 'import', path, as, names: [], span } satisfies Import];
}

/** `import a, b from "f.nn"`; without a path it is the import of Python. */
function importNames(build: Build, node: ImportNamesCstNode, span: Span): readonly Item[] {
  const ids = all(node.children.Id).map(nameOf);
  const text = first(node.children.StringLiteral);
  if (text !== undefined && first(node.children.Dot) === undefined) {
    const path = { text: stringValue(build, text), span: spanOf(text) };
    return [{ kind: 'import', path, names: ids, span } satisfies Import];
  }
  const alias = first(node.children.As) === undefined ? undefined : ids.at(-1);
  if (node.recoveredNode !== true) {
    const [name] = ids;
    const found = alias === undefined ? 'import x' : 'import x as y';
    const instead = `a file is imported by its path: \`import "${name?.text ?? 'file'}.nn" as ${alias?.text ?? name?.text ?? 'name'}\``;
    complain(build, 'NN0107', { found, instead }, span);
  }
  return (alias === undefined ? ids : [alias]).map((name) => unknownConst(name, span));
}

export function layerDecl(build: Build, node: LayerDeclCstNode): Item | undefined {
  const id = first(node.children.Id);
  const body = bodyOf(build, first(node.children.body));
  const [config, tensors] = all(node.children.params);
  if (id === undefined) {
    namelessLayer(build, node);
    return undefined;
  }
  const name = nameOf(id);
  const span = nodeSpan(node, name.span.end);
  if (body === undefined || config === undefined) return unknownConst(name, span);
  const result = typeExpr(build, first(first(node.children.resultType)?.children.type));
  return {
    kind: 'layer',
    name,
    config: params(build, config),
    ...(tensors === undefined ? {} : { tensors: params(build, tensors) }),
    ...(result === undefined ? {} : { result }),
    body,
    ...docAbove(build, first(node.children.Layer)),
    span: cover(span, body.span),
  } satisfies LayerDecl;
}

function namelessLayer(build: Build, node: LayerDeclCstNode): void {
  const keyword = first(node.children.Layer);
  if (keyword === undefined || first(node.children.params) === undefined) return;
  const found = build.found(spanOf(keyword).end);
  const help = 'write `layer name(...)(x) { ... }`; a layer without a name is a block, `{ ... }`';
  complain(build, 'NN0101', { expected: 'a name after `layer`', found, help }, spanOf(keyword));
}

export function fnDecl(build: Build, node: FnDeclCstNode): Item | undefined {
  const id = first(node.children.Id);
  if (id === undefined) return undefined;
  const name = nameOf(id);
  const span = nodeSpan(node, name.span.end);
  const body = bodyOf(build, first(node.children.body));
  const list = first(node.children.params);
  if (body === undefined || list === undefined) return unknownConst(name, span);
  const result = typeExpr(build, first(first(node.children.resultType)?.children.type));
  const rule = first(node.children.vjp);
  const vjp =
    rule === undefined
      ? {}
      : {
          vjp: {
            params: params(build, first(rule.children.params)),
            value: build.expression(first(rule.children.expression), nodeSpan(rule, span.end).end),
          },
        };
  return {
    kind: 'fn',
    name,
    params: params(build, list),
    ...(result === undefined ? {} : { result }),
    body,
    ...vjp,
    ...docAbove(build, first(node.children.Fn)),
    span: cover(span, body.span),
  } satisfies FnDecl;
}

function bodyOf(build: Build, node: BodyCstNode | undefined): Body | undefined {
  const block = first(node?.children.statements);
  if (block !== undefined) return build.statements(block);
  const arrow = first(node?.children.FatArrow);
  const sign = first(node?.children.Equals) ?? arrow;
  if (node === undefined || sign === undefined) return undefined;
  if (arrow !== undefined) {
    const span = spanOf(arrow);
    complain(build, 'NN0101', { expected: '`=`', found: '`=>`' }, span, {
      help: '`=>` belongs to a function without a name: `fn(x) => x + 1`',
      fix: { span, text: '=' },
    });
  }
  const value = build.expression(first(node.children.expression), after(sign, 0));
  return { kind: 'expression', value, span: cover(spanOf(sign), value.span) };
}

export function constDecl(build: Build, node: ConstDeclCstNode): Item | undefined {
  const id = first(node.children.Id);
  if (id === undefined) return undefined;
  const example = `const ${id.image} = 10`;
  const value = statementValue(build, node, { needs: 'a `const` needs its value', example });
  const span = cover(nodeSpan(node, value.span.end), value.span);
  const doc = docAbove(build, first(node.children.Const));
  return { kind: 'const', name: nameOf(id), value, ...doc, span } satisfies ConstDecl;
}

/** A name that is declared, but not how. */
function unknownConst(name: Name, span: Span): ConstDecl {
  return { kind: 'const', name, value: missing(span.end), span };
}

export function dimDecl(build: Build, node: DimDeclCstNode): DimDecl {
  const facts = all(node.children.fact)
    .map((child) => fact(build, child))
    .filter((child) => child !== undefined);
  return { kind: 'dim', facts, span: nodeSpan(node, 0) };
}

function fact(build: Build, node: FactCstNode): DimDecl['facts'][number] | undefined {
  const id = first(node.children.Id);
  if (id === undefined) return undefined;
  const name = nameOf(id);
  const span = nodeSpan(node, name.span.end);
  const bound = first(node.children.atom);
  if (bound === undefined) return { name, span };
  const relation = first(node.children.LessEqual) === undefined ? '%' : '<=';
  return { name, relation, bound: atom(build, bound), span };
}

export function section(build: Build, node: SectionCstNode): Section {
  const kind = first(node.children.Policy) === undefined ? 'train' : 'policy';
  const id = first(node.children.Id);
  const entries = record(build, first(node.children.record));
  if (kind === 'policy') checkDtypes(build, entries);
  const name = id === undefined ? {} : { name: nameOf(id) };
  return { kind, ...name, entries, span: nodeSpan(node, 0) };
}

function record(build: Build, node: RecordCstNode | undefined): readonly Entry[] {
  return all(node?.children.entry)
    .map((child) => entry(build, child))
    .filter((child) => child !== undefined);
}

function entry(build: Build, node: EntryCstNode): Entry | undefined {
  const word = first(node.children.Word);
  if (word === undefined) return undefined;
  const key = nameOf(word);
  const equals = first(node.children.Equals);
  if (equals !== undefined) {
    const span = spanOf(equals);
    const expected = `\`:\` after \`${word.image}\``;
    complain(build, 'NN0101', { expected, found: '`=`' }, span, { fix: { span, text: ':' } });
  }
  const nested = first(node.children.record);
  const value = build.expression(first(node.children.expression), nodeSpan(node, key.span.end).end);
  if (nested === undefined) return { key, value, span: cover(key.span, value.span) };
  const span = cover(key.span, nodeSpan(nested, key.span.end));
  return { key, value: missing(nodeSpan(nested, span.end)), entries: record(build, nested), span };
}

function checkDtypes(build: Build, entries: readonly Entry[]): void {
  for (const { value } of entries) {
    const name = dtypeWord(value);
    const instead = name === undefined ? undefined : narrowerType(name);
    if (name !== undefined && instead !== undefined) {
      complain(build, 'NN0105', { name, instead }, value.span, {
        fix: { span: value.span, text: instead },
      });
    }
  }
}

function dtypeWord(value: Expr): string | undefined {
  return value.kind === 'name' ? value.name : undefined;
}
