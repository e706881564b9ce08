/**
 * Fills what is missing between two neighbouring tokens: an expression behind an operator (NN0101), a
 * comma between two arguments (NN0101), a pipe between two stages of a block (NN0109). What such a
 * gap costs stays local that way, where the parser's own recovery would skip to the next statement.
 */
import { EOF, type IToken } from 'chevrotain';
import { report } from '../catalogue/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Source } from '../source.ts';
import * as T from '../tokens.ts';
import type { Marked } from './mark.ts';
import {
  closers,
  emptyToken,
  endOf,
  endsExpression,
  is,
  isNamedFn,
  isOneOf,
  lineOf,
  openers as openingSigns,
  spanOf,
  startsExpression,
  startsOperand,
} from './token-stream.ts';

/** Behind these an expression must follow. */
const wantsExpression = [
  ...[T.Pipe, T.Operator, T.Equals, T.FatArrow, T.AugmentedAssign],
  ...[T.If, T.Then, T.Else, T.Return, T.Expect, T.Not],
];

export interface Filled {
  readonly tokens: readonly IToken[];
  readonly damage: readonly number[];
  readonly diagnostics: readonly Diagnostic[];
}

export function fillGaps(source: Source, marked: Marked): Filled {
  const tokens: IToken[] = [];
  const damage: number[] = [];
  const diagnostics: Diagnostic[] = [];
  const openers: IToken[] = [];
  for (let i = 0; i <= marked.tokens.length; i++) {
    const token = marked.tokens[i];
    const before = tokens.at(-1);
    if (before !== undefined) {
      const opener = openers.at(-1);
      const kind = opener === undefined ? 'file' : (marked.braces.get(opener) ?? 'bracket');
      const declares = isNamedFn(marked.tokens, i);
      if (lacksExpression(before, token, declares, kind)) {
        const real = realFrom(marked.tokens, i);
        diagnostics.push(noExpression(source, before, real));
        tokens.push(emptyToken(T.Hole, token ?? behind(before)));
      } else if (token !== undefined && endsExpression(before) && isSecond(token)) {
        if (kind === 'bracket') {
          diagnostics.push(noComma(source, before, token, opener));
          damage.push(endOf(before));
          tokens.push(emptyToken(T.Comma, token));
        } else if (kind === 'block') {
          diagnostics.push(noPipe(source, token));
          tokens.push(emptyToken(T.Pipe, token));
        }
      }
    }
    if (token === undefined) break;
    tokens.push(token);
    if (isOneOf(token, openingSigns)) openers.push(token);
    if (isOneOf(token, closers)) openers.pop();
  }
  return { tokens, damage, diagnostics };
}

/** A token that starts an expression behind another; not the `if` of `a if c else b`. */
function isSecond(token: IToken): boolean {
  return startsOperand(token) && !is(token, T.If);
}

function lacksExpression(
  before: IToken,
  token: IToken | undefined,
  declares: boolean,
  kind: string,
): boolean {
  if (token !== undefined && startsExpression(token)) {
    // A declared function starts an item, not an expression.
    return declares && isOneOf(before, wantsExpression);
  }
  if (is(token, T.ChainStart)) return false;
  if (isOneOf(before, wantsExpression)) return true;
  const closes = token !== undefined && isOneOf(token, closers);
  if (kind === 'block' && is(before, T.LBrace)) return true;
  if (kind !== 'bracket' || !isOneOf(before, [T.Comma, T.LParen, T.LBracket])) return false;
  const starts = token === undefined || isOneOf(token, [T.Pipe, T.Operator, T.Comma]);
  return starts && !closes;
}

function noExpression(source: Source, before: IToken, token: IToken | undefined): Diagnostic {
  const end = endOf(before);
  const span = token === undefined ? { start: end, end } : spanOf(token);
  const expected = `an expression after \`${before.image}\``;
  const found = token === undefined ? 'the end of the file' : `\`${token.image}\``;
  const sameLine = token === undefined || lineOf(before) === lineOf(token);
  const note = { message: 'nothing follows this', file: source.name, span: spanOf(before) };
  const help = is(before, T.Pipe)
    ? 'write the next stage, or remove the `|>`'
    : `write what belongs behind \`${before.image}\``;
  const place = { file: source.name, span, notes: sameLine ? [] : [note] };
  return report('NN0101', { expected, found, help }, place);
}

function noComma(
  source: Source,
  before: IToken,
  token: IToken,
  opener: IToken | undefined,
): Diagnostic {
  const closer = is(opener, T.LBracket) ? ']' : ')';
  const expected = `\`,\` or \`${closer}\` after \`${before.image}\``;
  const place = { file: source.name, span: spanOf(token) };
  const help = 'a comma or an operator is missing between the two';
  return report('NN0101', { expected, found: `\`${token.image}\``, help }, place);
}

function noPipe(source: Source, token: IToken): Diagnostic {
  const span = spanOf(token);
  const fix = { span: { start: span.start, end: span.start }, text: '|> ' };
  return report('NN0109', { name: token.image }, { file: source.name, span, fix });
}

function behind(token: IToken): IToken {
  return { ...token, tokenType: EOF, startOffset: endOf(token) };
}

/** The first token at this index or behind that stands for text. */
function realFrom(tokens: readonly IToken[], index: number): IToken | undefined {
  for (let i = index; i < tokens.length; i++) if (tokens[i]?.image !== '') return tokens[i];
  return undefined;
}
