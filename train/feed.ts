/**
 * Rows of a data set as the inputs of a model want them: one column for each input, in the input's
 * own element type. Batches are gathered from a feed; its row shapes decide every size but the batch's.
 */
import { reachable } from '../compiler/graph/walk.ts';
import type { ColumnChoice, Model, ModelInput } from '../compiler/model.ts';
import { type ProgramKind, programResults } from '../compiler/programs.ts';
import {
  type AnyColumn,
  type AnyDataset,
  DataError,
  isStored,
  rowElements,
  stackColumns,
} from '../data/index.ts';
import { convertColumn } from './convert-column.ts';
import type { ElementArray } from './element-arrays.ts';
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
  /** The number of the first row in messages, where these are a part of more; else 0. */
  readonly firstRow?: number;
}

interface FedColumn {
  readonly input: string;
  /** The column's name in the data set; `c0, c1, c2` for several. */
  readonly column: string;
  /** Elements in a row. */
  readonly elements: number;
}

/** All rows, in memory. */
export interface ResidentFeedColumn extends FedColumn {
  readonly values: ElementArray;
}

/** Rows that stay in their file. */
export interface StoredFeedColumn extends FedColumn {
  readonly values?: undefined;
  /** Tells its rows from those of other files. */
  readonly mark: string;
  /** The rows of these numbers, in this order. Throws DataError for values that the input cannot take. */
  read(rows: Uint32Array): Promise<ElementArray>;
}

export type FeedColumn = ResidentFeedColumn | StoredFeedColumn;

/** What a program without data inputs is fed: one row of nothing a step. */
export const noData: Feed = { name: 'no data', rows: 1, columns: [], sizes: {} };

/**
 * Binds columns to inputs; `columnOf` names the column or columns of every input, `firstRow` is the number of the first row in
 * messages. Throws DataError where
 * a column is missing, has other sizes than its input, or values that the input's type cannot hold.
 */
export function createFeed(
  inputs: readonly ModelInput[],
  dataset: AnyDataset,
  columnOf: ColumnChoice,
  firstRow = 0,
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
    columns: [...columns].map(([input, column]) =>
      fedColumn(input, column, dataset.name, firstRow),
    ),
    symbol,
    sizes,
    ...(firstRow === 0 ? {} : { firstRow }),
  };
}

function fedColumn(
  input: ModelInput,
  column: AnyColumn,
  data: string,
  firstRow: number,
): FeedColumn {
  const fed: FedColumn = { input: input.name, column: column.name, elements: rowElements(column) };
  if (!isStored(column)) {
    const { values } = column;
    return {
      ...fed,
      values: convertColumn({ column, values, rowNumber: (row) => firstRow + row }, input, data),
    };
  }
  return {
    ...fed,
    mark: column.stored.mark,
    async read(rows) {
      const values = await column.stored.read(rows);
      return convertColumn({ column, values, rowNumber: (at) => rows[at] ?? 0 }, input, data);
    },
  };
}

/** The data inputs that the programs of a kind read. */
export function neededInputs(model: Model, kind: ProgramKind): readonly ModelInput[] {
  const nodes = new Set(reachable(programResults(model, kind).map((result) => result.node)));
  return model.inputs.filter((input) => nodes.has(input.node));
}

function findColumn(dataset: AnyDataset, name: string | readonly string[]): AnyColumn {
  if (typeof name !== 'string') return stackColumns(dataset, name.join(', '), name);
  const column = dataset.columns.find((one) => one.name === name);
  if (column !== undefined) return column;
  const known = dataset.columns.map((one) => one.name).join(', ');
  throw new DataError(dataset.name, `there is no column \`${name}\`; there are ${known}`);
}
