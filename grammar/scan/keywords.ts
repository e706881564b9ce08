/**
 * Soft keywords: which of them are keywords, and which mere names, by what stands beside them. So a
 * soft keyword after a broken expression is not eaten as a name (`loss = (1 +` newline
 * `output y = b`).
 */
import type { IToken, TokenType } from 'chevrotain';
import * as T from '../tokens.ts';
import type { Frame } from './frames.ts';
import { endsExpression, firstOnLine, is, isOneOf, lineOf, retag } from './token-stream.ts';

const statements: Readonly<Record<string, TokenType>> = {
  input: T.Input,
  output: T.Output,
  param: T.Param,
  state: T.State,
  update: T.Update,
  loss: T.Loss,
  metric: T.Metric,
  dim: T.Dim,
};
const infixes: Readonly<Record<string, TokenType>> = {
  as: T.As,
  in: T.In,
  from: T.From,
  vjp: T.Vjp,
};

/** After these a name follows, whatever word it is. */
const nameFollows = [
  ...[T.Let, T.Const, T.Layer, T.Fn, T.Import, T.Repeat, T.Train, T.Dot, T.As],
  ...Object.values(statements),
];
/** The soft keywords that start a statement. */
export const statementKeywords: readonly TokenType[] = Object.values(statements);

/** The token at `index`, as a keyword if it is a soft one in the place of one. */
export function keyword(
  tokens: readonly IToken[],
  index: number,
  before: IToken | undefined,
  frame: Frame,
): IToken | undefined {
  const token = tokens[index];
  if (token === undefined || !is(token, T.Identifier) || isOneOf(before, nameFollows)) return token;
  const infix = Object.hasOwn(infixes, token.image) ? infixes[token.image] : undefined;
  if (infix !== undefined) return isInfix(tokens, index, before) ? retag(token, infix) : token;
  const statement = Object.hasOwn(statements, token.image) ? statements[token.image] : undefined;
  if (statement !== undefined) {
    return isStatement(tokens, index, before, frame) ? retag(token, statement) : token;
  }
  const pinsVersion = token.image === 'nn' && index === 0 && is(tokens[1], T.NumberLiteral);
  return pinsVersion ? retag(token, T.Nn) : token;
}

function isInfix(tokens: readonly IToken[], index: number, before: IToken | undefined): boolean {
  const after = tokens[index + 1];
  if (!endsExpression(before)) return false;
  switch (tokens[index]?.image) {
    case 'as':
      return is(after, T.Id);
    case 'in':
      return is(tokens[index - 2], T.Repeat);
    case 'from':
      return is(after, T.StringLiteral);
    default:
      return is(after, T.LParen);
  }
}

function isStatement(
  tokens: readonly IToken[],
  index: number,
  before: IToken | undefined,
  frame: Frame,
): boolean {
  const [token, after, third] = tokens.slice(index, index + 3);
  if (token === undefined || after === undefined) return false;
  if (token.image === 'loss' && is(after, T.Equals)) return !isOneOf(before, [T.LParen, T.Comma]);
  if (!is(after, T.Identifier)) return false;
  // `x |> update as h`: the word after a name may itself be an infix.
  const isName = !Object.hasOwn(infixes, after.image);
  if (!isName && !isOneOf(third, [T.Equals, T.Colon, T.Comma])) return false;
  const ended = before === undefined || endsExpression(before) || is(before, T.LBrace);
  if (ended && frame.kind !== 'section') return true;
  // After an operator it is an operand, unless the line before was broken off.
  return firstOnLine(tokens, index) && lineOf(token) === lineOf(after);
}

/** Whether a keyword is a mere word here: a field, the name of an argument, a key. */
export function isWord(
  tokens: readonly IToken[],
  index: number,
  before: IToken | undefined,
  frame: Frame,
): boolean {
  const [token, after] = tokens.slice(index, index + 2);
  if (!is(token, T.Word)) return false;
  if (is(before, T.Dot)) return true;
  if (frame.kind === 'section') return is(after, T.Colon);
  // `let return = 3` is a keyword in the place of a name, and no statement.
  const named = isOneOf(before, nameFollows) && !firstOnLine(tokens, index);
  if (named && !is(token, T.Id)) return isOneOf(after, [T.Equals, T.Colon]);
  return is(after, T.Equals) && isOneOf(before, [T.LParen, T.Comma]);
}
