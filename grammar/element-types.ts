/** The words that may stand as a type, and what other frameworks call them (NN0105, NN0106). */
import { nearest } from './did-you-mean.ts';

/** Types of tensors: those computed with, those only stored, and the classes of signatures. */
const tensorTypes = [
  ...['f32', 'f16', 'i32', 'u32', 'bool'],
  ...['u8', 'i8', 'u16', 'i16', 'bf16'],
  ...['float', 'int', 'num', 'any'],
];
/** Types of values known while compiling; `int`, `float` and `bool` are both. */
const staticTypes = ['dim', 'str', 'dtype', 'list', 'fn'];
const known: ReadonlySet<string> = new Set([...tensorTypes, ...staticTypes]);

/** WebGPU has none of these; the value is what to use. */
const wide: ReadonlyMap<string, string> = new Map([
  ...(['f64', 'float64', 'double'] as const).map((name) => [name, 'f32'] as const),
  ...(['i64', 'int64', 'long'] as const).map((name) => [name, 'i32'] as const),
  ...(['u64', 'uint64'] as const).map((name) => [name, 'u32'] as const),
]);

const elsewhere: ReadonlyMap<string, string> = new Map([
  ['float32', 'f32'],
  ['single', 'f32'],
  // Small letters are classes; `Float` and `Int` are not.
  ['float', 'f32'],
  ['int', 'i32'],
  ['float16', 'f16'],
  ['half', 'f16'],
  ['bfloat16', 'bf16'],
  ['int8', 'i8'],
  ['int16', 'i16'],
  ['int32', 'i32'],
  ['uint8', 'u8'],
  ['byte', 'u8'],
  ['uint16', 'u16'],
  ['uint32', 'u32'],
  ['uint', 'u32'],
  ['boolean', 'bool'],
  ['string', 'str'],
]);

export function isElementType(name: string): boolean {
  return known.has(name);
}

/** `f32` for `f64`: what to use in the place of a type of 64 bits; undefined for any other word. */
export function narrowerType(name: string): string | undefined {
  return wide.get(name);
}

/** What a type of another framework is called here: `f32` for `float32`. */
export const typeElsewhere = (name: string): string | undefined =>
  elsewhere.get(name.toLowerCase());

/** The type that an unknown word probably means. */
export const nearestType = (name: string): string | undefined => nearest(name, known);
