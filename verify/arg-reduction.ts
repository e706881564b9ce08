/** Whether the place of an extreme element is certain when its elements are known up to an error. */
import type { Bounded } from './error-bounds.ts';

/** For each of `count` results 1 where an element other than the extreme one could be it. */
export function uncertainPositions(
  { value, error }: Bounded,
  axes: readonly number[],
  combine: 'argmax' | 'argmin',
  count: number,
): Float64Array {
  const sign = combine === 'argmax' ? 1 : -1;
  const outOf = resultOf(value.shape, axes);
  // What the extreme element is at least: the greatest of all lower ends.
  const least = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const best = new Float64Array(count).fill(-1);
  const bestValue = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  value.data.forEach((v, i) => {
    const out = outOf(i);
    const lower = sign * v - (error[i] ?? 0);
    if (!(lower <= (least[out] ?? 0))) least[out] = lower;
    if (sign * v > (bestValue[out] ?? 0)) {
      bestValue[out] = sign * v;
      best[out] = i;
    }
  });
  const uncertain = new Float64Array(count);
  value.data.forEach((v, i) => {
    const out = outOf(i);
    const e = error[i] ?? 0;
    if (Number.isNaN(v)) uncertain[out] = 1;
    // Of equals that are both exact the first one counts, on every device.
    if (best[out] === i) return;
    const exact = e === 0 && (error[best[out] ?? -1] ?? 0) === 0;
    if (!exact && sign * v + e >= (least[out] ?? 0)) uncertain[out] = 1;
  });
  return uncertain;
}

/** From the place of an element in its tensor to that of the result that it belongs to. */
function resultOf(shape: readonly number[], axes: readonly number[]): (flat: number) => number {
  return (flat) => {
    let [rest, out, stride] = [flat, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] ?? 1;
      const at = rest % size;
      rest = Math.floor(rest / size);
      if (axes.includes(axis)) continue;
      out += at * stride;
      stride *= size;
    }
    return out;
  };
}
