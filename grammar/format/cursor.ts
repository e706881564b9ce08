/**
 * The tokens of a text in order, with the comments around them, as they are handed out while the
 * tree is printed: what is printed is the text's own words, so none can be lost.
 */
import type { IToken } from 'chevrotain';
import { lex } from '../scan/scan.ts';
import { endLineOf, lineOf } from '../scan/token-stream.ts';
import { type Doc, fresh, suffix } from './doc.ts';

/** A comment with a line of its own. */
export interface OwnComment {
  readonly text: string;
  /** An empty line stands before it. */
  readonly blank: boolean;
}

interface Word {
  readonly text: string;
  /** Comments on lines of their own before it. */
  readonly leading: readonly OwnComment[];
  /** The comment behind it on its line. */
  readonly trailing?: string;
  /** An empty line stands before it, behind its comments. */
  readonly blank: boolean;
  readonly line: number;
}

export interface Cursor {
  /** The next token with its comments. */
  take(): Doc;
  /** The comments of the next token, without the token. */
  skip(): Doc;
  /** The text of the next token, empty at the end. */
  peek(): string;
  /** Takes the comments before the next token. */
  leading(): readonly OwnComment[];
  /** Whether comments stand before the next token. */
  isCommented(): boolean;
  /** Whether an empty line stands before the next token, or before the comments above it. */
  isSpaced(): boolean;
  /** The same for the token itself. */
  isSpacedBelowComments(): boolean;
  /** Whether the token after the next one stands on another line. */
  breaksBehind(): boolean;
}

export function createCursor(text: string): Cursor {
  const words = wordsOf(text);
  let index = 0;
  let taken = false;
  const end: Word = { text: '', leading: [], blank: false, line: 0 };
  const next = (): Word => words[index] ?? end;
  const leading = (): readonly OwnComment[] => {
    const comments = taken ? [] : next().leading;
    taken = true;
    return comments;
  };
  const advance = (show: boolean): Doc => {
    const comments = ownLines(leading());
    const word = next();
    index++;
    taken = false;
    const trailing = word.trailing === undefined ? '' : suffix(word.trailing);
    return [comments, show ? word.text : '', trailing];
  };
  return {
    take: () => advance(true),
    skip: () => advance(false),
    peek: () => next().text,
    leading,
    isCommented: () => !taken && next().leading.length > 0,
    isSpaced: () => (next().leading[0] ?? next()).blank,
    isSpacedBelowComments: () => next().blank,
    breaksBehind: () => next().line !== (words[index + 1]?.line ?? 0),
  };
}

/** Comments before something that goes on below them. */
function ownLines(comments: readonly OwnComment[]): Doc {
  if (comments.length === 0) return '';
  return [comments.map(({ text }): Doc => [fresh, text]), fresh];
}

function wordsOf(text: string): readonly Word[] {
  const { tokens, comments } = lex(text);
  const words: Word[] = [];
  let nextComment = 0;
  let line = 0;
  const spaced = (token: IToken): boolean => line > 0 && lineOf(token) > line + 1;
  for (const token of [...tokens, undefined]) {
    const leading: OwnComment[] = [];
    for (; nextComment < comments.length; nextComment++) {
      const comment = comments[nextComment];
      if (comment === undefined) break;
      if (token !== undefined && comment.startOffset > token.startOffset) break;
      const before = words.at(-1);
      const image = comment.image.trimEnd();
      const behind = before !== undefined && leading.length === 0 && lineOf(comment) === line;
      if (behind) words.splice(-1, 1, { ...before, trailing: image });
      else leading.push({ text: image, blank: spaced(comment) });
      line = lineOf(comment);
    }
    const blank = token !== undefined && spaced(token);
    line = token === undefined ? line : endLineOf(token);
    words.push({ text: token?.image ?? '', leading, blank, line });
  }
  return words;
}
