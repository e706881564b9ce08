/**
 * What the functions of this folder share while they turn the concrete tree of one text into its
 * AST: the text, the diagnostics found on the way, and safe reading of a tree that recovery may have
 * left incomplete.
 */
import type { CstNode, IToken } from 'chevrotain';
import type { Body, Expr, Name, Span } from '../ast.ts';
import { type Code, type Params, type Place, report } from '../catalogue/index.ts';
import type { ExpressionCstNode, StatementsCstNode } from '../cst.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { endOf, lineOf, spanOf } from '../scan/token-stream.ts';
import { excerpt, type Source } from '../source.ts';

export interface Build {
  readonly source: Source;
  /** The text of `## ...` by its line. */
  readonly docs: ReadonlyMap<number, string>;
  /** Offsets of syntax errors: the smallest expression around one is replaced by a missing one. */
  readonly damage: ReadonlySet<number>;
  /** How the text goes on at an offset, for "found ...". */
  readonly found: (offset: number) => string;
  readonly diagnostics: Diagnostic[];
  /** Those that say where sense was lost rather than what is wrong (`one-per-cause.ts`). */
  readonly rough: Diagnostic[];
  /** The two ways round from the small rules to the large ones, here so that no files form a ring. */
  readonly expression: ToExpression;
  readonly statements: (node: StatementsCstNode) => Body;
}

/**
 * `at` is where a missing expression would stand. `position` says whether the head of a pipe is a
 * stage itself (in a block and in the bare chain), and so may be named with `as`.
 */
export type ToExpression = (
  node: ExpressionCstNode | undefined,
  at: number,
  position?: 'value' | 'stage',
) => Expr;

export function first<T>(nodes: readonly T[] | undefined): T | undefined {
  return nodes?.[0];
}

export function all<T>(nodes: readonly T[] | undefined): readonly T[] {
  return nodes ?? [];
}

/** Reports at a span of this text. */
export function complain<C extends Code>(
  build: Build,
  code: C,
  params: Params<C>,
  span: Span,
  rest: Omit<Place, 'file' | 'span'> = {},
): void {
  build.diagnostics.push(report(code, params, { file: build.source.name, span, ...rest }));
}

/** The user's own words at a span. */
export function words(build: Build, span: Span): string {
  return excerpt(build.source.text, span);
}

/** The span of a node; empty and at `at` for one that has no token. */
export function nodeSpan(node: CstNode, at: number): Span {
  const start = node.location?.startOffset ?? Number.NaN;
  const end = (node.location?.endOffset ?? Number.NaN) + 1;
  // Where recovery broke off, chevrotain leaves NaN or -1.
  const known = start >= 0 && end >= start;
  return known ? { start, end } : (tokensSpan(node) ?? { start: at, end: at });
}

function tokensSpan(node: CstNode): Span | undefined {
  const spans = Object.values(node.children)
    .flat()
    .map((child) => ('children' in child ? tokensSpan(child) : spanOf(child)))
    .filter((span) => span !== undefined && span.end > span.start);
  return spans.reduce<Span | undefined>(
    (whole, span) => (whole === undefined || span === undefined ? span : cover(whole, span)),
    undefined,
  );
}

export function cover(first: Span, last: Span): Span {
  return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}

/** A missing expression; the parser or its caller has reported why. */
export function missing(span: Span | number): Expr {
  return typeof span === 'number'
    ? { kind: 'missing', span: { start: span, end: span } }
    : { kind: 'missing', span };
}

/**
 * `expr`, or a missing one where a syntax error lies inside it but in none of its `parts`, which
 * have dealt with theirs. So nothing is concluded from half an expression.
 */
export function intact(
  build: Build,
  expr: Expr,
  parts: readonly { readonly span: Span }[] = [],
): Expr {
  for (const offset of build.damage) {
    if (contains(expr.span, offset) && !parts.some((part) => contains(part.span, offset))) {
      return missing(expr.span);
    }
  }
  return expr;
}

function contains(span: Span, offset: number): boolean {
  return span.start <= offset && offset < span.end;
}

export function nameOf(token: IToken): Name {
  return { text: token.image, span: spanOf(token) };
}

/** The offset behind a token, or `at` where recovery left none. */
export function after(token: IToken | undefined, at: number): number {
  return token === undefined ? at : endOf(token);
}

function startsLine(text: string, token: IToken): boolean {
  const start = token.startOffset - (token.startColumn ?? 1) + 1;
  return text.slice(start, token.startOffset).trim() === '';
}

/** The `## ...` lines directly above a declaration, of which `token` is the first. */
export function docAbove(build: Build, token: IToken | undefined): { readonly doc?: string } {
  if (token === undefined || !startsLine(build.source.text, token)) return {};
  const lines: string[] = [];
  for (let line = lineOf(token) - 1; build.docs.has(line); line--) {
    lines.unshift(build.docs.get(line) ?? '');
  }
  return lines.length === 0 ? {} : { doc: lines.join('\n') };
}
