/** A function of an index that is computed once for equal ones. */
import type { Index } from './expression.ts';

export function remember<T>(make: (e: Index) => T): (e: Index) => T {
  const made = new Map<string, T>();
  return (e) => {
    const seen = made.get(e.key);
    if (seen !== undefined) return seen;
    const fresh = make(e);
    made.set(e.key, fresh);
    return fresh;
  };
}
