/** Sizes as values of the language, and the one place where two sizes are compared. */
import { type Dim, dimKey, equalDims, isSymbolic, solveFor, symbolsOf } from '../graph/dim.ts';
import { SizeSolved } from './run.ts';
import { number, type Static, type Value } from './value.ts';

export const sizeValue = (dim: Dim): Static =>
  isSymbolic(dim) ? { kind: 'size', dim } : number(dim, true);

/** The size that a value stands for: an integer or a symbolic size. */
export function dimOf(v: Value): Dim | undefined {
  if (v.kind === 'size') return v.dim;
  return v.kind === 'number' && v.integer ? v.value : undefined;
}

/** Sizes that the bare chain leaves to be found are symbols of this form, which nobody can write. */
const isOpenSize = (symbol: string): boolean => symbol.startsWith('?');

export const hasOpenSize = (d: Dim): boolean => symbolsOf(d).some(isOpenSize);

/**
 * Whether two sizes are equal. Where an undetermined size of the bare chain stands in one of them, this
 * determines it and elaboration starts again (SizeSolved).
 */
export function sameSize(a: Dim, b: Dim): boolean {
  if (equalDims(a, b)) return true;
  for (const [d, value] of [
    [a, b],
    [b, a],
  ] as const)
    for (const name of symbolsOf(d))
      if (isOpenSize(name) && !symbolsOf(value).some(isOpenSize)) {
        const solution = solveFor(d, name, value);
        if (solution !== undefined) throw new SizeSolved(name, solution);
      }
  return false;
}

export const sameShape = (a: readonly Dim[], b: readonly Dim[]): boolean =>
  a.length === b.length && a.every((d, i) => sameSize(d, b[i] ?? -1));

/** Bare symbols: the message may call them by name. */
export const isBareSymbol = (d: Dim): boolean =>
  isSymbolic(d) && symbolsOf(d).length === 1 && dimKey(d) === symbolsOf(d)[0];

/** Whether a size can be one: a number from 1 to what an i32 holds, or anything but minus a symbol. */
export const isPossibleSize = (d: Dim): boolean =>
  typeof d === 'number'
    ? Number.isInteger(d) && d >= 1 && d < 2 ** 31
    : d.terms.some((t) => t.coefficient > 0);
