/** Element types. Registers and the graph know only compute types; a narrower storage type exists for inputs. */
export type DType = 'f32' | 'f16' | 'i32' | 'u32' | 'bool';
/** How an input lies in memory; `u8 i8 u16 i16` are loaded as `i32`. */
export type StorageDType = DType | 'u8' | 'i8' | 'u16' | 'i16';

export const isFloat = (d: DType): boolean => d === 'f32' || d === 'f16';
export const isInteger = (d: DType): boolean => d === 'i32' || d === 'u32';

/** The type that a value of this storage type has once loaded. */
export function loadedAs(storage: StorageDType): DType {
  return storage === 'u8' || storage === 'i8' || storage === 'u16' || storage === 'i16'
    ? 'i32'
    : storage;
}

/** Bits of one stored element (a bool takes a whole word). */
export function storageBits(storage: StorageDType): number {
  switch (storage) {
    case 'u8':
    case 'i8':
      return 8;
    case 'u16':
    case 'i16':
    case 'f16':
      return 16;
    case 'f32':
    case 'i32':
    case 'u32':
    case 'bool':
      return 32;
  }
}
