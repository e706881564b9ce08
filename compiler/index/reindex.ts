/** Index expressions from others: variables replaced, and index vectors to flat indices and back. */
import { collect, divide, modulo } from './arithmetic.ts';
import { constant, type Index, type Term } from './expression.ts';

/** Replaces variables; one that `value` does not know stays. */
export function substitute(e: Index, value: (name: string) => Index | undefined): Index {
  switch (e.kind) {
    case 'constant':
      return e;
    case 'variable':
      return value(e.name) ?? e;
    case 'sum':
      return collect(
        e.terms.map((t) => ({ index: substitute(t.index, value), coefficient: t.coefficient })),
        e.constant,
      );
    case 'quotient':
      return divide(substitute(e.of, value), e.by);
    case 'remainder':
      return modulo(substitute(e.of, value), e.by);
  }
}

/** Row-major flat index of an index vector. */
export function flatten(at: readonly Index[], shape: readonly number[]): Index {
  const parts: Term[] = [];
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    parts.push({ index: at[i] ?? constant(0), coefficient: step });
    step *= shape[i] ?? 1;
  }
  return collect(parts, 0);
}

/** The index vector of a flat index. */
export function unflatten(flat: Index, shape: readonly number[]): Index[] {
  const at: Index[] = [];
  let rest = flat;
  for (let i = shape.length - 1; i > 0; i--) {
    const n = shape[i] ?? 1;
    at[i] = modulo(rest, n);
    rest = divide(rest, n);
  }
  // The outermost axis needs no modulo: a valid flat index stays below the element count.
  if (shape.length > 0) at[0] = rest;
  return at;
}
