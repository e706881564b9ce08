/** Fortran's element order turned into C's. */

import type { ColumnValues } from './dataset.ts';
import { allocate } from './element-type.ts';

/** `values` of an array of this shape, whose first axis varies fastest, in the order where the last one does. */
export function toRowMajor(values: ColumnValues, shape: readonly number[]): ColumnValues {
  const dtype = values instanceof Uint8Array ? 'u8' : values instanceof Int32Array ? 'i32' : 'f32';
  const ordered = allocate(dtype, values.length);
  // The step in `values` of each axis.
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < ordered.length; to++) {
    ordered[to] = values[from] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      const size = shape[axis] ?? 1;
      const step = steps[axis] ?? 1;
      if (next < size) {
        index[axis] = next;
        from += step;
        break;
      }
      index[axis] = 0;
      from -= (size - 1) * step;
    }
  }
  return ordered;
}
