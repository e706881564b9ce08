/** What is known of a model to the type checker, and the types that follow from it. All of it degrades to plain names. */

import type { AnyColumn, AnyDataset, DataSplits } from '../../data/index.ts';
import type { TensorValues } from '../../train/index.ts';
import type { Dataset } from '../data/dataset.ts';
import type { TableRow } from '../data/rows-of.ts';
import type { InputValues } from '../data/values.ts';
import type { ModelShape } from '../model-shape.ts';

export type { ModelShape, TensorValues };

/** All rows of each input. */
export type Columns<S extends ModelShape> = {
  readonly [Name in keyof S['inputs']]: InputValues<S['inputs'][Name]>;
};

/** One row: a number for an input of one number a row. */
export type Row<S extends ModelShape> = {
  readonly [Name in keyof S['inputs']]: number | boolean | InputValues<S['inputs'][Name]>;
};

/** Rows, batches as columns, or batches as lists of rows, one after the other. */
type Elements<R, C> = Iterable<R | C | readonly R[]> | AsyncIterable<R | C | readonly R[]>;

type Given<R, C> = C | readonly R[] | Elements<R, C> | Dataset<R | C | readonly R[]> | AnyDataset;

/** What a model is trained on and measured with. Of a data set with test rows, those to train on are taken. */
export type Data<S extends ModelShape> =
  | Given<Row<S> | TableRow, Columns<S>>
  | DataSplits<AnyColumn>;

/** What is predicted from: inputs that no output needs may be left out. */
export type PredictData<S extends ModelShape> =
  | Given<Partial<Row<S>> | TableRow, Partial<Columns<S>>>
  | DataSplits<AnyColumn>;

/** Rows of one step: columns, or a list of rows. */
export type Batch<S extends ModelShape> = Columns<S> | readonly (Row<S> | TableRow)[];

/**
 * By loss and metric. What an optimizer trains has a `loss`; only where several `train` sections minimise losses of their own
 * (or a model descends by hand) there is none, and the values have the names that were given.
 */
export type Values<S extends ModelShape = ModelShape> = Readonly<Record<S['metrics'], number>> & {
  readonly loss: number;
};

/** By output. */
export type Predictions<S extends ModelShape> = Readonly<Record<S['outputs'], TensorValues>>;
