/**
 * Files written byte by byte, true or not: safetensors, NPY and zip as their formats say, with any field replaced. They
 * share nothing with the readers and writers that they are to test.
 */
import { crc32, deflateRawSync } from 'node:zlib';

export type Bytes = Uint8Array<ArrayBuffer>;

export const join = (...parts: readonly Iterable<number>[]): Bytes =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

export const text = (content: string): Bytes => new TextEncoder().encode(content);

export const zeros = (count: number): Bytes => new Uint8Array(count);

/** The number in little-endian bytes. */
function little(value: number | bigint, width: number): Bytes {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(value), true);
  return new Uint8Array(view.buffer, 0, width);
}

/** `claimed`: the length of the header as its first 8 bytes have it. */
export function safetensors(header: unknown, data: Iterable<number> = [], claimed?: bigint): Bytes {
  const json = text(typeof header === 'string' ? header : JSON.stringify(header));
  return join(little(claimed ?? json.length, 8), json, data);
}

/** What a safetensors header says of a tensor. */
export const tensor = (
  dtype: string,
  shape: readonly unknown[],
  ...offsets: readonly number[]
): unknown => ({ dtype, shape, data_offsets: offsets });

export interface NpyParts {
  readonly descr?: string;
  readonly order?: string;
  readonly shape?: string;
  /** In place of the whole dictionary. */
  readonly header?: string;
  readonly version?: number;
  readonly claimed?: number;
}

export function npy(
  {
    descr = "'<f4'",
    order = 'False',
    shape = '(2,)',
    header = `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`,
    version = 1,
    claimed,
  }: NpyParts,
  data: Iterable<number> = [],
): Bytes {
  const words = text(header);
  const length = little(claimed ?? words.length, version === 1 ? 2 : 4);
  return join([0x93], text('NUMPY'), [version, 0], length, words, data);
}

export interface ZipPart {
  readonly name: string;
  readonly bytes: Bytes;
  readonly deflated?: boolean;
  /** Lies of the directory. */
  readonly method?: number;
  readonly flags?: number;
  readonly size?: number;
  readonly packed?: number;
  readonly checksum?: number;
  readonly header?: number;
}

export interface ZipEnd {
  readonly disk?: number;
  readonly count?: number;
  readonly length?: number;
  readonly from?: number;
}

export function zip(parts: readonly ZipPart[], end: ZipEnd = {}): Bytes {
  const entries: Bytes[] = [];
  const directory: Bytes[] = [];
  let at = 0;
  for (const part of parts) {
    const name = text(part.name);
    const packed = part.deflated === true ? new Uint8Array(deflateRawSync(part.bytes)) : part.bytes;
    const common = (lies: Partial<ZipPart>): Bytes =>
      join(
        little(20, 2),
        little(lies.flags ?? 0, 2),
        little(lies.method ?? (part.deflated === true ? 8 : 0), 2),
        little(0, 4),
        little(lies.checksum ?? crc32(part.bytes), 4),
        little(lies.packed ?? packed.length, 4),
        little(lies.size ?? part.bytes.length, 4),
        little(name.length, 2),
        little(0, 2),
      );
    entries.push(join(text('PK\x03\x04'), common({}), name, packed));
    const place = little(part.header ?? at, 4);
    directory.push(join(text('PK\x01\x02'), little(20, 2), common(part), zeros(10), place, name));
    at += 30 + name.length + packed.length;
  }
  const bytes = join(...directory);
  return join(
    ...entries,
    bytes,
    text('PK\x05\x06'),
    little(end.disk ?? 0, 2),
    little(0, 2),
    little(end.count ?? parts.length, 2),
    little(end.count ?? parts.length, 2),
    little(end.length ?? bytes.length, 4),
    little(end.from ?? at, 4),
    little(0, 2),
  );
}
