/** What the steps of a pipeline do with elements that come one after the other. */
import { createRandom, pick } from '../../data/index.ts';

/** Keeps shuffles in a buffer apart from other streams of the same seed ("buff" in ASCII). */
const BUFFER_STREAM = 0x62756666;

export async function* mapped<T, U>(
  elements: AsyncIterable<T>,
  change: (element: T) => U | Promise<U>,
): AsyncGenerator<U> {
  for await (const element of elements) yield await change(element);
}

export async function* buffered<T>(
  elements: AsyncIterable<T>,
  size: number,
  dropLast: boolean,
): AsyncGenerator<readonly T[]> {
  let held: T[] = [];
  for await (const element of elements) {
    held.push(element);
    if (held.length < size) continue;
    yield held;
    held = [];
  }
  if (held.length > 0 && !dropLast) yield held;
}

/** Holds so many elements and gives one of them, by chance, for each that comes. */
export async function* shuffled<T>(
  elements: AsyncIterable<T>,
  size: number,
  { seed, epoch }: { readonly seed: number; readonly epoch: number },
): AsyncGenerator<T> {
  const random = createRandom(seed, BUFFER_STREAM, epoch);
  const below = (count: number): number => pick(random, count);
  const held: T[] = [];
  for await (const element of elements) {
    if (held.length < size) {
      held.push(element);
      continue;
    }
    const at = below(size);
    const chosen = held[at] as T;
    held[at] = element;
    yield chosen;
  }
  while (held.length > 0) {
    const at = below(held.length);
    const last = held.pop() as T;
    if (at === held.length) yield last;
    else {
      yield held[at] as T;
      held[at] = last;
    }
  }
}

/** Asks for elements before they are wanted. An error comes where its element would have. */
export async function* prefetched<T>(elements: AsyncIterable<T>, count: number): AsyncGenerator<T> {
  const source = elements[Symbol.asyncIterator]();
  const coming: Promise<IteratorResult<T>>[] = [];
  const ask = (): void => {
    const next = source.next();
    // It is told when it is its turn.
    next.catch(() => undefined);
    coming.push(next);
  };
  try {
    for (let i = 0; i <= count; i++) ask();
    for (let next = coming.shift(); next !== undefined; next = coming.shift()) {
      const { done, value } = await next;
      if (done === true) return;
      ask();
      yield value;
    }
  } finally {
    await source.return?.();
  }
}
