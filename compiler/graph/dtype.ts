/** Element types. Registers and the graph know only compute types; narrower storage types exist for what is read from memory. */
export type DType = 'f32' | 'f16' | 'i32' | 'u32' | 'bool';
/** How a tensor lies in memory; `u8 i8 u16 i16` are loaded as `i32`, `bf16` as `f32`. */
export type StorageDType = DType | PackedDType;
/** Several elements share a word, so that kernels read them only: a store could meet another one in the same word. */
export type PackedDType = keyof typeof packedBits;

const packedBits = { u8: 8, i8: 8, u16: 16, i16: 16, bf16: 16 } as const;

export const isFloat = (d: DType): boolean => d === 'f32' || d === 'f16';
export const isInteger = (d: DType): boolean => d === 'i32' || d === 'u32';
export const isPacked = (storage: StorageDType): storage is PackedDType =>
  Object.hasOwn(packedBits, storage);

/** The type that a value of this storage type has once loaded. */
export function loadedAs(storage: StorageDType): DType {
  if (!isPacked(storage)) return storage;
  return storage === 'bf16' ? 'f32' : 'i32';
}

/** The least and the greatest whole number of a type; undefined for floats, which take every number. */
export function wholeRange(storage: StorageDType): readonly [number, number] | undefined {
  switch (storage) {
    case 'bool':
      return [0, 1];
    case 'u8':
    case 'u16':
    case 'u32':
      return [0, 2 ** storageBits(storage) - 1];
    case 'i8':
    case 'i16':
    case 'i32':
      return [-(2 ** (storageBits(storage) - 1)), 2 ** (storageBits(storage) - 1) - 1];
    default:
      return undefined;
  }
}

/** Bits of one stored element (a bool takes a whole word). */
export function storageBits(storage: StorageDType): number {
  if (isPacked(storage)) return packedBits[storage];
  return storage === 'f16' ? 16 : 32;
}
