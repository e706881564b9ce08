/** Whole numbers that choose a class or a row are checked when data are loaded (NN0505), never clamped. */
import { type Dim, substitute } from '../compiler/graph/dim.ts';
import type { ModelInput } from '../compiler/model.ts';
import { type Diagnostic, report } from '../grammar/index.ts';
import type { Feed } from './feed.ts';

/** A diagnostic for each input whose data go beyond what the model has classes or rows for. `file`: the model's. */
export function checkRanges(
  inputs: readonly ModelInput[],
  feed: Feed,
  file: string,
): readonly Diagnostic[] {
  return inputs.flatMap((input) => {
    const column = feed.columns.find((one) => one.input === input.name);
    const bound = input.below === undefined ? undefined : boundOf(input.below, feed);
    if (column === undefined || bound === undefined) return [];
    const at = column.values.findIndex((value) => value < 0 || value >= bound);
    if (at < 0) return [];
    const params = {
      column: column.column,
      value: column.values[at] ?? 0,
      row: Math.floor(at / column.elements),
      bound: `\`input ${input.name}\` chooses one of ${bound} (0 to ${bound - 1})`,
    };
    return [report('NN0505', params, { file, span: input.span ?? { start: 0, end: 0 } })];
  });
}

function boundOf(below: Dim, feed: Feed): number | undefined {
  const bound = substitute(below, (name) => feed.sizes[name]);
  return typeof bound === 'number' ? bound : undefined;
}
