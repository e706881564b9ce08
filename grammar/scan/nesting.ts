/**
 * A limit on nesting (NN0111), so that no text, however odd, can exhaust the stack of the parser or
 * of a pass that walks the tree. What lies deeper is replaced by a missing expression.
 */
import type { IToken } from 'chevrotain';
import { report } from '../catalogue/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Source } from '../source.ts';
import * as T from '../tokens.ts';
import { closers, emptyToken, is, isOneOf, openers, spanOf } from './token-stream.ts';

/** Each of these in a row is a level of the tree. */
const prefixSigns = [T.Minus, T.Not, T.StarStar, T.Fn, T.If, T.Else];

/** Open brackets inside one another, or prefix operators in a row. */
export const nestingLimit = 64;

export function limitNesting(
  source: Source,
  tokens: readonly IToken[],
): { readonly tokens: readonly IToken[]; readonly diagnostics: readonly Diagnostic[] } {
  const kept: IToken[] = [];
  const diagnostics: Diagnostic[] = [];
  let depth = 0;
  let prefixes = 0;
  let reported = false;
  for (const token of tokens) {
    if (isOneOf(token, closers)) depth = Math.max(0, depth - 1);
    prefixes = isOneOf(token, prefixSigns) ? prefixes + 1 : 0;
    if (depth > nestingLimit || prefixes > nestingLimit) {
      if (!reported) {
        reported = true;
        const place = { file: source.name, span: spanOf(token) };
        diagnostics.push(report('NN0111', { limit: nestingLimit }, place));
        // Prefixes without number are left out; a bracket keeps a stand-in for what it holds.
        if (depth > nestingLimit) kept.push(emptyToken(T.Hole, token));
      }
    } else {
      reported = false;
      kept.push(token);
    }
    if (isOneOf(token, openers)) depth++;
    if (depth === 0 && is(token, T.Let)) reported = false;
  }
  return { tokens: kept, diagnostics };
}
