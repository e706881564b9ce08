/**
 * A small pipeline between rows and a model: `dataset(rows).map(…).shuffle(7).batch(32).prefetch(2)`. Each step makes a new
 * data set and reads nothing. Where rows can be reached by number (arrays, tables), shuffling is a permutation of all of
 * them; where they come one after the other, it is done in a buffer.
 */
import { epochOrder } from '../../data/index.ts';
import { UsageError } from '../usage-error.ts';
import { buffered, mapped, prefetched, shuffled } from './stages.ts';

/** Goes through all elements once, in the order of an epoch. */
export type Pass<T> = (epoch: number) => AsyncIterable<T>;

/** Elements that are reached by number. */
export interface Indexed<T> {
  readonly rows: number;
  at(index: number, epoch: number): T | Promise<T>;
}

/** Elements that are not used at once when they are shuffled without a number of rows to hold. */
const USUAL_BUFFER = 1024;

export class Dataset<T> implements AsyncIterable<T> {
  readonly #pass: Pass<T>;
  readonly #indexed: Indexed<T> | undefined;
  /** Whether it can be gone through once only. */
  readonly once: boolean;
  #passes = 0;

  /** Made by `dataset(...)`. */
  constructor(
    source: { readonly indexed: Indexed<T> } | { readonly pass: Pass<T>; readonly once: boolean },
  ) {
    const indexed = 'indexed' in source ? source.indexed : undefined;
    this.#indexed = indexed;
    this.once = 'once' in source && source.once;
    this.#pass = 'pass' in source ? source.pass : (epoch) => inOrder(source.indexed, epoch);
  }

  /** How many elements there are, where that is known. */
  get rows(): number | undefined {
    return this.#indexed?.rows;
  }

  /** The elements of an epoch, counted from 0: each has its own order after `shuffle`. */
  pass(epoch: number): AsyncIterable<T> {
    return this.#pass(epoch);
  }

  /** Every loop over the data set is an epoch of its own. */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.pass(this.#passes++)[Symbol.asyncIterator]();
  }

  /** Each element changed by a function, which may be asynchronous and is called anew in every epoch. */
  map<U>(change: (element: T) => U | Promise<U>): Dataset<U> {
    const indexed = this.#indexed;
    if (indexed === undefined) return this.#then((elements) => mapped(elements, change));
    return new Dataset({
      indexed: {
        rows: indexed.rows,
        at: async (index, epoch) => await change(await indexed.at(index, epoch)),
      },
    });
  }

  /** Only the elements for which the function says true. */
  filter(keep: (element: T) => boolean | Promise<boolean>): Dataset<T> {
    return this.#then(async function* kept(elements) {
      for await (const element of elements) if (await keep(element)) yield element;
    });
  }

  /**
   * Another order in every epoch, the same for the same seed. `buffer`: how many elements are held, where they cannot be
   * reached by number; an element moves about so far.
   */
  shuffle(seed = 0, buffer: number = USUAL_BUFFER): Dataset<T> {
    checkCount('shuffle', 'buffer', buffer, 1);
    const indexed = this.#indexed;
    if (indexed === undefined)
      return this.#then((elements, epoch) => shuffled(elements, buffer, { seed, epoch }));
    const orders = lastOf((epoch) => epochOrder(indexed.rows, { seed, epoch }));
    return new Dataset({
      indexed: {
        rows: indexed.rows,
        at: (index, epoch) => indexed.at(orders(epoch)(index), epoch),
      },
    });
  }

  /** Lists of `size` elements; the last one has what is left, unless `dropLast`. */
  batch(
    size: number,
    { dropLast = false }: { readonly dropLast?: boolean } = {},
  ): Dataset<readonly T[]> {
    checkCount('batch', 'size', size, 1);
    return this.#then((elements) => buffered(elements, size, dropLast));
  }

  /** Makes so many elements ready while those before them are used. */
  prefetch(count: number): Dataset<T> {
    checkCount('prefetch', 'count', count, 1);
    return this.#then((elements) => prefetched(elements, count));
  }

  /** The first ones. */
  take(count: number): Dataset<T> {
    checkCount('take', 'count', count, 0);
    const indexed = this.#indexed;
    if (indexed !== undefined) return this.#range(indexed, 0, Math.min(count, indexed.rows));
    return this.#then(async function* taken(elements) {
      let left = count;
      if (left === 0) return;
      for await (const element of elements) {
        yield element;
        left -= 1;
        if (left === 0) return;
      }
    });
  }

  /** All but the first ones. */
  skip(count: number): Dataset<T> {
    checkCount('skip', 'count', count, 0);
    const indexed = this.#indexed;
    if (indexed !== undefined)
      return this.#range(indexed, Math.min(count, indexed.rows), indexed.rows);
    return this.#then(async function* rest(elements) {
      let passed = 0;
      for await (const element of elements) if (passed++ >= count) yield element;
    });
  }

  /**
   * The last part set apart: `split(0.1)` has nine tenths in `train` and the rest in `validation`. Shuffle after it, not
   * before, so that no element is in both.
   */
  split(fraction: number): { readonly train: Dataset<T>; readonly validation: Dataset<T> } {
    const indexed = this.#indexed;
    if (indexed === undefined)
      throw new UsageError(
        'what comes one after the other has no part that could be split off',
        'use `take(n)` and `skip(n)`',
      );
    const kept = Math.floor(indexed.rows * (1 - fraction));
    if (!(kept >= 1 && kept < indexed.rows))
      throw new UsageError(
        `a fraction of ${fraction} leaves one side of ${indexed.rows} rows empty`,
        'give a number between 0 and 1, such as 0.1',
      );
    return {
      train: this.#range(indexed, 0, kept),
      validation: this.#range(indexed, kept, indexed.rows),
    };
  }

  #range(indexed: Indexed<T>, from: number, to: number): Dataset<T> {
    return new Dataset({
      indexed: { rows: to - from, at: (index, epoch) => indexed.at(from + index, epoch) },
    });
  }

  #then<U>(stage: (elements: AsyncIterable<T>, epoch: number) => AsyncIterable<U>): Dataset<U> {
    const { once } = this;
    return new Dataset({ pass: (epoch) => stage(this.pass(epoch), epoch), once });
  }
}

async function* inOrder<T>({ rows, at }: Indexed<T>, epoch: number): AsyncGenerator<T> {
  for (let index = 0; index < rows; index++) yield await at(index, epoch);
}

/** Remembers what it gave for the last argument. */
function lastOf<T>(make: (epoch: number) => T): (epoch: number) => T {
  let last: { readonly epoch: number; readonly value: T } | undefined;
  return (epoch) => {
    if (last?.epoch !== epoch) last = { epoch, value: make(epoch) };
    return last.value;
  };
}

function checkCount(method: string, argument: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new UsageError(
    `${method}: ${argument} is ${value}`,
    `give a whole number from ${least} on`,
  );
}
