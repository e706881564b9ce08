/** Numbers and strings as values; the faults inside a string are found here. */
import type { IToken } from 'chevrotain';
import type { Expr } from '../ast.ts';
import { is, spanOf } from '../scan/token-stream.ts';
import * as T from '../tokens.ts';
import { type Build, complain } from './build.ts';

export function numberLiteral(token: IToken): Expr {
  const text = token.image;
  const value = Number(text.replaceAll('_', ''));
  return { kind: 'number', value, integer: is(token, T.Integer), text, span: spanOf(token) };
}

export function stringLiteral(build: Build, token: IToken): Expr {
  return { kind: 'string', value: stringValue(build, token), span: spanOf(token) };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\' };

/** The text between the quotes with its escapes replaced; an unknown escape stays as it is. */
export function stringValue(build: Build, token: IToken): string {
  const open = is(token, T.OpenText);
  const inside = token.image.slice(1, open ? undefined : -1);
  // In the quotes of other languages, which are reported already, a backslash is just that.
  if (is(token, T.QuotedText)) return inside;
  return inside.replace(/\\(?:u\{([0-9a-fA-F]{1,6})\}|([\s\S])|$)/g, (whole, hex, char, at) => {
    if (hex !== undefined) {
      const code = Number.parseInt(hex, 16);
      if (code <= 0x10ffff) return String.fromCodePoint(code);
    }
    if (char !== undefined && Object.hasOwn(escapes, char)) return escapes[char] ?? whole;
    const start = token.startOffset + 1 + Number(at);
    if (!open) {
      const help = 'in a string these are known: \\n \\t \\" \\\\ \\u{3b2}';
      complain(build, 'NN0001', { text: whole }, { start, end: start + whole.length }, { help });
    }
    return whole;
  });
}
