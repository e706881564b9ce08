/** Elements that come one after the other, waited for no longer than a signal says: what never comes must not hold a run. */

/**
 * The elements until the signal is aborted, then no more. What is still awaited at that moment is given up; its source is told to
 * end where it can.
 */
export async function* untilAborted<T>(
  elements: Iterable<T> | AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (signal === undefined) return yield* elements;
  const iterator =
    Symbol.asyncIterator in elements
      ? elements[Symbol.asyncIterator]()
      : elements[Symbol.iterator]();
  let waiting = false;
  try {
    while (!signal.aborted) {
      waiting = true;
      const next = await nextOrAborted(Promise.resolve(iterator.next()), signal);
      if (next === undefined) return;
      waiting = false;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    const ended = Promise.resolve(iterator.return?.()).catch(() => undefined);
    // A generator that waits for something ends only when that has come.
    if (!waiting) await ended;
  }
}

/** Undefined where the signal comes first. */
function nextOrAborted<T>(next: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    void next.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
