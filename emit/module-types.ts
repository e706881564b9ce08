/** The types of a module: inputs, outputs and tensors of the network by name, each with its literal shape. */
import { commented, key, quoted } from './code.ts';
import type { ModulePlan, ModuleProgram } from './module-plan.ts';
import type { ElementType, TensorPlan, TensorPlans } from './runtime/types.ts';

/** A property of an interface: `type` may speak of `Rows`. */
export interface TypedProperty {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
}

const arrayNames: Readonly<Record<ElementType, string>> = {
  f32: 'Float32Array',
  f16: 'Uint16Array',
  bf16: 'Uint16Array',
  i32: 'Int32Array',
  u32: 'Uint32Array',
  bool: 'Uint32Array',
  i16: 'Int16Array',
  u16: 'Uint16Array',
  i8: 'Int8Array',
  u8: 'Uint8Array',
};

/** Numbers of rows that programs of this kind are compiled for. */
export const rowsOf = (programs: readonly ModuleProgram[]): readonly number[] => [
  ...new Set(programs.map(({ plan }) => plan.rows)),
];

/** What a call is given, or gives, over all programs of one kind. */
export function programProperties(
  programs: readonly ModuleProgram[],
  part: 'inputs' | 'outputs',
): readonly TypedProperty[] {
  const [first] = programs;
  if (first === undefined) return [];
  return Object.entries(first.plan[part]).map(([name, tensor]) => {
    const sizes = tensor.shape.map((_, axis) =>
      sizeType(
        programs.map(({ plan }) => ({
          rows: plan.rows,
          size: plan[part][name]?.shape[axis] ?? 0,
        })),
      ),
    );
    return property(name, tensor, sizes, part === 'inputs');
  });
}

/** A literal; `Rows` where it goes with the rows; else each that occurs. */
function sizeType(cases: readonly { readonly rows: number; readonly size: number }[]): string {
  const sizes = [...new Set(cases.map(({ size }) => size))];
  if (sizes.length === 1) return String(sizes[0]);
  return cases.every(({ rows, size }) => rows === size) ? 'Rows' : sizes.join(' | ');
}

export const tensorProperties = (tensors: TensorPlans): readonly TypedProperty[] =>
  Object.entries(tensors).map(([name, tensor]) =>
    property(name, tensor, tensor.shape.map(String), false),
  );

function property(
  name: string,
  { dtype }: TensorPlan,
  sizes: readonly string[],
  given: boolean,
): TypedProperty {
  const shape = `readonly [${sizes.join(', ')}]`;
  const array = given && dtype === 'u8' ? 'Uint8Array | Uint8ClampedArray' : arrayNames[dtype];
  const text = sizes.length === 0 ? dtype : `${dtype}[${sizes.join(', ')}]`;
  return {
    name: key(name),
    type: `${given ? 'TensorLike' : 'Tensor'}<${array}, ${shape}>`,
    doc: text,
  };
}

/** Of the losses and metrics that a module reports. */
export const metricProperties = ({ sums }: ModulePlan): readonly TypedProperty[] =>
  Object.keys(sums).map((name) => ({ name: key(name), type: 'number', doc: '' }));

/** The literals of a union of numbers or texts. */
export const union = (values: readonly (number | string)[]): string =>
  values
    .map((value) => (typeof value === 'number' ? String(value) : quoted(commented(value))))
    .join(' | ');

export const TENSOR_TYPES: readonly string[] = [
  `/** An array of the device, in row-major order, with its shape. */
export type Tensor<Data, Shape extends readonly number[]> = Data & { readonly shape: Shape };`,
  `/** What is taken as a tensor: the array alone, or one that has the very shape. */
export type TensorLike<Data, Shape extends readonly number[]> = Data & { readonly shape?: Shape };`,
];
