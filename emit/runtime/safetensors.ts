/**
 * Reading a safetensors file: 8 bytes with the length of a JSON header, the header, then the tensors' bytes. Nothing
 * is believed that the file does not hold.
 */

export interface FileTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export type Weights = ArrayBuffer | Uint8Array;

/** What is described wrongly is left out: it is then missing to whoever needs it. */
export function readSafetensors(weights: Weights): ReadonlyMap<string, FileTensor> {
  const bytes = bytesIn(weights);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length =
    bytes.length < 8 ? Number.NaN : view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (!(length <= bytes.length - 8) || bytes[8] !== 0x7b)
    throw new Error('the weights are no safetensors file, or one that was cut short');
  const header = parseHeader(bytes.subarray(8, 8 + length));
  const data = bytes.subarray(8 + length);
  const tensors = new Map<string, FileTensor>();
  for (const [name, entry] of Object.entries(header)) {
    const { dtype, shape, data_offsets: offsets } = Object(entry) as Record<string, unknown>;
    if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(offsets)) continue;
    const [begin = 0, end = 0] = offsets;
    if (begin > end || end > data.length)
      throw new Error(
        `the weights were cut short: \`${name}\` ends at byte ${end}, there are ${data.length}`,
      );
    tensors.set(name, { dtype, shape, bytes: data.subarray(begin, end) });
  }
  return tensors;
}

function bytesIn(weights: unknown): Uint8Array {
  if (ArrayBuffer.isView(weights))
    return new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
  if (Object.prototype.toString.call(weights) === '[object ArrayBuffer]')
    return new Uint8Array(weights as ArrayBuffer);
  throw new Error(
    'open needs the weights: the bytes of a safetensors file as an ArrayBuffer or Uint8Array',
  );
}

function parseHeader(bytes: Uint8Array): object {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null) return header;
  } catch {
    // Told below.
  }
  throw new Error('the weights are a damaged safetensors file: its header is no JSON object');
}

const isSizes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
