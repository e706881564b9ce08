/** How a tensor's elements lie in memory on both sides: bytes in a GPU buffer, typed arrays in JavaScript. */
import type { PlanTensor, StorageType } from './plan.ts';

/** What tensors are read into. `f16` and `bf16` come as the 16 bits of each value, `bool` as 0 or 1. */
export type TensorData =
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>;

interface Storage {
  /** Bytes of one element. */
  readonly bytes: number;
  /** Names of the array types taken as they are; the first is also what tensors are read into. */
  readonly arrays: readonly string[];
  readonly create: (buffer: ArrayBuffer, elements: number) => TensorData;
}

const storage: Readonly<Record<StorageType, Storage>> = {
  f32: { bytes: 4, arrays: ['Float32Array'], create: (b, n) => new Float32Array(b, 0, n) },
  i32: { bytes: 4, arrays: ['Int32Array'], create: (b, n) => new Int32Array(b, 0, n) },
  u32: { bytes: 4, arrays: ['Uint32Array'], create: (b, n) => new Uint32Array(b, 0, n) },
  bool: { bytes: 4, arrays: ['Uint32Array'], create: (b, n) => new Uint32Array(b, 0, n) },
  f16: {
    bytes: 2,
    arrays: ['Uint16Array', 'Float16Array'],
    create: (b, n) => new Uint16Array(b, 0, n),
  },
  bf16: { bytes: 2, arrays: ['Uint16Array'], create: (b, n) => new Uint16Array(b, 0, n) },
  u16: { bytes: 2, arrays: ['Uint16Array'], create: (b, n) => new Uint16Array(b, 0, n) },
  i16: { bytes: 2, arrays: ['Int16Array'], create: (b, n) => new Int16Array(b, 0, n) },
  u8: {
    bytes: 1,
    arrays: ['Uint8Array', 'Uint8ClampedArray'],
    create: (b, n) => new Uint8Array(b, 0, n),
  },
  i8: { bytes: 1, arrays: ['Int8Array'], create: (b, n) => new Int8Array(b, 0, n) },
};

export const storageTypes: readonly StorageType[] = Object.keys(storage) as StorageType[];

/** Copies and bindings on the GPU count in words of four bytes. */
export const WORD = 4;

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Bytes of the elements alone, without the padding to a whole word. */
export function bytesOf(tensor: Pick<PlanTensor, 'dtype' | 'shape'>): number {
  return elementsOf(tensor.shape) * storage[tensor.dtype].bytes;
}

/** The elements in `bytes`, which starts with them, as the array type of the dtype. */
export function viewAs(
  tensor: Pick<PlanTensor, 'dtype' | 'shape'>,
  bytes: ArrayBuffer,
): TensorData {
  return storage[tensor.dtype].create(bytes, elementsOf(tensor.shape));
}

/** Why `data` cannot be copied into the tensor as it is; undefined when it can. */
export function mismatch(tensor: PlanTensor, data: ArrayBufferView): string | undefined {
  const { arrays } = storage[tensor.dtype];
  const wanted = bytesOf(tensor);
  // The tag rather than `instanceof`, which fails for arrays of another frame or worker.
  const array = data as ArrayBufferView & { BYTES_PER_ELEMENT?: number; [key: symbol]: unknown };
  const tag = String(array[Symbol.toStringTag]);
  if (data.byteLength === wanted && arrays.includes(tag)) return undefined;
  const type = `${tensor.dtype}[${tensor.shape.join(', ')}]`;
  const length = data.byteLength / (array.BYTES_PER_ELEMENT ?? 1);
  return `\`${tensor.name}\` is ${type}: expected ${arrays[0]} of ${elementsOf(tensor.shape)} elements, found ${tag} of ${length}`;
}

/** Plain numbers as the array type of the tensor's dtype (`f16` and `bf16` excepted: give them as bits). */
export function fromNumbers(tensor: PlanTensor, numbers: readonly number[]): TensorData {
  const array = viewAs(
    { dtype: tensor.dtype, shape: [numbers.length] },
    new ArrayBuffer(numbers.length * storage[tensor.dtype].bytes),
  );
  array.set(numbers);
  return array;
}
