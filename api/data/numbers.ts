/** The numbers in whatever a caller gives, with their shape where it can be seen. */
import { UsageError } from '../usage-error.ts';

export interface FoundNumbers {
  readonly values: ArrayLike<number>;
  /** Absent for a flat array, which has the shape that it is needed in. */
  readonly shape?: readonly number[];
}

/** `what`: for messages, such as `image` or `image of row 3`. Throws UsageError for what holds no numbers. */
export function numbersIn(given: unknown, what: string): FoundNumbers {
  if (typeof given === 'number' || typeof given === 'boolean')
    return { values: [Number(given)], shape: [] };
  if (isNumberArray(given)) return { values: given };
  if (Array.isArray(given)) return nested(given, what);
  if (typeof given === 'object' && given !== null && 'shape' in given && 'data' in given) {
    const { shape } = given;
    const data: unknown = typeof given.data === 'function' ? given.data() : given.data;
    if (Array.isArray(shape) && shape.every(Number.isInteger) && isNumberArray(data)) {
      const wanted = shape.reduce((a: number, b: number) => a * b, 1);
      if (wanted === data.length) return { values: data, shape };
      throw new UsageError(
        `${what} has ${data.length} numbers in the shape [${shape.join(', ')}], which takes ${wanted}`,
        'give as many numbers as the shape has places',
      );
    }
  }
  throw new UsageError(
    `${what} is ${described(given)}, which holds no numbers`,
    'give a typed array, numbers in lists, or { shape, data }',
  );
}

/** By what all of them can do; 64-bit integers are no numbers. */
export const isNumberArray = (given: unknown): given is ArrayLike<number> & ArrayBufferView =>
  ArrayBuffer.isView(given) &&
  !(given instanceof DataView) &&
  !(given instanceof BigInt64Array) &&
  !(given instanceof BigUint64Array);

function nested(list: readonly unknown[], what: string): FoundNumbers {
  const shape: number[] = [];
  for (let at: unknown = list; Array.isArray(at) || isNumberArray(at); at = at[0])
    shape.push(at.length);
  const values = new Float64Array(shape.reduce((a, b) => a * b, 1));
  let filled = 0;
  const fill = (item: unknown, axis: number, place: string): void => {
    const size = shape[axis];
    if (size === undefined) {
      if (typeof item !== 'number' && typeof item !== 'boolean')
        throw new UsageError(
          `${what} has ${described(item)} at ${place}`,
          'lists hold numbers, all at one depth',
        );
      values[filled++] = Number(item);
      return;
    }
    if (!Array.isArray(item) && !isNumberArray(item))
      throw new UsageError(
        `${what} has ${described(item)} at ${place}, where others have a list`,
        'lists hold numbers, all at one depth',
      );
    if (item.length !== size)
      throw new UsageError(
        `${what} has ${item.length} values at ${place}, where the first has ${size}`,
        'all lists of an axis have one length; fill up the short ones',
      );
    for (let i = 0; i < size; i++) fill(item[i], axis + 1, `${place}[${i}]`);
  };
  fill(list, 0, '');
  return { values, shape };
}

export function described(given: unknown): string {
  if (given === null || given === undefined) return String(given);
  if (typeof given === 'string') return `the text ${JSON.stringify(given.slice(0, 40))}`;
  if (typeof given === 'object') return `a value of type ${given.constructor?.name ?? 'Object'}`;
  return `a ${typeof given}`;
}
