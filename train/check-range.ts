/** Whole numbers that choose a class or a row are checked when data are loaded (NN0505), never clamped. */
import type { ModelInput } from '../compiler/model.ts';
import { type Diagnostic, report } from '../grammar/index.ts';
import type { ElementArray } from './element-arrays.ts';
import type { Feed, FeedColumn } from './feed.ts';
import { sizeIn } from './sizes.ts';

/** A diagnostic for each input whose data go beyond what the model has classes or rows for. `file`: the model's. */
export async function checkRanges(
  inputs: readonly ModelInput[],
  feed: Feed,
  file: string,
): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const input of inputs) {
    const column = feed.columns.find((one) => one.input === input.name);
    const bound = input.below === undefined ? undefined : sizeIn(input.below, feed.sizes);
    if (column === undefined || bound === undefined) continue;
    const allowed: Allowed = { below: bound, besides: input.besides ?? [] };
    const outside = await findOutside(column, feed.rows, allowed);
    if (outside === undefined) continue;
    const params = {
      column: column.column,
      value: outside.value,
      row: (feed.firstRow ?? 0) + outside.row,
      bound: `\`input ${input.name}\` chooses one of ${bound} (0 to ${bound - 1})`,
    };
    found.push(report('NN0505', params, { file, span: input.span ?? { start: 0, end: 0 } }));
  }
  return found;
}

/** Rows of a file that are looked at at once. */
const PIECE = 1 << 14;

interface Allowed {
  readonly below: number;
  readonly besides: readonly number[];
}

async function findOutside(column: FeedColumn, rows: number, allowed: Allowed) {
  if (column.values !== undefined) return outsideIn(column.values, column.elements, allowed, 0);
  for (let from = 0; from < rows; from += PIECE) {
    const count = Math.min(PIECE, rows - from);
    const values = await column.read(Uint32Array.from({ length: count }, (_, row) => from + row));
    const found = outsideIn(values, column.elements, allowed, from);
    if (found !== undefined) return found;
  }
  return undefined;
}

function outsideIn(values: ElementArray, elements: number, allowed: Allowed, firstRow: number) {
  const { below, besides } = allowed;
  const at = values.findIndex((v) => (v < 0 || v >= below) && !besides.includes(v));
  if (at < 0) return undefined;
  return { value: values[at] ?? 0, row: firstRow + Math.floor(at / elements) };
}
