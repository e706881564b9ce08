/** A safetensors file as data: each tensor a column, its first axis the rows. */
import { arraySet } from './array-set.ts';
import { DataError } from './data-error.ts';
import type { Column, DataSplits } from './dataset.ts';
import { decodeSafetensors } from './safetensors.ts';
import type { StoredTensor } from './safetensors-elements.ts';

/** Whether a file that begins with these bytes may be one: the length of a header, and its brace. */
export function looksLikeSafetensors(bytes: Uint8Array<ArrayBuffer>): boolean {
  if (bytes.length < 9 || bytes[8] !== 0x7b) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Text has a letter where a length below 2^32 has zeros; what is larger is refused with its reason.
  return view.getUint8(7) < 0x20;
}

export function decodeSafetensorsRows(bytes: Uint8Array<ArrayBuffer>, file: string): DataSplits {
  const { tensors } = decodeSafetensors(bytes, file);
  const columns = [...tensors].map(([name, tensor]) => toColumn(name, tensor, file));
  return arraySet(file, columns);
}

function toColumn(name: string, { dtype, shape, values }: StoredTensor, file: string): Column {
  const [rows, ...rowShape] = shape;
  if (rows === undefined)
    throw new DataError(file, `\`${name}\` is a single number, not rows of data`);
  if (values.length === 0) throw new DataError(file, `\`${name}\` has no elements`);
  if (values instanceof Float32Array)
    return { name, dtype: 'f32', kind: 'float', rowShape, values };
  if (values instanceof Uint8Array) return { name, dtype: 'u8', kind: 'integer', rowShape, values };
  if (values instanceof Int32Array)
    return { name, dtype: 'i32', kind: 'integer', rowShape, values };
  const large = values.find((value) => value >= 2 ** 31);
  if (large !== undefined) {
    throw new DataError(file, `\`${name}\` (${dtype}) has ${large}, which i32 cannot hold`);
  }
  return { name, dtype: 'i32', kind: 'integer', rowShape, values: Int32Array.from(values) };
}
