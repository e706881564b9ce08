/**
 * An array in a file: where its elements lie, and how they are written. What a header promises is
 * compared with what the file has before anything is read or allocated.
 */
import { DataError, grouped } from './data-error.ts';
import type { AnyColumn, Column, ColumnValues, StoredRows } from './dataset.ts';
import { allocate, decodeElements, type ElementType } from './element-type.ts';
import { markOf, type OpenFile } from './files.ts';
import { toRowMajor } from './row-major.ts';

export interface ArrayLayout {
  readonly element: ElementType;
  readonly shape: readonly number[];
  /** The first element's byte in the file. */
  readonly start: number;
  /** Fortran's order: the first axis varies fastest. */
  readonly columnMajor: boolean;
}

/** A handful of dimensions is all that models use; a larger count is a damaged header. */
export const MOST_DIMENSIONS = 8;

/** Rows are numbered in 32 bits. */
const MOST_ROWS = 2 ** 32 - 1;

/** Bytes of the elements, as the header has it. */
export const layoutBytes = ({ element, shape }: ArrayLayout): number =>
  shape.reduce((product, size) => product * size, element.bytes);

/** Throws a DataError unless the file has exactly the bytes that its header promises. */
export function checkLength(layout: ArrayLayout, size: number, file: string): void {
  const promised = layout.start + layoutBytes(layout);
  if (promised === size) return;
  throw new DataError(
    file,
    `the header promises ${grouped(promised)} bytes, the file has ${grouped(size)}`,
    `the header's sizes are ${layout.shape.join(' x ')} of ${layout.element.name}; ` +
      (promised > size
        ? 'a shorter file is usually a broken download'
        : 'what follows the array belongs to nothing'),
  );
}

/** The array as a column: its first axis is the rows. */
export function arrayColumn(
  name: string,
  layout: ArrayLayout,
  values: ColumnValues,
  file: string,
): Column {
  return { ...columnInfo(name, layout, file), values };
}

/** All elements, row-major; `bytes` are those of the elements alone. */
export function decodeArray(
  layout: ArrayLayout,
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
): ColumnValues {
  const { element, shape, columnMajor } = layout;
  const values = decodeElements(element, bytes, { file, first: 0 });
  return columnMajor && shape.length > 1 ? toRowMajor(values, shape) : values;
}

/** A column that reads its rows from the file. */
export async function storedArrayColumn(
  name: string,
  layout: ArrayLayout,
  source: OpenFile,
  file: string,
): Promise<AnyColumn> {
  if (layout.columnMajor && layout.shape.length > 1) {
    throw new DataError(
      file,
      'an array in Fortran order is not read piece by piece, and this one is too large for memory',
      'save it row by row: `np.save(file, np.ascontiguousarray(a))`',
    );
  }
  return {
    ...columnInfo(name, layout, file),
    stored: storedArray(layout, source, file, await markOf(source)),
  };
}

function columnInfo(name: string, { element, shape }: ArrayLayout, file: string) {
  const [rows, ...rowShape] = shape;
  if (rows === undefined) throw new DataError(file, 'this is a single number, not rows of data');
  if (rows === 0) throw new DataError(file, 'there are no rows');
  if (rows > MOST_ROWS) {
    throw new DataError(
      file,
      `there are ${grouped(rows)} rows; up to ${grouped(MOST_ROWS)} are read`,
    );
  }
  if (rowShape.includes(0)) {
    throw new DataError(file, `its rows are empty: the shape is ${shape.join(' x ')}`);
  }
  const kind = element.dtype === 'f32' ? ('float' as const) : ('integer' as const);
  return { name, dtype: element.dtype, kind, rowShape };
}

/** Neighbouring rows are read at once. */
function storedArray(
  { element, shape, start }: ArrayLayout,
  source: OpenFile,
  file: string,
  fileMark: string,
) {
  const [rows = 0, ...rowShape] = shape;
  const elements = rowShape.reduce((product, size) => product * size, 1);
  const rowBytes = elements * element.bytes;
  return {
    rows,
    mark: `${fileMark} from ${start}`,
    async read(wanted: Uint32Array): Promise<ColumnValues> {
      const values = allocate(element.dtype, wanted.length * elements);
      const places = Uint32Array.from(wanted.keys()).sort(
        (a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0),
      );
      for (let at = 0; at < places.length; ) {
        const first = wanted[places[at] ?? 0] ?? 0;
        let count = 1;
        while (wanted[places[at + count] ?? -1] === first + count) count++;
        const bytes = await source.read(start + first * rowBytes, count * rowBytes);
        if (bytes.length < count * rowBytes)
          throw new DataError(file, 'the file has become shorter');
        const found = decodeElements(element, bytes, { file, first: first * elements });
        for (let row = 0; row < count; row++) {
          const place = places[at + row] ?? 0;
          values.set(found.subarray(row * elements, (row + 1) * elements), place * elements);
        }
        at += count;
      }
      return values;
    },
  } satisfies StoredRows;
}
