/** Small questions about tokens and small changes of them, for the passes between lexer and parser. */
import { type IToken, type TokenType, tokenMatcher } from 'chevrotain';
import type { Span } from '../ast.ts';
import * as T from '../tokens.ts';

/** The same token as another type. */
export function retag(token: IToken, tokenType: TokenType): IToken {
  return { ...token, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx ?? 0 };
}

/** A token that stands for nothing in the text: no width, at the place where `at` begins. */
export function emptyToken(tokenType: TokenType, at: IToken): IToken {
  return { ...retag(at, tokenType), image: '', endOffset: at.startOffset - 1, endLine: lineOf(at) };
}

export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: endOf(token) };
}

/** Offset behind the token; chevrotain's own `endOffset` is that of the last character. */
export function endOf(token: IToken): number {
  return (token.endOffset ?? token.startOffset - 1) + 1;
}

export function lineOf(token: IToken): number {
  return token.startLine ?? 0;
}

export function endLineOf(token: IToken): number {
  return token.endLine ?? lineOf(token);
}

export function is(token: IToken | undefined, type: TokenType): boolean {
  return token !== undefined && tokenMatcher(token, type);
}

export function isOneOf(token: IToken | undefined, types: readonly TokenType[]): boolean {
  if (token === undefined) return false;
  for (const type of types) if (tokenMatcher(token, type)) return true;
  return false;
}

export function firstOnLine(tokens: readonly (IToken | undefined)[], index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  return token !== undefined && (before === undefined || endLineOf(before) < lineOf(token));
}

// These questions are asked of every token, several times.
export const openers: readonly TokenType[] = [T.LParen, T.LBracket, T.LBrace];
export const closers: readonly TokenType[] = [T.RParen, T.RBracket, T.RBrace];
const atoms = [T.Id, T.NumberLiteral, T.StringLiteral, T.True, T.False, T.Hole];
/** `x.if`: a field may have any word for a name. */
const ends = [...atoms, T.PlainWord, ...closers];
const operandStarts = [...atoms, T.If, T.Fn, T.Repeat, T.Not];
const otherStarts = [T.Minus, ...openers];

/** Whether an expression may end with this token. */
export function endsExpression(token: IToken | undefined): boolean {
  return isOneOf(token, ends);
}

/** Whether an expression may start with this token. */
export function startsExpression(token: IToken | undefined): boolean {
  return startsOperand(token) || isOneOf(token, otherStarts);
}

/** Whether a new expression starts with this token though another one ended just before. */
export function startsOperand(token: IToken | undefined): boolean {
  return isOneOf(token, operandStarts);
}

/** Index of the first token that is not on the line of `tokens[index]`. */
export function lineEnd(tokens: readonly IToken[], index: number): number {
  const token = tokens[index];
  if (token === undefined) return tokens.length;
  let end = index + 1;
  while (end < tokens.length && lineOf(tokens[end] ?? token) === lineOf(token)) end++;
  return end;
}

/** Whether a declared function starts at `index`; `fn (x) => …` and a mistaken `fn x => …` do not. */
export function isNamedFn(tokens: readonly (IToken | undefined)[], index: number): boolean {
  return (
    is(tokens[index], T.Fn) &&
    is(tokens[index + 1], T.Id) &&
    !is(tokens[index + 2], T.FatArrow) &&
    !isFnType(tokens, index)
  );
}

/** Whether the `fn` at `index` is a type: `f: fn`, `-> fn`. */
export function isFnType(tokens: readonly (IToken | undefined)[], index: number): boolean {
  const [before, token, after] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  if (!is(token, T.Fn) || !isOneOf(before, [T.Colon, T.Arrow]) || is(after, T.LParen)) return false;
  // `input x:` whose type was forgotten, and a function below it.
  return !(firstOnLine(tokens, index) && is(tokens[index + 2], T.LParen));
}
