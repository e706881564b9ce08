/** Element types as written: what they are in memory, in the graph, and which class they belong to. */
import { type DType, loadedAs, type StorageDType } from '../graph/dtype.ts';

const computeTypes: readonly string[] = ['f32', 'f16', 'i32', 'u32', 'bool'];
/** Every type name that may stand for an element type. */
export const elementTypeNames: readonly string[] = [
  ...computeTypes,
  ...['u8', 'i8', 'u16', 'i16', 'bf16'],
];

export const isStorage = (name: string): name is StorageDType => elementTypeNames.includes(name);
export const isCompute = (name: string): name is DType => computeTypes.includes(name);

const classes: Readonly<Record<string, readonly DType[]>> = {
  float: ['f32', 'f16'],
  int: ['i32', 'u32'],
  num: ['f32', 'f16', 'i32', 'u32'],
  any: ['f32', 'f16', 'i32', 'u32', 'bool'],
};
export const isClass = (name: string): boolean => Object.hasOwn(classes, name);

/** Whether a written type name (a class or a type) covers this dtype. */
export const covers = (name: string, dtype: DType): boolean =>
  classes[name]?.includes(dtype) ?? (isStorage(name) && loadedAs(name) === dtype);
