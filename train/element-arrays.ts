/** Numbers as the arrays in which a session takes and gives them, by the element type of a tensor. */
import type { StorageDType } from '../compiler/graph/dtype.ts';
import { brainFloat, brainFloatBits, half, halfBits } from '../compiler/graph/narrow-floats.ts';
import type { TensorData } from '../runtime/index.ts';

/** As what is read from a device, but of numbers: bits of narrow floats are not left as they are. */
export type ElementArray = TensorData;

interface ElementType {
  readonly create: (length: number) => ElementArray;
  /** Where the array holds bits: those of a number, and the number that they stand for. */
  readonly bits?: { of(value: number): number; read(bits: number): number };
}

const elementTypes: Readonly<Record<StorageDType, ElementType>> = {
  f32: { create: (n) => new Float32Array(n) },
  f16: { create: (n) => new Uint16Array(n), bits: { of: halfBits, read: half } },
  bf16: { create: (n) => new Uint16Array(n), bits: { of: brainFloatBits, read: brainFloat } },
  i32: { create: (n) => new Int32Array(n) },
  u32: { create: (n) => new Uint32Array(n) },
  i16: { create: (n) => new Int16Array(n) },
  u16: { create: (n) => new Uint16Array(n) },
  i8: { create: (n) => new Int8Array(n) },
  u8: { create: (n) => new Uint8Array(n) },
  bool: { create: (n) => new Uint32Array(n) },
};

/** Floats are rounded to the type; whole numbers must be in its range. */
export function arrayOf(storage: StorageDType, numbers: ArrayLike<number>): ElementArray {
  const { create, bits } = elementTypes[storage];
  const array = create(numbers.length);
  if (bits === undefined) array.set(numbers);
  else for (let at = 0; at < numbers.length; at += 1) array[at] = bits.of(numbers[at] ?? 0);
  return array;
}

/** The numbers of what a session has read. */
export function numbersOf(storage: StorageDType, array: TensorData): ElementArray {
  const { bits } = elementTypes[storage];
  return bits === undefined ? array : Float32Array.from(array, bits.read);
}
