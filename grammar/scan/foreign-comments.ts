/**
 * Comments of other languages (NN0004). `//` divides here, so it is taken for a comment only where
 * no division can stand: reported, and left out so that the rest of the file still parses.
 */
import type { IToken } from 'chevrotain';
import type { Span } from '../ast.ts';
import { report } from '../catalogue/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Source } from '../source.ts';
import * as T from '../tokens.ts';
import {
  endsExpression,
  firstOnLine,
  is,
  isOneOf,
  lineEnd,
  lineOf,
  spanOf,
  startsExpression,
} from './token-stream.ts';

export interface WithoutComments {
  readonly tokens: readonly IToken[];
  /** What was left out, so that nothing inside is reported. */
  readonly commented: readonly Span[];
  readonly diagnostics: readonly Diagnostic[];
}

/** `strayLines`: lines with characters that no token has, such as the apostrophe of "don't". */
export function removeForeignComments(
  source: Source,
  tokens: readonly IToken[],
  strayLines: ReadonlySet<number>,
): WithoutComments {
  const kept: IToken[] = [];
  const commented: Span[] = [];
  const diagnostics: Diagnostic[] = [];
  let next = 0;
  for (let i = 0; i < tokens.length; i = next) {
    const token = tokens[i];
    if (token === undefined) break;
    next = i + 1;
    if (is(token, T.BlockComment)) {
      commented.push(spanOf(token));
      diagnostics.push(reportBlock(source, token));
    } else if (is(token, T.SlashSlash) && isComment(tokens, i, kept, strayLines)) {
      const end = /[\r\n]|$/.exec(source.text.slice(token.startOffset))?.index ?? 0;
      commented.push({ start: token.startOffset, end: token.startOffset + end });
      const span = spanOf(token);
      const fix = { span, text: '#' };
      diagnostics.push(report('NN0004', { text: '//' }, { file: source.name, span, fix }));
      next = lineEnd(tokens, i);
    } else {
      kept.push(token);
    }
  }
  return { tokens: kept, commented, diagnostics };
}

function reportBlock(source: Source, token: IToken): Diagnostic {
  const whole = spanOf(token);
  const inside = token.image.replace(/^\/\*+\s*|\s*\*+\/$/g, '');
  const alone = /^[ \t]*(?:[\r\n]|$)/.test(source.text.slice(whole.end));
  const fixable = alone && !/[\r\n]/.test(inside);
  return report(
    'NN0004',
    { text: '/*' },
    {
      file: source.name,
      span: { start: whole.start, end: whole.start + 2 },
      fix: fixable ? { span: whole, text: `# ${inside}` } : undefined,
    },
  );
}

/** Whether the `//` at `index`, after the tokens `kept`, can only be meant as a comment. */
function isComment(
  tokens: readonly IToken[],
  index: number,
  kept: readonly IToken[],
  strayLines: ReadonlySet<number>,
): boolean {
  const before = kept.at(-1);
  const isField = is(kept.at(-2), T.Dot);
  const token = tokens[index];
  if (token === undefined) return false;
  if (isBehindInput(tokens, index)) return true;
  // Neither a block nor a string can be divided.
  if (!(isField || endsExpression(before)) || isOneOf(before, [T.RBrace, T.StringLiteral]))
    return true;
  const rest = tokens.slice(index + 1, lineEnd(tokens, index));
  if (rest.length === 0) return firstOnLine(tokens, index) || strayLines.has(lineOf(token));
  if (isOneOf(rest[0], [T.RParen, T.RBracket, T.RBrace, T.Comma])) return false;
  if (!startsExpression(rest[0]) || is(rest[0], T.StringLiteral)) return true;
  return strayLines.has(lineOf(token)) || rest.some((_, i) => isProse(rest, i));
}

/** `input x: f32[n] // rows`: an input ends with its type, so nothing is divided behind it. */
function isBehindInput(tokens: readonly IToken[], index: number): boolean {
  let depth = 0;
  for (let i = index - 1; i >= 0; i--) {
    const token = tokens[i];
    if (isOneOf(token, [T.RParen, T.RBracket])) depth++;
    if (isOneOf(token, [T.LParen, T.LBracket])) depth--;
    if (depth < 0 || is(token, T.Equals)) return false;
    if (!firstOnLine(tokens, i)) continue;
    return token?.image === 'input' && is(tokens[i + 2], T.Colon);
  }
  return false;
}

/** Behind these `as` and `in` may be the words of the language. */
const allowInfix = [T.Pipe, T.Repeat, T.LBrace, T.RParen, T.RBracket, T.RBrace];

/** Two words side by side, the second neither the start of a statement nor a key of a section. */
function isProse(rest: readonly IToken[], index: number): boolean {
  const [word, second, third] = rest.slice(index, index + 3);
  const sideBySide = [word, second].every((t) => isOneOf(t, [T.Identifier, T.NumberLiteral]));
  // `a // b  output c` is a statement that needs nothing behind its name.
  if (!sideBySide || word?.image === 'output') return false;
  // `a // b |> f as h`, `a // b |> repeat i in sizes { … }`
  const isInfix = [word, second].some((t) => t?.image === 'as' || t?.image === 'in');
  if (isInfix && rest.slice(0, index).some((t) => isOneOf(t, allowInfix))) return false;
  return !isOneOf(third, [T.Identifier, T.Equals, T.Colon]);
}
