/**
 * Reads and writes safetensors files (format of github.com/huggingface/safetensors): 8 bytes
 * header length, a JSON header, then the tensors' bytes, little-endian. Weights are kept in it.
 */
import { DataError } from './data-error.ts';
import { readElements, type StoredTensor } from './safetensors-elements.ts';
import { parseHeader } from './safetensors-header.ts';

export interface Safetensors {
  /** By name, in the order in which their bytes lie. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a file's bytes. F16, BF16 and F64 become f32 (F64 rounded), I64 becomes i32 if every value fits.
 * Names that end in `/__pad` only align the others and are left out. Values are copies. Throws a DataError when
 * header and size disagree in any way, or for a type that is not known here.
 */
export function decodeSafetensors(bytes: Uint8Array<ArrayBuffer>, file: string): Safetensors {
  const { entries, metadata, dataStart } = parseHeader(bytes, file);
  const tensors = new Map<string, StoredTensor>();
  for (const entry of entries) {
    if (entry.name.endsWith('/__pad')) continue;
    const data = bytes.slice(dataStart + entry.begin, dataStart + entry.end);
    const { dtype, values } = readElements(entry, data, file);
    tensors.set(entry.name, { dtype, shape: entry.shape, values });
  }
  return { tensors, metadata };
}

const writtenTypes = { f32: 'F32', i32: 'I32', u32: 'U32', u8: 'U8' } as const;

/**
 * The bytes of a file with these tensors; four-byte types come first so that all of them are aligned,
 * otherwise the order is kept. Same tensors, same bytes.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort(
    ([, left], [, right]) => right.values.BYTES_PER_ELEMENT - left.values.BYTES_PER_ELEMENT,
  );
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set('__metadata__', metadata);
  let length = 0;
  for (const [name, tensor] of ordered) {
    checkWritable(name, tensor);
    const end = length + tensor.values.byteLength;
    const { dtype, shape } = tensor;
    header.set(name, { dtype: writtenTypes[dtype], shape, data_offsets: [length, end] });
    length = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + length).fill(0x20, 8, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const [, { values }] of ordered) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

function checkWritable(name: string, { shape, values }: StoredTensor): void {
  if (name === '__metadata__') {
    throw new DataError(name, 'this name is reserved by the safetensors format');
  }
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements !== values.length) {
    throw new DataError(
      name,
      `shape [${shape.join(', ')}] has ${elements} elements, there are ${values.length} values`,
    );
  }
}
