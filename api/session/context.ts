/** What the parts of a session share. */
import type { Model } from '../../compiler/model.ts';
import type { ProgramKind } from '../../compiler/programs.ts';
import type { AnyDataset, ClassNames } from '../../data/index.ts';
import type { Feed } from '../../train/index.ts';
import type { Sizes } from '../data/column.ts';
import {
  type NamedTable,
  type Source,
  type StreamSource,
  sourceOf,
  tablesOf,
} from '../data/source.ts';
import type { Reading } from '../data/table.ts';
import type { SessionDevice } from '../devices.ts';
import { feedOf, type ModelPlace } from './data-feed.ts';
import type { Gate } from './gate.ts';
import type { Programs } from './programs.ts';
import type { Rates } from './rates.ts';

export interface Context {
  readonly programs: Programs;
  readonly on: SessionDevice;
  readonly gate: Gate;
  readonly rates: Rates;
  readonly place: ModelPlace;
  /** Sizes of rows that were given when the session was opened. */
  readonly sizes: Sizes;
  /** The session's own, where one was given. */
  readonly batch: number | undefined;
  /** What the session has behind it. */
  readonly done: { steps: number; epochs: number };
  /** How the data that were trained on number their classes, by column. */
  classes: ClassNames;
  /** Another program has run on the device since this was last set to false. */
  disturbed: boolean;
}

export const modelOf = ({ programs }: Context): Model => programs.model;

export function readingOf(context: Context, name: string): Reading {
  return { inputs: modelOf(context).inputs, sizes: context.sizes, name };
}

/** A model without inputs takes anything for its data: a step is a row of nothing. */
export function readData(context: Context, data: unknown, name: string): Source {
  if (modelOf(context).inputs.length === 0) return { kind: 'table', table: nothing };
  return sourceOf(data, readingOf(context, name));
}

export const nothing: AnyDataset = { name: 'no data', rows: 1, columns: [] };

export const tableFeed = (context: Context, kind: ProgramKind, source: NamedTable): Promise<Feed> =>
  feedOf(modelOf(context), kind, source, context.place);

/** A stream's batches for programs of a kind. */
export async function* streamFeeds(
  context: Context,
  kind: ProgramKind,
  source: StreamSource,
  epoch: number,
  batch: number,
): AsyncGenerator<Feed> {
  for await (const table of tablesOf(source, epoch, batch, readingOf(context, source.name)))
    yield await tableFeed(context, kind, table);
}
