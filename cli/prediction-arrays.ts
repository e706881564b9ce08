/** Predictions as NPY and NPZ files: each output one array, written batch by batch. */
import { crc32, npyHeader, type WrittenType, zipDirectory, zipLocalHeader } from '../data/index.ts';
import type { PredictedTensor, Prediction } from '../train/index.ts';
import { EXIT, UserError } from './failure.ts';
import type { OutputFile } from './output-file.ts';
import type { PredictionWriter } from './prediction-writer.ts';

/** One array of rows; more than one output is NPZ's. */
export function npyWriter(
  write: (bytes: Uint8Array) => void,
  rows: number,
  batch: number,
): PredictionWriter {
  let begun = false;
  return {
    write({ outputs }) {
      const [output, another] = outputs;
      if (output === undefined) return;
      if (another !== undefined)
        throw new UserError(
          `there are ${outputs.length} outputs, and an .npy file holds one array`,
          `choose one, --only ${output.name}, or write all into an archive: --format npz`,
          EXIT.usage,
        );
      if (!begun) write(npyHeader(...arrayType(output, rows, batch)));
      begun = true;
      write(elementBytes(output));
    },
    end: () => undefined,
  };
}

interface OpenArray {
  readonly name: string;
  /** Where the entry's header lies, and where its bytes end so far. */
  readonly header: number;
  readonly size: number;
  at: number;
  checksum: number;
}

/** Zip archives below 4 GiB have 32 bits for every place. */
const largestArchive = 2 ** 32 - 1;

/** Sizes are known from the first batch on, so every array has its place in the file before it is complete. */
export function npzWriter(file: OutputFile, rows: number, batch: number): PredictionWriter {
  const arrays = new Map<string, OpenArray>();
  let length = 0;

  return {
    write({ outputs }) {
      if (arrays.size === 0) for (const output of outputs) open(output);
      for (const output of outputs) {
        const array = arrays.get(output.name);
        if (array !== undefined) add(array, elementBytes(output));
      }
    },
    end() {
      for (const { name, header, size, checksum } of arrays.values())
        file.writeAt(header, zipLocalHeader(name, size, checksum));
      file.writeAt(length, zipDirectory([...arrays.values()], length));
    },
  };

  function open(output: PredictedTensor): void {
    const [dtype, shape] = arrayType(output, rows, batch);
    const header = npyHeader(dtype, shape);
    const name = `${output.name}.npy`;
    const size = header.length + shape.reduce((a, b) => a * b, elementSize[dtype]);
    const start = length + zipLocalHeader(name, size, 0).length;
    const array: OpenArray = { name, header: length, size, at: start, checksum: 0 };
    length = start + size;
    if (length > largestArchive)
      throw new UserError(
        'the outputs are more than the 4 GiB that an .npz archive holds',
        `write one array: --format npy --only ${output.name}`,
      );
    arrays.set(output.name, array);
    add(array, header);
  }

  function add(array: OpenArray, bytes: Uint8Array): void {
    file.writeAt(array.at, bytes);
    array.checksum = crc32(bytes, array.checksum);
    array.at += bytes.length;
  }
}

const elementSize: Readonly<Record<WrittenType, number>> = {
  f32: 4,
  i32: 4,
  u32: 4,
  u8: 1,
  bool: 1,
};

/** The array that all batches of an output make. */
function arrayType(
  { name, dtype, shape, byRow }: PredictedTensor,
  rows: number,
  batch: number,
): [WrittenType, readonly number[]] {
  if (!byRow && rows > batch)
    throw new UserError(
      `\`${name}\` is one value for a whole batch, and there are ${Math.ceil(rows / batch)} batches`,
      `take all rows at once, --batch ${rows}, or choose other outputs with --only`,
    );
  return [writtenType(dtype), byRow ? [rows, ...shape.slice(1)] : shape];
}

function writtenType(dtype: string): WrittenType {
  return dtype === 'i32' || dtype === 'u32' || dtype === 'bool' ? dtype : 'f32';
}

function elementBytes({ dtype, values }: Prediction['outputs'][number]): Uint8Array {
  switch (writtenType(dtype)) {
    case 'bool':
      return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
    case 'f32':
      return bytesOf(Float32Array.from(values));
    case 'i32':
      return bytesOf(Int32Array.from(values));
    default:
      return bytesOf(Uint32Array.from(values));
  }
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
