/**
 * Open brackets while the tokens are marked: what each holds, and closing them where the text forgot
 * to. Behind this every bracket has its partner, so that one forgotten closer is one report and not
 * the loss of the rest of the file.
 */
import type { IToken, TokenType } from 'chevrotain';
import { report } from '../catalogue/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Source } from '../source.ts';
import * as T from '../tokens.ts';
import { emptyToken, endOf, is, isOneOf, lineOf, spanOf } from './token-stream.ts';

/**
 * An open bracket, or the file itself. `file`: items; `body`: statements; `section`: keys and
 * values; the others hold an expression.
 */
export interface Frame {
  readonly kind: 'file' | 'body' | 'section' | 'block' | 'bracket';
  readonly opener?: IToken;
  /** What the next `{` here opens, if a declaration waits for its body. */
  header?: 'body' | 'section' | undefined;
}

/** What the marking pass has made so far. */
export interface Marking {
  readonly source: Source;
  readonly tokens: IToken[];
  readonly frames: Frame[];
  /** The kind of every `{`. */
  readonly braces: Map<IToken, Frame['kind']>;
  /** Offsets where items, statements and the entries of sections start. */
  readonly starts: number[];
  /** Offsets where something was put in or left out: what is built around them is not reliable. */
  readonly damage: number[];
  readonly diagnostics: Diagnostic[];
  /** Closers that were put in early, whose own may still come. */
  readonly owed: Map<TokenType, number>;
}

const closers = new Map([
  [T.LParen, T.RParen],
  [T.LBracket, T.RBracket],
  [T.LBrace, T.RBrace],
]);
const openers = new Map([...closers].map(([open, close]) => [close, open]));

export function topFrame(marking: Marking): Frame {
  return marking.frames.at(-1) ?? { kind: 'file' };
}

export function isCloser(token: IToken): boolean {
  return openers.has(token.tokenType);
}

/** Opens a frame for an opener that has just been marked. */
export function openFrame(marking: Marking, opener: IToken): void {
  const top = topFrame(marking);
  if (!is(opener, T.LBrace)) {
    marking.frames.push({ kind: 'bracket', opener });
    return;
  }
  const kind = top.header ?? 'block';
  top.header = undefined;
  marking.frames.push({ kind, opener });
  marking.braces.set(opener, kind);
}

/** Marks a closer, after those that are missing before it; leaves it out if nothing is open. */
export function closeFrame(marking: Marking, closer: IToken): void {
  const opener = openers.get(closer.tokenType);
  // A `)` never closes a body around it.
  const isBarrier = (frame: Frame): boolean =>
    frame.kind === 'file' ||
    (!is(closer, T.RBrace) && frame.kind !== 'bracket' && frame.kind !== 'block');
  for (let i = marking.frames.length - 1; i >= 0; i--) {
    const frame = marking.frames[i];
    if (frame === undefined || isBarrier(frame)) break;
    if (frame.opener?.tokenType !== opener) continue;
    closeDownTo(marking, i + 1, closer);
    marking.frames.pop();
    marking.tokens.push(closer);
    return;
  }
  marking.damage.push(closer.startOffset);
  const owed = marking.owed.get(closer.tokenType) ?? 0;
  marking.owed.set(closer.tokenType, Math.max(0, owed - 1));
  if (owed > 0) return;
  const help = `no \`${opener?.LABEL?.slice(1, -1) ?? ''}\` is open here`;
  const expected = 'an expression or the next statement';
  const place = { file: marking.source.name, span: spanOf(closer) };
  const params = { expected, found: `\`${closer.image}\``, help };
  marking.diagnostics.push(report('NN0101', params, place));
}

/** Closes frames until `depth` are left, in front of `found`; says so once, for the innermost. */
export function closeDownTo(marking: Marking, depth: number, found: IToken | undefined): void {
  let reported = false;
  while (marking.frames.length > depth) {
    const opener = marking.frames.pop()?.opener;
    const type = opener === undefined ? undefined : closers.get(opener.tokenType);
    if (opener === undefined || type === undefined) continue;
    if (!reported) marking.diagnostics.push(unclosed(marking.source, marking, opener, type, found));
    reported = true;
    marking.tokens.push(emptyToken(type, behind(marking.tokens, opener)));
    marking.damage.push(opener.startOffset);
    marking.owed.set(type, (marking.owed.get(type) ?? 0) + 1);
  }
}

function unclosed(
  source: Source,
  marking: Marking,
  opener: IToken,
  type: TokenType,
  found: IToken | undefined,
): Diagnostic {
  const last = marking.tokens.at(-1) ?? opener;
  const span = found === undefined ? { start: endOf(last), end: endOf(last) } : spanOf(found);
  const sameLine = found !== undefined && lineOf(found) === lineOf(opener);
  const closes = `${type.LABEL} to close the \`${opener.image}\` of line ${lineOf(opener)}`;
  const expected = sameLine ? `${type.LABEL}` : closes;
  const note = { message: 'opened here', file: source.name, span: spanOf(opener) };
  const text = found === undefined ? 'the end of the file' : `\`${found.image}\``;
  const params = { expected, found: text, help: `add the ${type.LABEL}` };
  const notes = sameLine && isOneOf(found, [T.RParen, T.RBracket, T.RBrace]) ? [] : [note];
  return report('NN0101', params, { file: source.name, span, notes });
}

/** A place of no width behind the last token, for what is put in there. */
function behind(tokens: readonly IToken[], opener: IToken): IToken {
  const last = tokens.at(-1) ?? opener;
  return { ...last, startOffset: endOf(last), startLine: last.endLine ?? lineOf(last) };
}
