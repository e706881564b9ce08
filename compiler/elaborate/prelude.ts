/** The prelude as syntax trees. Its text lies in `compiler/std/` and is embedded by a script. */
import type { File } from '../../grammar/ast.ts';
import { parse } from '../../grammar/parse.ts';
import type { Source } from '../../grammar/source.ts';
import { InternalError } from '../internal-error.ts';
import { stdSources } from '../std/embedded.ts';

export interface ParsedSource {
  readonly source: Source;
  readonly file: File;
}

/** Throws InternalError for what does not parse. */
export function parsePrelude(sources: readonly Source[]): readonly ParsedSource[] {
  return sources.map((source) => {
    const { file, diagnostics } = parse(source);
    const [first] = diagnostics;
    if (first !== undefined)
      throw new InternalError('prelude', `${source.name}:${first.span.start}: ${first.message}`);
    return { source, file };
  });
}

/** Parsed once; nothing changes it. Without comments: `documentedPrelude` has them. */
export const prelude: readonly ParsedSource[] = parsePrelude(stdSources);
