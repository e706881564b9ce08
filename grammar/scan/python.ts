/**
 * Python spellings (NN0107). Where the meaning is plain the tokens are replaced by ours (`lambda x:`
 * becomes `fn(x) =>`); a whole Python block is left out. Either way the rest of the file parses.
 */
import type { IToken, TokenType } from 'chevrotain';
import { report } from '../catalogue/index.ts';
import type { Diagnostic, Fix } from '../diagnostic.ts';
import type { Source } from '../source.ts';
import * as T from '../tokens.ts';
import {
  emptyToken,
  endOf,
  firstOnLine,
  is,
  isOneOf,
  lineEnd,
  lineOf,
  retag,
  spanOf,
} from './token-stream.ts';

export interface WithoutPython {
  readonly tokens: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Words that open a Python block, what to write instead, and the keyword nearest to them. */
const blockWords: Readonly<Record<string, { instead: string; keyword?: TokenType }>> = {
  def: {
    instead: 'a function is `fn f(x) = ...`; with weights, `layer f(units)(x) { ... }`',
    keyword: T.Fn,
  },
  class: { instead: 'a network is a `layer`: `layer net(units)(x) { ... }`', keyword: T.Layer },
  for: { instead: 'repetition is `repeat i in 0..4 { ... }`; pixels and rows take no loop' },
  while: { instead: 'repetition is `repeat 4 { ... }`, a number of times known when compiling' },
  if: { instead: '`if` is an expression: `let y = if c then a else b`' },
};

const literals: Readonly<Record<string, TokenType>> = { True: T.True, False: T.False };

/** What a rule makes of the tokens from `i` on: the index behind them and their replacement. */
interface Rewrite {
  readonly next: number;
  readonly tokens: readonly IToken[];
  readonly found: string;
  readonly instead: string;
  readonly fix?: Fix | undefined;
}

export function rewritePython(source: Source, tokens: readonly IToken[]): WithoutPython {
  const kept: IToken[] = [];
  const diagnostics: Diagnostic[] = [];
  let next = 0;
  for (let i = 0; i < tokens.length; i = next) {
    const token = tokens[i];
    if (token === undefined) break;
    const rewrite =
      block(tokens, i) ?? fromImport(tokens, i) ?? lambda(tokens, i) ?? literal(tokens, i);
    if (rewrite === undefined) {
      kept.push(token);
      next = i + 1;
      continue;
    }
    const { found, instead, fix } = rewrite;
    const place = { file: source.name, span: spanOf(token), fix };
    diagnostics.push(report('NN0107', { found, instead }, place));
    kept.push(...rewrite.tokens);
    next = Math.max(i + 1, rewrite.next);
  }
  return { tokens: kept, diagnostics };
}

/** `def f(x): ...` goes with everything indented below it, but for its name; `def f(x) = ...` becomes `fn f(x) = …`. */
function block(tokens: readonly IToken[], index: number): Rewrite | undefined {
  const word = tokens[index];
  const rule = word === undefined ? undefined : blockWords[word.image];
  if (word === undefined || rule === undefined || !firstOnLine(tokens, index)) return undefined;
  const after = tokens[index + 1];
  // `if: 3` is a key of a section.
  if (word.image === 'if' ? is(after, T.Colon) : !is(after, T.Identifier)) return undefined;
  if (firstOnLine(tokens, index + 1)) return undefined;
  const rewrite = { found: word.image, instead: rule.instead };
  const colon = headerColon(tokens, index);
  if (colon !== undefined)
    return {
      ...rewrite,
      tokens: rule.keyword === undefined ? [] : nameOnly(word, after),
      next: blockEnd(tokens, index, colon),
    };
  if (word.image === 'if') return undefined;
  if (rule.keyword === undefined) return { ...rewrite, tokens: [], next: lineEnd(tokens, index) };
  return { ...rewrite, tokens: [retag(word, rule.keyword)], next: index + 1 };
}

/** What is left of `def f(x): ...` at file level: a name, so that its uses are no mistakes as well. */
function nameOnly(word: IToken, name: IToken | undefined): readonly IToken[] {
  if (word.startColumn !== 1 || name === undefined) return [];
  return [retag(word, T.Const), name, emptyToken(T.Equals, word), emptyToken(T.Hole, word)];
}

/** The `:` that ends the head of a Python block, before any sign that only our syntax has there. */
function headerColon(tokens: readonly IToken[], index: number): number | undefined {
  const stop = [T.Equals, T.LBrace, T.Then, T.Pipe, T.Let, T.Layer, T.Const, T.Import, T.Return];
  let depth = 0;
  for (let i = index + 1; i < tokens.length; i++) {
    const token = tokens[i];
    if (isOneOf(token, [T.LParen, T.LBracket])) depth++;
    else if (isOneOf(token, [T.RParen, T.RBracket])) depth--;
    else if (depth === 0 && is(token, T.Colon)) return i;
    else if (depth === 0 && (isOneOf(token, stop) || firstOnLine(tokens, i))) return undefined;
  }
  return undefined;
}

function blockEnd(tokens: readonly IToken[], index: number, colon: number): number {
  const column = tokens[index]?.startColumn ?? 1;
  let end = lineEnd(tokens, colon);
  while (end < tokens.length) {
    const token = tokens[end];
    const belongs = isOneOf(token, [T.Else]) || token?.image === 'elif';
    if ((token?.startColumn ?? 1) <= column && !belongs) break;
    end = lineEnd(tokens, end);
  }
  return end;
}

/** `from torch import nn`. */
function fromImport(tokens: readonly IToken[], index: number): Rewrite | undefined {
  const word = tokens[index];
  if (word?.image !== 'from' || !firstOnLine(tokens, index)) return undefined;
  const line = tokens.slice(index, lineEnd(tokens, index));
  const at = line.findIndex((token) => is(token, T.Import));
  if (at < 2 || !line.slice(1, at).every((token) => isOneOf(token, [T.Identifier, T.Dot]))) {
    return undefined;
  }
  return {
    tokens: [],
    next: index + line.length,
    found: 'from ... import',
    instead: 'names come from a file by its path: `import block from "gpt.nn"`',
  };
}

/** `lambda x, y: e` becomes `fn(x, y) => e`. */
function lambda(tokens: readonly IToken[], index: number): Rewrite | undefined {
  const word = tokens[index];
  if (word?.image !== 'lambda' || !is(tokens[index + 1], T.Identifier)) return undefined;
  let colon = index + 1;
  while (isOneOf(tokens[colon], [T.Identifier, T.Comma])) colon++;
  const end = tokens[colon];
  if (end === undefined || !is(end, T.Colon) || lineOf(end) !== lineOf(word)) return undefined;
  const names = tokens.slice(index + 1, colon);
  const list = names.filter((token) => is(token, T.Identifier)).map((token) => token.image);
  const text = `fn(${list.join(', ')}) =>`;
  const close = retag(end, T.FatArrow);
  return {
    tokens: [
      retag(word, T.Fn),
      emptyToken(T.LParen, names[0] ?? end),
      ...names,
      emptyToken(T.RParen, end),
      close,
    ],
    next: colon + 1,
    found: 'lambda',
    instead: `write \`${text} ...\``,
    fix: { span: { start: word.startOffset, end: endOf(end) }, text },
  };
}

/** `True` and `False`, but not as a field or as the name of an argument. */
function literal(tokens: readonly IToken[], index: number): Rewrite | undefined {
  const word = tokens[index];
  if (word === undefined || !is(word, T.Identifier)) return undefined;
  const type = Object.hasOwn(literals, word.image) ? literals[word.image] : undefined;
  if (type === undefined || is(tokens[index - 1], T.Dot) || is(tokens[index + 1], T.Equals)) {
    return undefined;
  }
  const text = word.image.toLowerCase();
  return {
    tokens: [retag(word, type)],
    next: index + 1,
    found: word.image,
    instead: `write \`${text}\``,
    fix: { span: spanOf(word), text },
  };
}
