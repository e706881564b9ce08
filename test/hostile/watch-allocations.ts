/** The largest typed array that is made while something runs: what a header says must not decide it. */

const watched = [
  'Uint8Array',
  'Uint16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
] as const;

/** In bytes. Arrays that are made of others, or of a buffer that is there already, do not count. */
export async function largestAllocation(body: () => Promise<void>): Promise<number> {
  let largest = 0;
  const originals = watched.map((name) => globalThis[name]);
  for (const name of watched) {
    const original = globalThis[name];
    Object.defineProperty(globalThis, name, {
      ...keptProperty,
      value: new Proxy(original, {
        construct(target, [first, ...rest]: [unknown, ...unknown[]], newTarget) {
          if (typeof first === 'number')
            largest = Math.max(largest, first * target.BYTES_PER_ELEMENT);
          return Reflect.construct(target, [first, ...rest], newTarget) as object;
        },
      }),
    });
  }
  try {
    await body();
  } finally {
    for (const [at, name] of watched.entries())
      Object.defineProperty(globalThis, name, { ...keptProperty, value: originals[at] });
  }
  return largest;
}

const keptProperty = { writable: true, configurable: true, enumerable: false } as const;
