/** What a page says that a program prints, and whether it did. */
import type { Block } from './page.ts';

/**
 * The comments behind (or below) the calls of `console.log` in a block, as one text: `console.log(x); // 10`. Undefined where there
 * are none.
 */
export function shownInComments({ text }: Block): string | undefined {
  const found: string[] = [];
  let inCall = false;
  let below = false;
  for (const line of text.split('\n')) {
    const alone = /^\s*\/\/ ?(.*)$/.exec(line);
    if (below && alone !== null) {
      found.push(alone[1] ?? '');
      continue;
    }
    below = false;
    if (/\bconsole\.log\(/.test(line)) inCall = true;
    const ended = inCall ? /\);(?:\s*\/\/ ?(.*))?$/.exec(line) : null;
    if (ended === null) continue;
    inCall = false;
    if (ended[1] === undefined) below = true;
    else found.push(ended[1]);
  }
  return found.length === 0 ? undefined : found.join('\n');
}

/** Whether a text is what is shown. `…` stands for anything in a line and, alone in one, for any lines. */
export function isShown(shown: string, printed: string): boolean {
  const lines = trimmed(shown).split('\n');
  const pattern = lines.map((line, i) => {
    const last = i === lines.length - 1;
    if (line.trim() === '…') return last ? '[^]*' : '(?:.*\\n)*';
    const parts = line.trimEnd().split('…');
    const text = parts.map(escaped).join('.*?');
    return last ? text : `${text} *\\n`;
  });
  return new RegExp(`^${pattern.join('')}$`).test(trimmed(printed));
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

const trimmed = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/g, '');
