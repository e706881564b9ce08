/** What stands between brackets: on one line, or each part on a line of its own. */
import type { Cursor, OwnComment } from './cursor.ts';
import { type Doc, fresh, group, hardLine, ifBroken, indent, line, softLine } from './doc.ts';

/** `(a, b)`: a comma behind the last part where the brackets break, if `trailing` ones are allowed. */
export function commaList<T>(
  at: Cursor,
  items: readonly T[],
  print: (item: T) => Doc,
  { trailing = true, hugs = () => false }: ListOptions<T> = {},
): Doc {
  const [only] = items;
  const hugged = items.length === 1 && only !== undefined && hugs(only);
  const open = at.take();
  const isBare = !at.isCommented();
  const parts = items.map((item, i) => {
    const blank = i > 0 && at.isSpaced();
    const doc = print(item);
    const isLast = i === items.length - 1;
    return { doc: [doc, isLast ? skipComma(at) : at.take()], blank };
  });
  // Without line breaks around it: `f([` and `])` stay together.
  if (hugged && isBare && !at.isCommented()) return [open, parts.map(({ doc }) => doc), at.take()];
  const dangling = hanging(at.leading());
  if (parts.length === 0 && dangling.length === 0) return [open, at.take()];
  const inside = parts.map(({ doc, blank }, i) => [i === 0 ? softLine() : line(blank), doc]);
  const comma = trailing && parts.length > 0 ? ifBroken(',') : '';
  return group([open, indent([inside, comma, dangling]), softLine(), at.take()]);
}

export interface ListOptions<T> {
  readonly trailing?: boolean;
  /** A part that has brackets of its own, which may break instead of these if it stands alone. */
  readonly hugs?: (item: T) => boolean;
}

function skipComma(at: Cursor): Doc {
  return at.peek() === ',' ? at.skip() : '';
}

/** Comments behind the last part, before what closes it. */
export function hanging(comments: readonly OwnComment[]): readonly Doc[] {
  return comments.map(({ text }) => [fresh, text]);
}

/** Statements, each with the comments above it; empty lines are kept, but never two of them. */
export function lines<T>(at: Cursor, items: readonly T[], print: (item: T) => Doc): readonly Doc[] {
  const docs: Doc[] = [];
  for (const item of items) {
    pushComments(docs, at.leading());
    const blank = docs.length > 0 && at.isSpacedBelowComments();
    docs.push([separator(docs, blank), print(item)]);
  }
  pushComments(docs, at.leading());
  return docs;
}

function pushComments(docs: Doc[], comments: readonly OwnComment[]): void {
  for (const { text, blank } of comments) docs.push([separator(docs, blank), text]);
}

function separator(docs: readonly Doc[], blank: boolean): Doc {
  return docs.length === 0 ? '' : hardLine(blank);
}
