/** A table of expected sentences: one case a code, so that a new code without one does not compile. */
import type { Code, Params } from '../../../grammar/catalogue/index.ts';

export type Samples<Codes extends Code> = {
  readonly [C in Codes]: readonly [Params<C>, message: string, help?: string];
};
