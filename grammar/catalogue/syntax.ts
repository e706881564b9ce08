/**
 * Syntax (NN00xx characters and literals, NN01xx statements and expressions). The parser reports
 * all of them but NN0108, which needs a signature, and NN0190, which the elaborator reports.
 */
import { didYouMean, error, type Sentences } from './entry.ts';

export const syntax = {
  NN0001: (p: { text: string }): Sentences =>
    error(`\`${p.text}\` has no meaning here`, otherSpellings[p.text] ?? strayHelp(p.text)),
  NN0002: (): Sentences =>
    error(
      'this string is not closed on its line',
      'end it with `"`; a line break inside a string is written `\\n`',
    ),
  /** `instead`: "5.0". */
  NN0003: (p: { text: string; instead: string }): Sentences =>
    error(`\`${p.text}\` lacks a digit beside its point`, `write \`${p.instead}\``),
  /** `text`: the slashes alone, `//` or `/*`. */
  NN0004: (p: { text: '//' | '/*' }): Sentences =>
    p.text === '//'
      ? error('`//` divides; comments start with `#`', 'write `#` in its place')
      : error(
          '`/* */` is no comment here; comments start with `#`',
          'start each line of it with `#`',
        ),
  /** `expected`: "an expression after `|>`"; `found`: "`let`", "the end of the file". */
  NN0101: (p: { expected: string; found: string; help?: string | undefined }): Sentences =>
    error(`expected ${p.expected}, found ${p.found}`, p.help),
  /** `needs`: "a `param` needs its initial value"; `example`: the statement with a value. */
  NN0102: (p: { needs: string; example: string }): Sentences =>
    error(`${p.needs}: \`${p.example}\``, `write \`${p.example}\``),
  /** `instead`: "a < b and b < c". */
  NN0103: (p: { instead: string }): Sentences =>
    error('comparisons do not chain', `write \`${p.instead}\``),
  /** `pipe`: "x |> f", `op` and `operand`: "+ y", each as the user wrote it. */
  NN0104: (p: { pipe: string; op: string; operand: string }): Sentences =>
    error(
      `an operator cannot follow a stage: \`${p.pipe} ${p.op} ${p.operand}\``,
      `write \`(${p.pipe}) ${p.op} ${p.operand}\`, or go on with a block: \`${p.pipe} |> { _ ${p.op} ${p.operand} }\``,
    ),
  NN0105: (p: { name: string; instead: string }): Sentences =>
    error(`WebGPU has no 64-bit numbers, so there is no \`${p.name}\``, `use \`${p.instead}\``),
  NN0106: (p: { name: string; suggestion?: string | undefined }): Sentences =>
    error(
      `unknown type \`${p.name}\``,
      didYouMean(p.suggestion) ?? 'number types are f32 f16 i32 u32 bool u8 i8 u16 i16 bf16',
    ),
  /** `found`: "def"; `instead`: the whole help, naming the .nn spelling. */
  NN0107: (p: { found: string; instead: string }): Sentences =>
    error(`\`${p.found}\` is Python`, p.instead),
  /** `instead`: "conv2d(32, 3, stride=2)". */
  NN0108: (p: { name: string; instead: string }): Sentences =>
    error(`\`${p.name}\` is optional, so name it: \`${p.instead}\``, `write \`${p.instead}\``),
  NN0109: (p: { name: string }): Sentences =>
    error(
      `is a \`|>\` missing before \`${p.name}\`?`,
      `write \`|> ${p.name}\`; a file has one bare chain, which stands before its statements`,
    ),
  NN0110: (p: { name: string }): Sentences =>
    error(
      `\`${p.name} = ...\` does not start with a keyword`,
      `did you mean \`let ${p.name} = ...\`?`,
    ),
  NN0111: (p: { limit: number }): Sentences =>
    error(`this is nested more than ${p.limit} deep`, 'give an inner part a name with `let`'),
  /** `what`: "`scan`", "a `vjp` with several inputs". */
  NN0190: (p: { what: string; help?: string | undefined }): Sentences =>
    error(
      `${p.what} is part of the language, but this version of nnc does not compile it yet`,
      p.help,
    ),
} as const;

/** What a stray character of another language is called here. */
const otherSpellings: Readonly<Record<string, string>> = {
  "'": 'strings stand in double quotes: `"mnist"`',
  '`': 'strings stand in double quotes: `"mnist"`',
  '\u201c': 'strings stand in straight quotes: `"mnist"`',
  '\u201d': 'strings stand in straight quotes: `"mnist"`',
  '\u2212': 'write `-`',
  '\u00d7': 'write `*`',
  '\u00b7': 'write `*`',
  '\u2264': 'write `<=`',
  '\u2265': 'write `>=`',
  '\u2260': 'write `!=`',
  '\u2192': 'the pipe is `|>`',
  '!': 'write `not`',
  '&': 'write `and`',
  '&&': 'write `and`',
  '|': 'write `or`; the pipe is `|>`',
  '||': 'write `or`',
  '^': 'a power is `x ** 2`',
};

function strayHelp(text: string): string {
  return /\p{L}/u.test(text)
    ? 'names are written with Latin or Greek letters, digits and `_`'
    : 'comments start with `#`';
}
