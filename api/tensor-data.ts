/** Tensors of data: numbers in nested lists or typed arrays. */
import type { StorageDType } from '../compiler/graph/dtype.ts';
import { loadedAs, wholeRange } from '../compiler/graph/dtype.ts';
import { nearest } from '../grammar/index.ts';
import { described } from './data/numbers.ts';
import { checkOptions } from './options.ts';
import { fromData, Tensor, type TensorLike } from './tensor.ts';
import { UsageError } from './usage-error.ts';

/** How `tensor` reads its values. */
export interface TensorOptions {
  /** By the values unless given: typed arrays have theirs, booleans are bool, all other numbers f32. */
  readonly dtype?: StorageDType;
  /** Of a flat array; as many axes as lists unless given. */
  readonly shape?: readonly number[];
}

/**
 * A tensor of numbers or booleans. Narrow types (`u8 i8 u16 i16`) compute as i32, as inputs of those types do.
 * Throws UsageError for lists of different lengths, and for values that the type has not.
 */
export function tensor(values: TensorLike, options: TensorOptions = {}): Tensor {
  checkOptions('tensor', options, { dtype: true, shape: true });
  const { dtype, shape } = options;
  if (dtype !== undefined && !Object.hasOwn(storageTypes, dtype)) throw unknownType(dtype);
  if (values instanceof Tensor) return values;
  const found = flattened(values);
  const storage = dtype ?? found.dtype;
  const asked = shape ?? found.shape;
  const wrong = asked.find((size) => !Number.isSafeInteger(size) || size < 0);
  if (wrong !== undefined)
    throw new UsageError(
      `\`shape\` has ${typeof wrong === 'number' ? wrong : described(wrong)}`,
      'its sizes are whole numbers; `tensor(values).reshape([2, -1])` works one of them out',
    );
  const count = asked.reduce((product, size) => product * size, 1);
  if (count !== found.data.length)
    throw new UsageError(
      `${found.data.length} numbers are not a tensor of shape [${asked.join(', ')}], which has ${count}`,
      'the product of the sizes is the count of the numbers',
    );
  if (count === 0)
    throw new UsageError('this tensor has no elements', 'every axis has a size of at least 1');
  checkRange(found.data, storage);
  return fromData(rounded(found.data, storage), asked, loadedAs(storage));
}

const storageTypes: Readonly<Record<StorageDType, true>> = {
  f32: true,
  f16: true,
  bf16: true,
  i32: true,
  u32: true,
  i16: true,
  u16: true,
  i8: true,
  u8: true,
  bool: true,
};

const otherNames: Readonly<Record<string, StorageDType>> = {
  float32: 'f32',
  float: 'f32',
  float16: 'f16',
  bfloat16: 'bf16',
  int32: 'i32',
  int: 'i32',
  uint32: 'u32',
  int16: 'i16',
  uint16: 'u16',
  int8: 'i8',
  uint8: 'u8',
  boolean: 'bool',
};

function unknownType(dtype: unknown): UsageError {
  const known = Object.keys(storageTypes);
  const near = otherNames[String(dtype)] ?? nearest(String(dtype), known);
  return new UsageError(
    `\`dtype\` is ${described(dtype)}, which is no element type`,
    near === undefined ? `it is one of ${known.join(', ')}` : `did you mean \`'${near}'\`?`,
  );
}

interface Flat {
  readonly data: number[];
  readonly shape: readonly number[];
  readonly dtype: StorageDType;
}

const arrayTypes: readonly (readonly [string, StorageDType])[] = [
  ['Float32Array', 'f32'],
  ['Float64Array', 'f32'],
  ['Int32Array', 'i32'],
  ['Uint32Array', 'u32'],
  ['Uint8Array', 'u8'],
  ['Uint8ClampedArray', 'u8'],
  ['Int8Array', 'i8'],
  ['Uint16Array', 'u16'],
  ['Int16Array', 'i16'],
];

function flattened(values: TensorLike): Flat {
  if (ArrayBuffer.isView(values)) {
    const name = values.constructor.name;
    const dtype = arrayTypes.find(([type]) => type === name)?.[1];
    if (dtype === undefined)
      throw new UsageError(
        `a ${name} is no tensor`,
        'use a Float32Array, Int32Array or Uint8Array',
      );
    const data = Array.from(values as unknown as ArrayLike<number>);
    return { data, shape: [data.length], dtype };
  }
  const data: number[] = [];
  let booleans = 0;
  const shape = shapeOf(values);
  const collect = (x: unknown, axis: number): void => {
    const size = shape[axis];
    if (Array.isArray(x) !== (size !== undefined)) throw ragged();
    if (Array.isArray(x)) {
      if (x.length !== size) throw ragged(`one has ${size} entries, another ${x.length}`);
      for (const item of x) collect(item, axis + 1);
    } else {
      if (typeof x === 'boolean') booleans++;
      data.push(elementOf(x));
    }
  };
  collect(values, 0);
  if (booleans > 0 && booleans < data.length)
    throw new UsageError('numbers and booleans are mixed', 'a tensor has one type of elements');
  return { data, shape, dtype: booleans > 0 ? 'bool' : 'f32' };
}

/** That of the first entries; all others must have it too. */
function shapeOf(values: unknown): readonly number[] {
  const shape: number[] = [];
  for (let x = values; Array.isArray(x); x = x[0]) shape.push(x.length);
  return shape;
}

function elementOf(x: unknown): number {
  if (typeof x === 'boolean') return x ? 1 : 0;
  if (typeof x === 'number') return x;
  throw new UsageError(
    `${described(x)} is no element of a tensor`,
    x instanceof Tensor
      ? 'a list of tensors becomes one by `ops.stack(list)`'
      : 'tensors hold numbers or booleans',
  );
}

const ragged = (help = 'numbers and lists stand side by side'): UsageError =>
  new UsageError('the rows of this list have different lengths', help);

function checkRange(data: readonly number[], storage: StorageDType): void {
  const range = wholeRange(storage);
  if (range === undefined) return;
  const [least, most] = range;
  const wrong = data.find((x) => !Number.isInteger(x) || x < least || x > most);
  if (wrong === undefined) return;
  throw new UsageError(
    `${wrong} is no ${storage}`,
    `${storage} has the whole numbers from ${least} to ${most}`,
  );
}

/** What the type makes of the numbers. */
const rounded = (data: readonly number[], storage: StorageDType): readonly number[] => {
  const round = roundings[storage];
  return round === undefined ? data : data.map(round);
};
const roundings: Partial<Record<StorageDType, (x: number) => number>> = {
  f32: Math.fround,
  f16: toF16,
  bf16: toBf16,
};

/** IEEE 754 binary16, ties to even. */
function toF16(x: number): number {
  const size = Math.abs(x);
  if (!Number.isFinite(x) || size === 0) return x;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const unit = 2 ** (exponent - 10);
  const scaled = size / unit;
  const down = Math.floor(scaled);
  const up = scaled - down > 0.5 || (scaled - down === 0.5 && down % 2 === 1);
  const value = (down + (up ? 1 : 0)) * unit;
  return Math.sign(x) * (value > 65504 ? Number.POSITIVE_INFINITY : value);
}

/** The upper half of an f32, ties to even. */
function toBf16(x: number): number {
  const word = new Uint32Array(Float32Array.of(x).buffer);
  const bits = word[0] ?? 0;
  word[0] = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
  return Number.isNaN(x) ? x : (new Float32Array(word.buffer)[0] ?? 0);
}
