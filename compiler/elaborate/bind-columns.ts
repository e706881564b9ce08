/**
 * Which column of a data set feeds which input (language section 2.8): the same name first, the rest in
 * order of declaration where rank, sizes and kind fit; otherwise NN0504 shows both sides.
 */
import { type Place, report } from '../../grammar/catalogue/index.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { isSymbolic, shapeText, substitute, symbol, symbolsOf } from '../graph/dim.ts';
import type { ModelInput } from '../model.ts';

/** A column; `rowShape` is the shape of one row, `[28, 28]`. */
export interface Column {
  readonly name: string;
  readonly rowShape: readonly number[];
  readonly kind: 'integer' | 'float';
  readonly dtype: string;
}

export interface ColumnBinding {
  /** Input name to column name. */
  readonly mapping?: Readonly<Record<string, string>>;
  readonly diagnostic?: Diagnostic;
}

export function bindColumns(
  inputs: readonly ModelInput[],
  columns: readonly Column[],
  options: {
    /** The `columns:` map of the file. */
    readonly map?: Readonly<Record<string, string>>;
    /** The data set's name, for the message. */
    readonly data: string;
    readonly place: Place;
  },
): ColumnBinding {
  const sizes = new Map<string, number>();
  const mapping: Record<string, string> = {};
  const used = new Set<string>();
  const bind = (input: ModelInput, column: Column | undefined, sameKind: boolean): boolean => {
    if (column === undefined || !fits(input, column, sizes, sameKind)) return false;
    mapping[input.name] = column.name;
    used.add(column.name);
    return true;
  };
  const named = (name: string): Column | undefined => columns.find((c) => c.name === name);
  const failed: ModelInput[] = [];
  const open: ModelInput[] = [];
  for (const input of inputs) {
    const chosen = options.map?.[input.name];
    const column = named(chosen ?? input.name);
    if (chosen === undefined && column === undefined) open.push(input);
    else if (!bind(input, column, false)) failed.push(input);
  }
  for (const input of open) {
    const column = columns.find((c) => !used.has(c.name) && fits(input, c, new Map(sizes), true));
    if (!bind(input, column, true)) failed.push(input);
  }
  if (failed.length === 0) return { mapping };
  return { diagnostic: misfit(inputs, columns, mapping, failed, options.data, options.place) };
}

/**
 * Whether rows of the column can feed the input. The leading symbol is the row; other symbols take the
 * sizes of the first column that has them. Integers may feed a float input that asks for them by name.
 */
function fits(
  input: ModelInput,
  column: Column,
  sizes: Map<string, number>,
  sameKind: boolean,
): boolean {
  const [rows, ...rest] = input.shape;
  if (rows === undefined || !isSymbolic(rows) || rest.length !== column.rowShape.length)
    return false;
  const kind = input.storage === 'f32' || input.storage === 'f16' ? 'float' : 'integer';
  if (kind !== column.kind && (sameKind || kind === 'integer')) return false;
  return rest.every((d, i) => {
    const actual = column.rowShape[i] ?? -1;
    const known = substitute(d, (name) => sizes.get(name));
    if (!isSymbolic(known)) return known === actual;
    const [name] = symbolsOf(known);
    if (name === undefined || known.key !== name) return false;
    sizes.set(name, actual);
    return true;
  });
}

function misfit(
  inputs: readonly ModelInput[],
  columns: readonly Column[],
  mapping: Readonly<Record<string, string>>,
  failed: readonly ModelInput[],
  data: string,
  place: Place,
): Diagnostic {
  const left = inputs.map((i) => `${i.name} ${i.storage}${shapeText(i.shape)}`);
  const right = columns.map(
    (c) => `${c.name} ${c.dtype}${shapeText([symbol('row'), ...c.rowShape])}`,
  );
  const taken = new Set(Object.values(mapping));
  const guesses = failed.map((input): string => {
    const free = columns.find((c) => !taken.has(c.name) && fits(input, c, new Map(), false));
    if (free !== undefined) taken.add(free.name);
    return `${input.name}: "${free?.name ?? '...'}"`;
  });
  const filled = [
    ...Object.entries(mapping).map(([input, column]) => `${input}: "${column}"`),
    ...guesses,
  ];
  const why = failed.map((input) => {
    const own = columns.find((c) => c.name === input.name);
    if (own === undefined) return `no column for \`${input.name}\``;
    return own.kind === 'float' && own.rowShape.length === input.shape.length - 1
      ? `the column \`${own.name}\` has fractions or too large numbers for ${input.storage}`
      : `the column \`${own.name}\` has other sizes than the input`;
  });
  // Every column of a table is one number a row.
  const wide = failed.some(
    (i) => i.shape.length > 1 && columns.every((c) => c.rowShape.length === 0),
  );
  const stack =
    'a column of a table is one number a row: `input a: f32[batch]` for each, then `concat([a[:, None], b[:, None]], axis=-1)`';
  return report(
    'NN0504',
    { data, columns: `{${filled.join(', ')}}` },
    {
      ...place,
      facts: [
        `inputs of the file: ${left.join(', ')}`,
        `columns of the data: ${right.join(', ')}`,
        ...why,
        ...(place.facts ?? []),
      ],
      ...(wide ? { help: stack } : {}),
    },
  );
}
