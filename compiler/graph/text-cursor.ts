/** A place in a line of printed graph, for the parsers of sizes, attributes and nodes. */

/** The text is not a printed graph; says where and what was expected. */
export class GraphTextError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GraphTextError';
  }
}

export interface Cursor {
  readonly text: string;
  readonly line: number;
  at: number;
}

export const cursor = (text: string, line = 1): Cursor => ({ text, line, at: 0 });

export function fail(c: Cursor, expected: string): never {
  const found = c.text.slice(c.at).trim().slice(0, 20);
  throw new GraphTextError(
    `line ${c.line}, column ${c.at + 1}: expected ${expected}, found ${found === '' ? 'the end of the line' : `"${found}"`}`,
  );
}

const skipSpace = (c: Cursor): void => {
  while (c.text[c.at] === ' ') c.at++;
};

/** Takes a match of the pattern at this place (spaces skipped), or undefined. */
export function take(c: Cursor, pattern: RegExp): string | undefined {
  skipSpace(c);
  const sticky = new RegExp(pattern.source, 'y');
  sticky.lastIndex = c.at;
  const match = sticky.exec(c.text);
  if (match === null) return undefined;
  c.at += match[0].length;
  return match[0];
}

export function takeWord(c: Cursor, word: string): boolean {
  skipSpace(c);
  if (!c.text.startsWith(word, c.at)) return false;
  c.at += word.length;
  return true;
}

export function expectWord(c: Cursor, word: string): void {
  if (!takeWord(c, word)) fail(c, `"${word}"`);
}

export function atEnd(c: Cursor): boolean {
  skipSpace(c);
  return c.at >= c.text.length;
}
