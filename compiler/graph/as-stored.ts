/** What memory keeps of a value: narrow floats are rounded there, so the interpreter must read them rounded too. */
import type { StorageDType } from './dtype.ts';
import { brainFloat, brainFloatBits, half, halfBits } from './narrow-floats.ts';
import type { NdArray } from './nd-array.ts';

/** Whole numbers must be in the range of the type. */
export function asStored(value: NdArray, storage: StorageDType): NdArray {
  const kept = (round: (x: number) => number): NdArray => ({
    ...value,
    data: value.data.map(round),
  });
  if (storage === 'bf16') return kept((x) => brainFloat(brainFloatBits(x)));
  return storage === 'f16' ? kept((x) => half(halfBits(x))) : value;
}
