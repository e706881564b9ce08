/**
 * Text to the tokens that the parser reads: the lexer, then passes that report and mend what belongs
 * to other languages, and mark where keywords and chains start.
 */
import { type ILexingError, type IToken, Lexer } from 'chevrotain';
import type { Span } from '../ast.ts';
import { report } from '../catalogue/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { excerpt, type Source } from '../source.ts';
import * as T from '../tokens.ts';
import { removeForeignComments } from './foreign-comments.ts';
import { fillGaps } from './gaps.ts';
import { mark } from './mark.ts';
import { limitNesting } from './nesting.ts';
import { rewritePython } from './python.ts';
import {
  emptyToken,
  endsExpression,
  is,
  lineOf,
  retag,
  spanOf,
  startsExpression,
} from './token-stream.ts';

export interface Scanned {
  readonly tokens: readonly IToken[];
  /** Offsets where items, statements and the entries of sections start. */
  readonly starts: readonly number[];
  /** Offsets where something was put in or left out. */
  readonly damage: readonly number[];
  /** The text of `## ...` by its line. */
  readonly docs: ReadonlyMap<number, string>;
  /** Lines on which a lexical error makes further complaints about syntax worthless. */
  readonly strayLines: ReadonlySet<number>;
  readonly diagnostics: readonly Diagnostic[];
  /** Brackets without a partner: what else is wrong near them is probably their fault. */
  readonly rough: readonly Diagnostic[];
}

const lexer = new Lexer(T.lexedTokens, { positionTracking: 'full' });

/** The words and the comments of a text, as they stand there. */
export function lex(text: string): {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
} {
  const { tokens, groups } = lexer.tokenize(text);
  return { tokens, comments: groups['comments'] ?? [] };
}

export function scan(source: Source): Scanned {
  const lexed = lexer.tokenize(source.text);
  const strays = new Set(lexed.errors.map((error) => error.line ?? 0));
  const plain = removeForeignComments(source, lexed.tokens, strays);
  const isCode = (offset: number): boolean => !plain.commented.some((span) => covers(span, offset));
  const errors = lexed.errors.filter((error) => isCode(error.offset));
  const literals = mendLiterals(source, fillStrays(plain.tokens, errors));
  const ours = rewritePython(source, literals.tokens);
  const shallow = limitNesting(source, ours.tokens);
  const marked = mark(source, shallow.tokens);
  const filled = fillGaps(source, marked);
  return {
    tokens: filled.tokens,
    starts: marked.starts,
    damage: [...marked.damage, ...filled.damage],
    docs: docs(source, lexed.groups['comments'] ?? []),
    strayLines: new Set([...errors.map((error) => error.line ?? 0), ...literals.openLines]),
    diagnostics: [
      ...errors.map((error) => reportStray(source, error)),
      ...plain.diagnostics,
      ...literals.diagnostics,
      ...ours.diagnostics,
      ...shallow.diagnostics,
      ...filled.diagnostics,
    ],
    rough: marked.diagnostics,
  };
}

function covers(span: Span, offset: number): boolean {
  return span.start <= offset && offset < span.end;
}

function reportStray(source: Source, error: ILexingError): Diagnostic {
  const span = { start: error.offset, end: error.offset + error.length };
  const text = excerpt(source.text, span, 20);
  return report('NN0001', { text }, { file: source.name, span });
}

/** A missing expression where characters without meaning stand in the place of an operand. */
function fillStrays(tokens: readonly IToken[], errors: readonly ILexingError[]): readonly IToken[] {
  const filled: IToken[] = [];
  let next = 0;
  for (const token of tokens) {
    for (; (errors[next]?.offset ?? Number.POSITIVE_INFINITY) < token.startOffset; next++) {
      const line = errors[next]?.line;
      const operandBefore = endsExpression(filled.at(-1));
      const operandAfter = startsExpression(token) && lineOf(token) === line;
      if (!operandBefore && !operandAfter) filled.push(emptyToken(T.Hole, token));
    }
    filled.push(token);
  }
  return filled;
}

/** Reports literals and signs of other languages, and reads them as what they must mean. */
function mendLiterals(
  source: Source,
  tokens: readonly IToken[],
): {
  readonly tokens: readonly IToken[];
  readonly openLines: readonly number[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const openLines: number[] = [];
  const mended = tokens.map((token, i) => {
    const span = spanOf(token);
    const place = { file: source.name, span };
    const text = token.image;
    if (is(token, T.OpenText)) {
      openLines.push(lineOf(token));
      diagnostics.push(report('NN0002', {}, place));
    } else if (is(token, T.BareFloat)) {
      const instead = text.startsWith('.') ? `0${text}` : text.replace('.', '.0');
      const fix = { span, text: instead };
      diagnostics.push(report('NN0003', { text, instead }, { ...place, fix }));
      // `x.5` is no number at all, and two expressions side by side.
      if (text.startsWith('.') && endsExpression(tokens[i - 1])) openLines.push(lineOf(token));
    } else if (is(token, T.QuotedText)) {
      const quote = text.charAt(0);
      const fix = { span, text: `"${text.slice(1, -1).replaceAll('"', '\\"')}"` };
      diagnostics.push(report('NN0001', { text: quote }, { ...place, fix }));
    } else if (is(token, T.ForeignSign)) {
      diagnostics.push(report('NN0001', { text }, place));
      return retag(token, foreignSigns[text] ?? T.Or);
    }
    return token;
  });
  return { tokens: mended, openLines, diagnostics };
}

const foreignSigns: Readonly<Record<string, (typeof T)['And']>> = {
  '&': T.And,
  '&&': T.And,
  '|': T.Or,
  '||': T.Or,
  '!': T.Not,
  '^': T.StarStar,
};

/** `## ...` alone on its line. */
function docs(source: Source, comments: readonly IToken[]): ReadonlyMap<number, string> {
  const lines = new Map<number, string>();
  for (const comment of comments) {
    const match = /^##(?!#) ?(.*)$/.exec(comment.image);
    const start = comment.startOffset - (comment.startColumn ?? 1) + 1;
    const alone = source.text.slice(start, comment.startOffset).trim() === '';
    if (match !== null && alone) lines.set(lineOf(comment), match[1] ?? '');
  }
  return lines;
}
