/** What the records of the views share: their single input, and the copy that is their reference meaning. */
import { type NdArray, ndArray, stridesOf } from '../graph/nd-array.ts';
import type { Access, Attrs, Sample, TensorType } from '../graph/node.ts';
import type { Index } from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';

export const only = (inputs: readonly TensorType[]): TensorType => {
  const [t] = inputs;
  if (t === undefined) throw new InternalError('infer', 'a view without an input');
  return t;
};
export const firstOf = (inputs: readonly NdArray[]): NdArray => {
  const [x] = inputs;
  if (x === undefined) throw new InternalError('evaluate', 'a view without an input');
  return x;
};
export const onePiece = (at: readonly Index[]): Access => ({
  pieces: [{ input: 0, at, guards: [] }],
  other: 0,
});
export const sample = (shape: readonly number[], attrs: Attrs): Sample => ({
  inputs: [{ dtype: 'f32', shape }],
  attrs,
});

/** Copies element by element: `from` gives the input's index vector, or undefined for `other`. */
export function copyFrom(
  x: NdArray,
  shape: readonly number[],
  from: (at: readonly number[]) => readonly number[] | undefined,
  other = 0,
): NdArray {
  const out = ndArray(x.dtype, shape);
  const strides = stridesOf(x.shape);
  const at = shape.map(() => 0);
  for (let flat = 0; flat < out.data.length; flat++) {
    let rest = flat;
    for (let i = shape.length - 1; i >= 0; i--) {
      const n = shape[i] ?? 1;
      at[i] = rest % n;
      rest = Math.floor(rest / n);
    }
    const source = from(at);
    out.data[flat] =
      source === undefined
        ? other
        : (x.data[source.reduce((s, v, i) => s + v * (strides[i] ?? 0), 0)] ?? Number.NaN);
  }
  return out;
}
