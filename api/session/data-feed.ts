/** Tables bound to the inputs that programs of a kind read, checked as the command checks them. */
import { bindColumns } from '../../compiler/elaborate/bind-columns.ts';
import type { Model } from '../../compiler/model.ts';
import type { ProgramKind } from '../../compiler/programs.ts';
import { type Diagnostic, nearest, renderFirst, type SourceLookup } from '../../grammar/index.ts';
import { checkRanges, createFeed, type Feed, neededInputs, noData } from '../../train/index.ts';
import type { NamedTable } from '../data/source.ts';
import { UsageError } from '../usage-error.ts';

/** The data do not fit the model (NN0504), or have numbers that it has no classes or rows for (NN0505). */
export class DataMismatchError extends Error {
  override readonly name = 'DataMismatchError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], sources: SourceLookup) {
    super(renderFirst(diagnostics, sources));
    this.diagnostics = diagnostics;
    Object.defineProperty(this, 'diagnostics', { enumerable: false });
  }
}

/** Where a model was written, for messages that point into it. */
export interface ModelPlace {
  /** The name of its text, among `sources`. */
  readonly file: string;
  readonly sources: SourceLookup;
}

/** Throws DataMismatchError, DataError and UsageError. */
export async function feedOf(
  model: Model,
  kind: ProgramKind,
  { table, names, firstRow }: NamedTable,
  place: ModelPlace,
): Promise<Feed> {
  const inputs = neededInputs(model, kind);
  if (inputs.length === 0) return noData;
  if (names !== undefined) {
    const missing = inputs.find((input) => table.columns.every(({ name }) => name !== input.name));
    if (missing !== undefined) throw missingInput(missing.name, kind, table.name, names);
  }
  const [first] = inputs;
  const { mapping, diagnostic } = bindColumns(inputs, table.columns, {
    ...(names !== undefined || model.train.columns === undefined
      ? {}
      : { map: model.train.columns }),
    data: table.name,
    place: { file: place.file, span: first?.span ?? { start: 0, end: 0 } },
  });
  if (diagnostic !== undefined)
    throw new DataMismatchError(
      [names === undefined ? diagnostic : byName(diagnostic)],
      place.sources,
    );
  const feed = createFeed(inputs, table, mapping ?? {}, firstRow);
  const outside = await checkRanges(inputs, feed, place.file);
  if (outside.length > 0) throw new DataMismatchError(outside, place.sources);
  return feed;
}

const purposes: Readonly<Record<ProgramKind, string>> = {
  train: 'training',
  eval: 'an evaluation',
  predict: 'a prediction',
};

function missingInput(
  name: string,
  kind: ProgramKind,
  data: string,
  names: readonly string[],
): UsageError {
  const near = nearest(name, names);
  return new UsageError(
    `${data}: there is no \`${name}\`, which ${purposes[kind]} needs; there are ${names.join(', ')}`,
    near === undefined ? `give \`${name}\` as well` : `did you mean \`${name}\` by \`${near}\`?`,
  );
}

/** `columns:` is for files, whose columns have names of their own. */
const byName = ({ fix: _, ...diagnostic }: Diagnostic): Diagnostic => ({
  ...diagnostic,
  message: diagnostic.message.replace('the columns of', 'the values of'),
  help: 'give each input rows of its own shape and kind of number',
});
