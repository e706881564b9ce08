/** The prelude with its comments, for whoever shows them; what compiles has no use for them. */
import { documentedSources } from '../std/documented.ts';
import { type ParsedSource, parsePrelude } from './prelude.ts';

export const documentedPrelude: readonly ParsedSource[] = parsePrelude(documentedSources);
