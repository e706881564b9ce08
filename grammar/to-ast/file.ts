/** The concrete tree of a whole file to its AST. */
import type { File, Item, Stmt } from '../ast.ts';
import type { ChainCstNode, FileCstNode, ItemCstNode } from '../cst.ts';
import { spanOf } from '../scan/token-stream.ts';
import { statementBlock } from './body.ts';
import { all, type Build, first, nodeSpan } from './build.ts';
import { constDecl, dimDecl, fnDecl, importItems, layerDecl, section } from './declarations.ts';
import { expression } from './expressions.ts';
import { statement } from './statements.ts';
import { assignment, chainExpression, droppedOutput, droppedPipe, notAStatement } from './stray.ts';

export function toAst(node: FileCstNode, given: Omit<Build, 'expression' | 'statements'>): File {
  const build: Build = {
    ...given,
    expression: (child, at, position) => expression(build, child, at, position),
    statements: (child) => statementBlock(build, child),
  };
  const items: Item[] = [];
  for (const child of all(node.children.item)) {
    const chain = first(child.children.chain);
    if (chain === undefined) items.push(...itemsOf(build, child));
    else addChain(build, items, chain);
  }
  const pinned = first(first(node.children.version)?.children.NumberLiteral);
  const version =
    pinned === undefined ? {} : { version: { text: pinned.image, span: spanOf(pinned) } };
  const span = { start: 0, end: build.source.text.length };
  return { kind: 'file', ...version, items, span };
}

function itemsOf(build: Build, node: ItemCstNode): readonly Item[] {
  const { children } = node;
  const item =
    withNode(first(children.statement), (child): Item | undefined => statement(build, child)) ??
    withNode(first(children.layerDecl), (child) => layerDecl(build, child)) ??
    withNode(first(children.fnDecl), (child) => fnDecl(build, child)) ??
    withNode(first(children.constDecl), (child) => constDecl(build, child)) ??
    withNode(first(children.dimDecl), (child) => dimDecl(build, child)) ??
    withNode(first(children.section), (child) => section(build, child));
  if (item !== undefined) return [item];
  return withNode(first(children.importItem), (child) => importItems(build, child)) ?? [];
}

function withNode<N, R>(node: N | undefined, convert: (node: N) => R): R | undefined {
  return node === undefined ? undefined : convert(node);
}

const statementKinds: ReadonlySet<Item['kind']> = new Set<(Stmt | { kind: 'chain' })['kind']>([
  ...(['let', 'input', 'param', 'state', 'update', 'output'] as const),
  ...(['loss', 'metric', 'expect', 'return', 'chain'] as const),
]);

/** The bare chain is the first item that is not a declaration; any other was meant otherwise. */
function addChain(build: Build, items: Item[], node: ChainCstNode): void {
  const assigned = assignment(build, node);
  if (assigned !== undefined) {
    if (assigned.stmt !== undefined) items.push(assigned.stmt);
    return;
  }
  const value = chainExpression(build, node);
  const { span } = value;
  const text = build.source.text.slice(span.start, span.end);
  const before = items.at(-1);
  const mayContinue = /^[\p{L}_]/u.test(text);
  if (items.some((item) => statementKinds.has(item.kind)) && before !== undefined && mayContinue) {
    if (before.kind === 'input') items.push(droppedOutput(build, before.name.text, value));
    else items.splice(-1, 1, droppedPipe(build, before, value));
    return;
  }
  if (!mayContinue) notAStatement(build, value);
  if (items.some((item) => statementKinds.has(item.kind))) return;
  items.push({ kind: 'chain', value, span: nodeSpan(node, span.start) });
}
