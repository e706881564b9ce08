/**
 * Reads golden values: cases out of `ops.json`, tensors out of the safetensors beside it. The reader
 * is its own, so that these tests do not depend on the one that ships.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DType } from '../../compiler/graph/dtype.ts';
import { elementCount, type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';

export interface GoldenCase {
  readonly id: string;
  readonly family: string;
  readonly op: string;
  readonly expr: string;
  readonly attrs: Readonly<Record<string, GoldenAttr>>;
  readonly inputs: readonly GoldenTensor[];
  readonly outputs: readonly { dtype: string; shape: readonly number[]; ct: boolean }[];
  readonly rtol: number;
  readonly atol: number;
  readonly special?: 'hard' | 'ties' | 'nonfinite' | 'denormal';
}
export type GoldenAttr = number | boolean | string | null | readonly number[];
interface GoldenTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly grad: boolean;
}

export interface GoldenSet {
  readonly cases: readonly GoldenCase[];
  readonly leftOut: readonly GoldenCase[];
  /** `CASE/in/x`, `CASE/out/0`, `CASE/ct/0`, `CASE/grad/x`. */
  tensor(c: GoldenCase, name: string): NdArray;
}

/** The families that the compiler covers, with the number of their cases. */
export const familySizes = {
  unary: 177,
  binary: 86,
  compare: 26,
  select: 18,
  reduce: 103,
  matmul: 35,
  softmax: 19,
  einsum: 24,
  shape: 106,
  graph: 22,
} as const;
export const families = Object.keys(familySizes);

/** Cases that the compiler does not cover yet, and why; printed by the tests. */
export const leftOut: readonly { readonly id: RegExp; readonly reason: string }[] = [
  { id: /^graph\.(lenet|residual_conv_bn)\./, reason: 'needs windows (convolution, pooling)' },
];

export const isOwnFolder = process.env['NNC_GOLDEN'] === undefined;
export const goldenFolder =
  process.env['NNC_GOLDEN'] ?? fileURLToPath(new URL('../golden-values', import.meta.url));

const isLeftOut = (c: GoldenCase): boolean => leftOut.some(({ id }) => id.test(c.id));

export function loadGolden(of: readonly string[] = families, folder = goldenFolder): GoldenSet {
  const index = JSON.parse(readFileSync(join(folder, 'ops.json'), 'utf8')) as {
    files: Record<string, string>;
    cases: GoldenCase[];
  };
  const files = new Map<string, ReadonlyMap<string, NdArray>>();
  const fileOf = (family: string): ReadonlyMap<string, NdArray> => {
    const seen = files.get(family);
    if (seen !== undefined) return seen;
    const tensors = readTensors(join(folder, index.files[family] ?? `ops_${family}.safetensors`));
    files.set(family, tensors);
    return tensors;
  };
  return {
    cases: index.cases.filter((c) => of.includes(c.family) && !isLeftOut(c)),
    leftOut: index.cases.filter((c) => of.includes(c.family) && isLeftOut(c)),
    tensor(c, name) {
      const found = fileOf(c.family).get(`${c.id}/${name}`);
      if (found === undefined) throw new Error(`${c.id} has no tensor ${name}`);
      return found;
    },
  };
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** All tensors of a safetensors file: eight bytes of header length, a JSON header, raw data. */
export function readTensors(path: string): ReadonlyMap<string, NdArray> {
  const bytes = readFileSync(path);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength)) as Record<string, Entry>;
  const tensors = new Map<string, NdArray>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__' || name.endsWith('__pad')) continue;
    const start = 8 + headerLength + entry.data_offsets[0];
    const read = readers[entry.dtype];
    if (read === undefined) throw new Error(`${path}: ${name} has dtype ${entry.dtype}`);
    const data = Array.from({ length: elementCount(entry.shape) }, (_, i) =>
      read.at(bytes, start, i),
    );
    tensors.set(name, ndArray(read.dtype, entry.shape, data));
  }
  return tensors;
}

const readers: Readonly<
  Record<string, { dtype: DType; at: (bytes: Buffer, start: number, i: number) => number }>
> = {
  F32: { dtype: 'f32', at: (bytes, start, i) => bytes.readFloatLE(start + 4 * i) },
  F64: { dtype: 'f32', at: (bytes, start, i) => bytes.readDoubleLE(start + 8 * i) },
  I32: { dtype: 'i32', at: (bytes, start, i) => bytes.readInt32LE(start + 4 * i) },
  U8: { dtype: 'bool', at: (bytes, start, i) => bytes.readUInt8(start + i) },
};
