/**
 * Rows of a data set as the inputs of a model want them: one column for each input, in the input's
 * own element type. Batches are gathered from a feed; its row shapes decide every size but the batch's.
 */
import { reachable } from '../compiler/graph/walk.ts';
import type { Model, ModelInput } from '../compiler/model.ts';
import { type ProgramKind, programResults } from '../compiler/programs.ts';
import { type Column, DataError, type Dataset, rowElements } from '../data/index.ts';
import { convertColumn, type FeedValues } from './convert-column.ts';
import { leadingSymbol, solveSizes } from './sizes.ts';

export interface Feed {
  /** The data set's name, for messages. */
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly FeedColumn[];
  /** The symbol of the inputs' leading axis (`batch`); absent where no data are needed. */
  readonly symbol?: string;
  /** The other symbols, as the rows' shapes decide them. */
  readonly sizes: Readonly<Record<string, number>>;
}

export interface FeedColumn {
  readonly input: string;
  /** The column's name in the data set. */
  readonly column: string;
  /** Elements in a row. */
  readonly elements: number;
  readonly values: FeedValues;
}

/** What a program without data inputs is fed: one row of nothing a step. */
export const noData: Feed = { name: 'no data', rows: 1, columns: [], sizes: {} };

/**
 * Binds columns to inputs; `columnOf` names the column of every input. Throws DataError where a
 * column is missing, has other sizes than its input, or values that the input's type cannot hold.
 */
export function createFeed(
  inputs: readonly ModelInput[],
  dataset: Dataset,
  columnOf: Readonly<Record<string, string>>,
): Feed {
  if (inputs.length === 0) return noData;
  const columns = new Map(
    inputs.map((input) => [input, findColumn(dataset, columnOf[input.name] ?? input.name)]),
  );
  const symbol = leadingSymbol(inputs, dataset.name);
  const sizes = solveSizes(inputs, (input) => columns.get(input)?.rowShape ?? [], dataset.name);
  return {
    name: dataset.name,
    rows: dataset.rows,
    columns: [...columns].map(([input, column]) => ({
      input: input.name,
      column: column.name,
      elements: rowElements(column),
      values: convertColumn(column, input, dataset.name),
    })),
    symbol,
    sizes,
  };
}

/** The data inputs that the programs of a kind read. */
export function neededInputs(model: Model, kind: ProgramKind): readonly ModelInput[] {
  const nodes = new Set(reachable(programResults(model, kind).map((result) => result.node)));
  return model.inputs.filter((input) => nodes.has(input.node));
}

function findColumn(dataset: Dataset, name: string): Column {
  const column = dataset.columns.find((one) => one.name === name);
  if (column !== undefined) return column;
  const known = dataset.columns.map((one) => one.name).join(', ');
  throw new DataError(dataset.name, `there is no column \`${name}\`; there are ${known}`);
}
