/**
 * A contact sheet: the first images of a data set side by side, a line for each class, as one
 * PNG. What `nnc data show` writes.
 */
import { DataError } from './data-error.ts';
import { type Column, type Dataset, rowElements } from './dataset.ts';
import { encodePng, type GreyImage } from './png.ts';

export interface ContactSheetOptions {
  /** Images in a line; 20 when not given. */
  readonly perLine?: number;
  /** Lines when there are no classes; 10 when not given. */
  readonly lines?: number;
}

const gap = 2;
const gapGrey = 64;
/** Small images (8 by 8) are enlarged to at least this many pixels. */
const leastSize = 28;
/** An integer column of more values than this is no class; the sheet stays small all the same. */
const mostLines = 100;

/** The contact sheet as PNG bytes. Throws a DataError when no column holds grey images. */
export async function contactSheet(
  dataset: Dataset,
  options: ContactSheetOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return encodePng(layOut(dataset, options));
}

function layOut(dataset: Dataset, options: ContactSheetOptions): GreyImage {
  const found = findImages(dataset);
  if (found === undefined) {
    throw new DataError(
      dataset.name,
      'no column holds grey images',
      'a column of shape [height, width], or of a square number of pixels, can be shown',
    );
  }
  const { column, height, width } = found;
  const perLine = options.perLine ?? 20;
  const lines = chooseRows(dataset, perLine, options.lines ?? 10);
  const zoom = Math.max(1, Math.ceil(leastSize / Math.max(height, width)));
  const cellWidth = width * zoom + gap;
  const cellHeight = height * zoom + gap;
  const sheetWidth = perLine * cellWidth + gap;
  const sheetHeight = lines.length * cellHeight + gap;
  const pixels = new Uint8Array(sheetWidth * sheetHeight).fill(gapGrey);
  const { black, white } = extremes(column);
  for (const [line, rows] of lines.entries()) {
    for (const [place, row] of rows.entries()) {
      const corner = (gap + line * cellHeight) * sheetWidth + gap + place * cellWidth;
      for (let y = 0; y < height * zoom; y++) {
        for (let x = 0; x < width * zoom; x++) {
          const from = (row * height + Math.floor(y / zoom)) * width + Math.floor(x / zoom);
          pixels[corner + y * sheetWidth + x] =
            (255 * ((column.values[from] ?? 0) - black)) / (white - black);
        }
      }
    }
  }
  return { width: sheetWidth, height: sheetHeight, pixels };
}

function findImages(
  dataset: Dataset,
): { readonly column: Column; readonly height: number; readonly width: number } | undefined {
  for (const column of dataset.columns) {
    const [height = 0, width = 0, channels = 1] = column.rowShape;
    if (column.rowShape.length >= 2 && column.rowShape.length <= 3 && channels === 1) {
      return { column, height, width };
    }
    const side = Math.sqrt(rowElements(column));
    if (column.rowShape.length === 1 && side > 1 && Number.isInteger(side)) {
      return { column, height: side, width: side };
    }
  }
  return undefined;
}

/** The rows of each line: the first rows of each class, or simply the first rows. */
function chooseRows(
  dataset: Dataset,
  perLine: number,
  lines: number,
): readonly (readonly number[])[] {
  const labels = dataset.columns.find(
    (column) => column.kind === 'integer' && column.rowShape.length === 0,
  );
  const byClass = new Map<number, number[]>();
  for (let row = 0; row < dataset.rows; row++) {
    const key = labels === undefined ? Math.floor(row / perLine) : (labels.values[row] ?? 0);
    if (labels === undefined && key >= lines) break;
    const members = byClass.get(key) ?? [];
    if (members.length < perLine) members.push(row);
    byClass.set(key, members);
  }
  return [...byClass]
    .sort(([left], [right]) => left - right)
    .slice(0, mostLines)
    .map(([, members]) => members);
}

/** The values shown as black and white: 0, or the least when negative, and the largest. */
function extremes(column: Column): { readonly black: number; readonly white: number } {
  let black = 0;
  let white = 0;
  for (const value of column.values) {
    black = Math.min(black, value);
    white = Math.max(white, value);
  }
  return { black, white: white > black ? white : black + 1 };
}
