/**
 * The parser's exceptions as diagnostics (NN0101): what was expected, in words, and what stands there
 * instead, with the place that a missing part belongs to.
 */
import { EOF, type IRecognitionException, type IToken, type TokenType } from 'chevrotain';
import type { Span } from './ast.ts';
import { report } from './catalogue/index.ts';
import type { Diagnostic, Note } from './diagnostic.ts';
import { isElementType } from './element-types.ts';
import {
  endOf,
  endsExpression,
  is,
  isOneOf,
  lineOf,
  spanOf,
  startsOperand,
} from './scan/token-stream.ts';
import type { Source } from './source.ts';
import * as T from './tokens.ts';

/** What a rule looks for, said when none of its alternatives fits. `%` is the token before. */
const wanted: Readonly<Record<string, string>> = {
  file: 'a declaration or a statement',
  item: 'a declaration or a statement',
  importItem: 'names or a path in quotes after %',
  pattern: 'a name after %',
  type: 'a type after %',
  ofType: '`:` and a type after %',
  body: '`=` or `{` after %',
  lambda: '`=>` or `{` after %',
  entry: '`:` after %',
  section: '`train` or `policy`',
  value: '`=` after %',
};

const openers = new Map([
  [T.RParen, { open: T.LParen, sign: '(' }],
  [T.RBracket, { open: T.LBracket, sign: '[' }],
  [T.RBrace, { open: T.LBrace, sign: '{' }],
]);

export function syntaxError(
  source: Source,
  tokens: readonly IToken[],
  error: IRecognitionException,
): Diagnostic {
  const behind = textBefore(tokens, error.token);
  const atEnd = error.token.tokenType === EOF;
  const token = atEnd ? undefined : realToken(tokens, error.token);
  const span = token === undefined ? endSpan(source, behind) : spanOf(token);
  const found = token === undefined ? 'the end of the file' : `\`${token.image}\``;
  const { expected, note, help } = expectation(tokens, error, behind);
  const notes = notesFor(note, token, behind, source);
  const round = roundSizes(source, tokens, error.token, behind);
  if (round !== undefined) {
    const fix = { span: round.span, text: round.text };
    const better = `sizes stand in brackets: \`${round.type}${round.text}\``;
    return report(
      'NN0101',
      { expected, found, help: better },
      { file: source.name, span, notes, fix },
    );
  }
  const place = { file: source.name, span, notes };
  return report('NN0101', { expected, found, help }, place);
}

/** The first token with text at or behind one that a pass put in. */
export function realToken(tokens: readonly IToken[], token: IToken): IToken | undefined {
  return token.image === ''
    ? tokens.find((other) => other.startOffset >= token.startOffset && other.image !== '')
    : token;
}

/** The last token with text before an error. */
function textBefore(tokens: readonly IToken[], token: IToken): IToken | undefined {
  const index = token.tokenType === EOF ? tokens.length : tokens.indexOf(token);
  return tokens.slice(0, Math.max(0, index)).findLast((other) => other.image !== '');
}

function endSpan(source: Source, behind: IToken | undefined): Span {
  const end = behind === undefined ? source.text.length : endOf(behind);
  return { start: end, end };
}

/** `f32(batch, 4)`: what stands between the parentheses, in brackets. */
function roundSizes(
  source: Source,
  tokens: readonly IToken[],
  at: IToken,
  behind: IToken | undefined,
): { readonly type: string; readonly span: Span; readonly text: string } | undefined {
  if (!is(at, T.LParen) || behind === undefined || !isElementType(behind.image)) return undefined;
  const start = tokens.indexOf(at);
  const end = tokens.findIndex((token, i) => i > start && is(token, T.RParen));
  const close = tokens[end];
  const inner = tokens.slice(start + 1, end);
  const simple = [T.Id, T.NumberLiteral, T.Comma, T.Star, T.Plus, T.Minus, T.Ellipsis];
  if (close === undefined || close.image === '' || !inner.every((t) => isOneOf(t, simple)))
    return undefined;
  const span = { start: at.startOffset, end: endOf(close) };
  const text = source.text.slice(span.start + 1, span.end - 1);
  return { type: behind.image, span, text: `[${text}]` };
}

interface Expectation {
  readonly expected: string;
  readonly note?: Omit<Note, 'file'> | undefined;
  readonly help?: string | undefined;
}

