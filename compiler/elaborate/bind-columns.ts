/**
 * Which columns of a data set feed which input (language section 2.8): those that `columns:` says, then
 * the same name, the rest in order of declaration where rank, sizes and kind fit; otherwise NN0504 shows
 * both sides.
 */
import type { Place } from '../../grammar/catalogue/index.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { ColumnChoice, ModelInput } from '../model.ts';
import { type Column, fits, type KnownSizes } from './column.ts';
import { columnMisfit, type Failure } from './column-misfit.ts';

export interface ColumnBinding {
  /** Input name to the name of its column, or of the columns of one number each that make its rows. */
  readonly mapping?: ColumnChoice;
  readonly diagnostic?: Diagnostic;
}

export function bindColumns(
  inputs: readonly ModelInput[],
  columns: readonly Column[],
  options: {
    /** The `columns:` map of the file. */
    readonly map?: ColumnChoice;
    /** The data set's name, for the message. */
    readonly data: string;
    readonly place: Place;
  },
): ColumnBinding {
  const sizes: KnownSizes = new Map();
  const mapping: Record<string, string | readonly string[]> = {};
  const used = new Set<string>();
  const failures: Failure[] = [];
  const bind = (input: ModelInput, choice: string | readonly string[], found: Column): boolean => {
    if (!fits(input, found, sizes, false)) return false;
    mapping[input.name] = choice;
    for (const name of typeof choice === 'string' ? [choice] : choice) used.add(name);
    return true;
  };
  const open: ModelInput[] = [];
  for (const input of inputs) {
    const chosen = options.map?.[input.name];
    const own = columns.find((one) => one.name === input.name);
    if (chosen !== undefined) {
      const choice = chosenColumns(chosen, columns);
      if ('problem' in choice) failures.push({ input, problem: choice.problem });
      else if (!bind(input, choice.names, choice.column))
        failures.push({ input, column: choice.column });
    } else if (own === undefined) open.push(input);
    else if (!bind(input, own.name, own)) failures.push({ input, column: own });
  }
  for (const input of open) {
    const free = columns.filter((one) => !used.has(one.name));
    const fitting = free.filter((one) => fits(input, one, new Map(sizes), true));
    const column = preferred(input, fitting);
    if (column === undefined || !bind(input, column.name, column)) failures.push({ input });
  }
  if (failures.length === 0) return { mapping };
  const { data, place } = options;
  return { diagnostic: columnMisfit({ inputs, columns, mapping, failures, data, place }) };
}

/** The first; for an input of class numbers, the first that has classes. */
function preferred(input: ModelInput, fitting: readonly Column[]): Column | undefined {
  const classes =
    input.below === undefined ? undefined : fitting.find((one) => one.classes !== undefined);
  return classes ?? fitting[0];
}

type Chosen =
  | { readonly names: string | readonly string[]; readonly column: Column }
  | { readonly problem: string };

/** `"label"`, `"c0..c3"`, `["a", "b", "c0..c3"]`: a range is of columns in the order of the data. */
function chosenColumns(chosen: string | readonly string[], columns: readonly Column[]): Chosen {
  const single = columns.find((one) => one.name === chosen);
  if (single !== undefined) return { names: single.name, column: single };
  const parts: Column[] = [];
  for (const name of typeof chosen === 'string' ? [chosen] : chosen) {
    const found = rangeOf(name, columns);
    if (typeof found === 'string') return { problem: found };
    parts.push(...found);
  }
  const wide = parts.find((one) => one.rowShape.length > 0);
  if (wide !== undefined && parts.length > 1)
    return { problem: `\`${wide.name}\` has more than one number a row, so it joins no others` };
  const kind = parts.some((one) => one.kind === 'float') ? 'float' : 'integer';
  const names = parts.map((one) => one.name);
  const [first] = parts;
  const rowShape = [parts.length, ...(first?.rowShape ?? [])];
  return { names, column: { name: names.join(', '), rowShape, kind, dtype: first?.dtype ?? '' } };
}

/** The columns of a name or a range, or what is wrong with it. */
function rangeOf(name: string, columns: readonly Column[]): readonly Column[] | string {
  const place = (one: string): number => columns.findIndex((column) => column.name === one);
  const at = place(name);
  if (at >= 0) return columns.slice(at, at + 1);
  const [, first, last] = /^(.+?)\.\.(.+)$/.exec(name) ?? [];
  if (first === undefined || last === undefined) return `there is no column \`${name}\``;
  const missing = [first, last].find((one) => place(one) < 0);
  if (missing !== undefined) return `there is no column \`${missing}\``;
  if (place(first) > place(last)) return `\`${first}\` comes after \`${last}\` in the data`;
  return columns.slice(place(first), place(last) + 1);
}
