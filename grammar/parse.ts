/** Text to AST: scanning, parsing, building the tree, and the choice of what is worth reporting. */
import type { IRecognitionException, IToken } from 'chevrotain';
import type { File } from './ast.ts';
import { report } from './catalogue/index.ts';
import type { FileCstNode } from './cst.ts';
import type { Diagnostic } from './diagnostic.ts';
import { onePerCause } from './one-per-cause.ts';
import { NnParser } from './parser/parser.ts';
import { nestingLimit } from './scan/nesting.ts';
import { type Scanned, scan } from './scan/scan.ts';
import type { Source } from './source.ts';
import { realToken, syntaxError } from './syntax-errors.ts';
import { toAst } from './to-ast/file.ts';

export interface Parsed {
  readonly file: File;
  /** Sorted by position. */
  readonly diagnostics: readonly Diagnostic[];
}

// Analysing the grammar takes 25 ms, and the parser keeps nothing from one text to the next.
const parser = new NnParser();

/**
 * Any text gives a tree: where it is faulty there are diagnostics, and `missing` expressions in the
 * tree. Never throws.
 */
export function parse(source: Source): Parsed {
  try {
    return parseScanned(source, scan(source));
  } catch (error) {
    // The limits on nesting leave out chains such as `if … else if …`, thousands of them long.
    if (!(error instanceof RangeError)) throw error;
    const file = emptyFile(source);
    const place = { file: source.name, span: file.span };
    return {
      file,
      diagnostics: [report('NN0111', { limit: nestingLimit }, place)],
    };
  }
}

function parseScanned(source: Source, scanned: Scanned): Parsed {
  const tokens = [...scanned.tokens];
  parser.input = tokens;
  // The rule's type says CstNode; `cst.ts`, generated from the same rules, says which.
  const tree = parser.file() as FileCstNode | undefined;
  const errors = independent(parser.errors, tokens);
  const mended = parser.mended;
  const diagnostics = [...scanned.diagnostics];
  const rough = [...scanned.rough];
  const file: File =
    tree === undefined
      ? emptyFile(source)
      : toAst(tree, {
          source,
          docs: scanned.docs,
          damage: new Set([
            ...scanned.damage,
            ...errors
              .filter((error) => !mended.has(error.token))
              .map((error) => error.token.startOffset),
          ]),
          found: (offset) => foundAt(tokens, offset),
          diagnostics,
          rough,
        });
  rough.push(...errors.map((error) => syntaxError(source, tokens, error)));
  return { file, diagnostics: onePerCause(source, scanned, diagnostics, rough) };
}

/** Of a text with more mistakes than the parser makes sense of. */
const emptyFile = ({ text }: Source): File => ({
  kind: 'file',
  items: [],
  span: { start: 0, end: text.length },
});

/** Without errors in what an earlier one made the parser skip. */
function independent(
  errors: readonly IRecognitionException[],
  tokens: readonly IToken[],
): readonly IRecognitionException[] {
  const skipped = new Set<IToken>();
  const places = new Set<IToken | undefined>();
  return errors.filter((error) => {
    const place = realToken(tokens, error.token);
    const follows = skipped.has(error.token) || places.has(place);
    for (const token of error.resyncedTokens) skipped.add(token);
    places.add(place);
    return !follows;
  });
}

function foundAt(tokens: readonly IToken[], offset: number): string {
  const token = tokens.find((other) => other.startOffset >= offset && other.image !== '');
  return token === undefined ? 'the end of the file' : `\`${token.image}\``;
}
