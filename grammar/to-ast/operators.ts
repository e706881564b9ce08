/**
 * Operators, loose to tight: the levels of the grammar become binary and unary nodes. A chain of
 * comparisons (NN0103) is found here.
 */
import type { IToken } from 'chevrotain';
import type { BinaryOp, Expr } from '../ast.ts';
import type {
  ComparisonCstNode,
  ConjunctionCstNode,
  DisjunctionCstNode,
  NegationCstNode,
  PowerCstNode,
  ProductCstNode,
  SumCstNode,
  UnaryCstNode,
} from '../cst.ts';
import { spanOf } from '../scan/token-stream.ts';
import { all, type Build, complain, cover, first, missing, words } from './build.ts';
import { postfix } from './postfix.ts';

/** Operators of one level in a row, which nest to the left: as deep as the tree may become. */
const chainLimit = 500;

export function disjunction(build: Build, node: DisjunctionCstNode | undefined, at: number): Expr {
  const parts = all(node?.children.conjunction).map((part) => conjunction(build, part, at));
  return leftToRight(build, parts, all(node?.children.Or), at);
}

function conjunction(build: Build, node: ConjunctionCstNode, at: number): Expr {
  const parts = all(node.children.negation).map((part) => negation(build, part, at));
  return leftToRight(build, parts, all(node.children.And), at);
}

function negation(build: Build, node: NegationCstNode, at: number): Expr {
  const not = first(node.children.Not);
  if (not === undefined) return comparison(build, first(node.children.comparison), at);
  const inner = first(node.children.negation);
  return prefix(not, 'not', (end) =>
    inner === undefined ? missing(end) : negation(build, inner, end),
  );
}

function comparison(build: Build, node: ComparisonCstNode | undefined, at: number): Expr {
  const parts = all(node?.children.sum).map((part) => sum(build, part, at));
  const ops = all(node?.children.CompareOp);
  const second = ops[1];
  if (second === undefined || ops.length > chainLimit) return leftToRight(build, parts, ops, at);
  const pairs = ops.map((op, i) => leftToRight(build, parts.slice(i, i + 2), [op], at));
  const instead = pairs.map((pair) => words(build, pair.span)).join(' and ');
  const span = cover(pairs[0]?.span ?? spanOf(second), pairs.at(-1)?.span ?? spanOf(second));
  const written = pairs.map((pair) => build.source.text.slice(pair.span.start, pair.span.end));
  complain(build, 'NN0103', { instead }, spanOf(second), {
    fix: { span, text: written.join(' and ') },
  });
  return pairs.reduce((left, right) => {
    const span = cover(left.span, right.span);
    return { kind: 'binary', op: 'and', left, right, opSpan: spanOf(second), span };
  });
}

export function sum(build: Build, node: SumCstNode | undefined, at: number): Expr {
  const parts = all(node?.children.product).map((part) => product(build, part, at));
  return leftToRight(build, parts, all(node?.children.AddOp), at);
}

function product(build: Build, node: ProductCstNode, at: number): Expr {
  const parts = all(node.children.unary).map((part) => unary(build, part, at));
  return leftToRight(build, parts, all(node.children.MulOp), at);
}

function unary(build: Build, node: UnaryCstNode | undefined, at: number): Expr {
  const minus = first(node?.children.Minus);
  if (minus === undefined) return power(build, first(node?.children.power), at);
  return prefix(minus, '-', (end) => unary(build, first(node?.children.unary), end));
}

/** `**` binds tighter than a minus on its left and takes one on its right; it nests to the right. */
function power(build: Build, node: PowerCstNode | undefined, at: number): Expr {
  const base = postfix(build, first(node?.children.postfix), at);
  const op = first(node?.children.StarStar);
  if (op === undefined) return base;
  const exponent = unary(build, first(node?.children.unary), spanOf(op).end);
  return binary(base, op, exponent);
}

function prefix(op: IToken, name: '-' | 'not', operand: (end: number) => Expr): Expr {
  const span = spanOf(op);
  const value = operand(span.end);
  return { kind: 'unary', op: name, value, span: cover(span, value.span) };
}

function binary(left: Expr, op: IToken, right: Expr): Expr {
  // The parser reads no other token as an operator; `&&` and its like were retagged.
  const name = foreign[op.image] ?? (op.image as BinaryOp);
  const span = cover(left.span, right.span);
  return { kind: 'binary', op: name, left, right, opSpan: spanOf(op), span };
}

const foreign: Readonly<Record<string, BinaryOp>> = {
  '&': 'and',
  '&&': 'and',
  '|': 'or',
  '||': 'or',
  '^': '**',
};

function leftToRight(
  build: Build,
  parts: readonly Expr[],
  ops: readonly IToken[],
  at: number,
): Expr {
  const [head, ...rest] = parts;
  if (head === undefined) return missing(at);
  const tooMany = ops[chainLimit];
  if (tooMany !== undefined) {
    complain(build, 'NN0111', { limit: chainLimit }, spanOf(tooMany));
    return missing(cover(head.span, parts.at(-1)?.span ?? head.span));
  }
  return ops.reduce((left, op, i) => binary(left, op, rest[i] ?? missing(spanOf(op).end)), head);
}