function expectation(
  tokens: readonly IToken[],
  error: IRecognitionException,
  behind: IToken | undefined,
): Expectation {
  const rule = error.context.ruleStack.at(-1) ?? 'file';
  const place = behind === undefined ? 'the start of the file' : `\`${behind.image}\``;
  const help = helpFor(tokens, error, rule);
  if (error.name === 'MismatchedTokenException') {
    const type = T.allTokens.find((known) => known.name === error.message);
    const opener = type === undefined ? undefined : openers.get(type);
    if (type === undefined) return { expected: 'a declaration or a statement', help };
    if (opener !== undefined) return { ...closer(tokens, error.token, opener, behind, type), help };
    return { expected: `${type === T.Word ? 'a name' : type.LABEL} after ${place}`, help };
  }
  if (error.name === 'NotAllInputParsedException') {
    return { expected: 'a declaration or a statement', help };
  }
  const words = wanted[rule] ?? 'an expression after %';
  const expected = words.replace('%', place);
  if (behind === undefined || !words.includes('%')) return { expected, help };
  return { expected, note: { message: 'nothing follows this', span: spanOf(behind) }, help };
}

function helpFor(
  tokens: readonly IToken[],
  error: IRecognitionException,
  rule: string,
): string | undefined {
  const { token } = error;
  const pair = openers.get(token.tokenType);
  if (pair !== undefined && lastOpen(tokens, token, pair.open) === undefined) {
    return `no \`${pair.sign}\` is open here`;
  }
  if (is(token, T.Question) && error.context.ruleStack.includes('type'))
    return 'a size that the data decide has a name: `f32[batch, 4]`';
  const between = rule === 'file' || error.name === 'NotAllInputParsedException';
  if (between && is(token, T.Comma)) return 'no comma stands between statements: leave it out';
  if (between && is(token, T.Question))
    return '`if c then a else b` chooses while compiling, `where(c, a, b)` for each element';
  if (rule === 'importFile') return 'a file is imported under a name: `import "block.nn" as block`';
  if (error.context.ruleStack.slice(-2).join(' ') === 'repeat block') {
    return 'the head of a `repeat` is a name, a number or a range, `repeat i in 0..4 { ... }`; anything else in parentheses';
  }
  const wantsName = error.message === 'Id' || rule === 'pattern';
  const isKeyword = wantsName && is(token, T.Word) && !is(token, T.Id);
  return isKeyword ? `\`${token.image}\` is a keyword; choose another name` : undefined;
}

/** `)`, `]`, `}`: which opener it would close, or that a comma is missing. */
function closer(
  tokens: readonly IToken[],
  at: IToken,
  opener: { readonly open: TokenType; readonly sign: string },
  behind: IToken | undefined,
  type: TokenType,
): Expectation {
  const open = lastOpen(tokens, at, opener.open);
  const sign = type.LABEL ?? type.name;
  if (open === undefined) return { expected: sign };
  const sameLine = !is(at, EOF) && lineOf(open) === lineOf(at);
  if (sameLine && endsExpression(behind) && startsOperand(at) && opener.sign !== '{') {
    return { expected: `\`,\` or ${sign} after \`${behind?.image}\`` };
  }
  if (sameLine) return { expected: sign };
  return {
    expected: `${sign} to close the \`${opener.sign}\` of line ${lineOf(open)}`,
    note: { message: 'opened here', span: spanOf(open) },
  };
}

/** The innermost bracket of a kind that is still open before a token. */
function lastOpen(tokens: readonly IToken[], at: IToken, kind: TokenType): IToken | undefined {
  const open: IToken[] = [];
  for (const token of tokens) {
    if (token === at) break;
    if (isOneOf(token, [T.LParen, T.LBracket, T.LBrace])) open.push(token);
    const pair = openers.get(token.tokenType);
    if (pair === undefined) continue;
    const matching = open.findLastIndex((other) => is(other, pair.open));
    if (matching >= 0) open.length = matching;
  }
  return open.findLast((token) => is(token, kind));
}

/** A note only where it shows another line than the error itself. */
function notesFor(
  note: Omit<Note, 'file'> | undefined,
  token: IToken | undefined,
  behind: IToken | undefined,
  source: Source,
): readonly Note[] {
  if (note === undefined) return [];
  const line = token === undefined ? undefined : lineOf(token);
  const onSameLine =
    behind !== undefined && note.message !== 'opened here' && line === lineOf(behind);
  return onSameLine || (token === undefined && note.message !== 'opened here')
    ? []
    : [{ ...note, file: source.name }];
}
