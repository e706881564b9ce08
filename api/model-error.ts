/** What a mistake in building a graph throws: the same diagnostics that a file gets, as one message. */
import { type Diagnostic, renderFirst, type Source } from '../grammar/index.ts';
import { inTypeScript } from './in-typescript.ts';

/** A mistake in a model: its message is what `nnc check` prints, `diagnostics` the same as data. */
export class ModelError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  /** The texts that they point into. */
  readonly sources: readonly Source[];

  /** `sources` are those that the diagnostics name. */
  constructor(diagnostics: readonly Diagnostic[], sources: Iterable<Source>) {
    const texts = [...sources];
    const byName = new Map(texts.map((source) => [source.name, source]));
    const said = inTypeScript(diagnostics, texts);
    super(`\n${renderFirst(said, (name) => byName.get(name))}`);
    this.name = 'ModelError';
    this.diagnostics = said;
    this.sources = texts;
    // What ends a program is printed with all that can be listed, and whole texts would bury the message.
    Object.defineProperty(this, 'diagnostics', { enumerable: false });
    Object.defineProperty(this, 'sources', { enumerable: false });
  }
}
