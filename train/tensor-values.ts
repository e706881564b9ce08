/** One tensor that outlives a step, as numbers: read from the device, and written. */
import type { ModelTensor } from '../compiler/model.ts';
import { storageOf } from '../compiler/ops/leaf.ts';
import type { Session, StorageType } from '../runtime/index.ts';
import { arrayOf, type ElementArray, numbersOf } from './element-arrays.ts';

/** A tensor that was read from the device. `data` is in row-major order. */
export interface TensorValues {
  readonly dtype: StorageType;
  readonly shape: readonly number[];
  readonly data: ElementArray;
}

/** After all that was submitted. */
export async function tensorValues(
  session: Session,
  { path, node }: ModelTensor,
  role: 'param' | 'state',
): Promise<TensorValues> {
  const dtype = storageOf(node);
  const data = (await session.read([path], { role })).get(path);
  if (data === undefined) throw new RangeError(`the plan has no ${path}`);
  return { dtype, shape: node.type.shape.map(Number), data: numbersOf(dtype, data) };
}

/** Behind all that was submitted. Floats are rounded to the tensor's type. */
export function writeTensor(
  session: Session,
  { path, node }: ModelTensor,
  role: 'param' | 'state',
  values: ArrayLike<number>,
): void {
  session.write(path, arrayOf(storageOf(node), values), { role });
}
