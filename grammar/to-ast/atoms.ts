/** The smallest expressions: names, literals, brackets, blocks, `repeat`. */
import type { IToken } from 'chevrotain';
import type { BlockExpr, Expr, ListItem, Name } from '../ast.ts';
import type {
  AtomCstNode,
  BlockCstNode,
  ListCstNode,
  ListItemCstNode,
  ParenthesisedCstNode,
  PrimaryCstNode,
  RepeatCstNode,
} from '../cst.ts';
import { spanOf } from '../scan/token-stream.ts';
import {
  after,
  all,
  type Build,
  complain,
  cover,
  first,
  intact,
  missing,
  nameOf,
  nodeSpan,
  words,
} from './build.ts';
import { numberLiteral, stringLiteral } from './literals.ts';

export function primary(build: Build, node: PrimaryCstNode | undefined, at: number): Expr {
  if (node === undefined) return missing(at);
  const { children } = node;
  const number = first(children.NumberLiteral);
  if (number !== undefined) return numberLiteral(number);
  const string = first(children.StringLiteral);
  if (string !== undefined) return stringLiteral(build, string);
  const bool = first(children.True) ?? first(children.False);
  if (bool !== undefined) {
    return { kind: 'bool', value: first(children.True) !== undefined, span: spanOf(bool) };
  }
  const id = first(children.Id);
  if (id !== undefined) return name(build, id);
  const parens = first(children.parenthesised);
  if (parens !== undefined) return parenthesised(build, parens);
  const listNode = first(children.list);
  if (listNode !== undefined) return list(build, listNode);
  const repeatNode = first(children.repeat);
  if (repeatNode !== undefined) return repeat(build, repeatNode);
  const blockNode = first(children.block);
  if (blockNode !== undefined) return intactBlock(build, blockNode, at);
  return missing(nodeSpan(node, at));
}

function name(build: Build, id: IToken): Expr {
  const span = spanOf(id);
  if (id.image !== 'None') return { kind: 'name', name: id.image, span };
  const instead = 'leave the argument out; `None` stands only in an index: `x[:, None]`';
  complain(build, 'NN0107', { found: 'None', instead }, span);
  return missing(span);
}

function parenthesised(build: Build, node: ParenthesisedCstNode): Expr {
  const span = nodeSpan(node, 0);
  const items = all(node.children.expression).map((child) => build.expression(child, span.end));
  const [value, second] = items;
  if (value === undefined) return missing(span);
  const expr: Expr =
    second === undefined ? { kind: 'paren', value, span } : { kind: 'tuple', items, span };
  return intact(build, expr, items);
}

function list(build: Build, node: ListCstNode): Expr {
  const span = nodeSpan(node, 0);
  const items = all(node.children.listItem).map((child) => listItem(build, child));
  return intact(build, { kind: 'list', items, span }, items);
}

function listItem(build: Build, node: ListItemCstNode): ListItem {
  const id = first(node.children.Id);
  const span = nodeSpan(node, 0);
  if (id !== undefined) return { kind: 'splat', name: nameOf(id), span };
  const value = build.expression(first(node.children.expression), span.start);
  return { kind: 'item', value, span: value.span };
}

/** The head of a block is in stage position: it may have a name. */
export function block(build: Build, node: BlockCstNode, end: number): BlockExpr {
  const at = after(first(node.children.LBrace), end);
  const value = build.expression(first(node.children.expression), at, 'stage');
  return { kind: 'block', value, span: cover(nodeSpan(node, at), value.span) };
}

function intactBlock(build: Build, node: BlockCstNode, at: number): Expr {
  const expr = block(build, node, at);
  return intact(build, expr, [expr.value]);
}

function repeat(build: Build, node: RepeatCstNode): Expr {
  const span = nodeSpan(node, 0);
  const { children } = node;
  const body = first(children.block);
  const [head, from, to] = all(children.atom).map((child) => atom(build, child));
  const items = first(children.list);
  if (body === undefined || head === undefined) return missing(span);
  const bodyExpr = block(build, body, span.end);
  if (first(children.In) === undefined) {
    const over = { kind: 'count', value: head } as const;
    return intact(build, { kind: 'repeat', over, body: bodyExpr, span }, [head, bodyExpr.value]);
  }
  const variable = loopVariable(build, head);
  const listExpr = items === undefined ? undefined : list(build, items);
  const value = listExpr ?? from;
  if (variable === undefined || value === undefined) return missing(span);
  const over =
    to === undefined
      ? ({ kind: 'items', value } as const)
      : ({ kind: 'range', from: value, to } as const);
  const parts = [head, value, bodyExpr.value, ...(to === undefined ? [] : [to])];
  return intact(build, { kind: 'repeat', variable, over, body: bodyExpr, span }, parts);
}

function loopVariable(build: Build, head: Expr): Name | undefined {
  if (head.kind === 'name') return { text: head.name, span: head.span };
  if (head.kind !== 'missing') {
    const found = `\`${words(build, head.span)}\``;
    complain(build, 'NN0101', { expected: 'a name between `repeat` and `in`', found }, head.span);
  }
  return undefined;
}

/** What may stand in the head of a `repeat` and in a fact about a size. */
export function atom(build: Build, node: AtomCstNode): Expr {
  const span = nodeSpan(node, 0);
  const number = first(node.children.NumberLiteral);
  if (number !== undefined) return numberLiteral(number);
  const id = first(node.children.Id);
  if (id !== undefined) {
    return all(node.children.field).reduce(
      (value, child) => {
        const word = first(child.children.Word);
        if (word === undefined) return missing(value.span);
        return { kind: 'field', value, name: nameOf(word), span: cover(value.span, spanOf(word)) };
      },
      name(build, id),
    );
  }
  const inner = first(node.children.expression);
  if (inner === undefined) return missing(span);
  const value = build.expression(inner, span.end);
  return intact(build, { kind: 'paren', value, span }, [value]);
}
