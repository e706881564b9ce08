/** NN0504: the inputs of a file beside the columns of its data, and a `columns:` that would bind them. */
import { type Place, report } from '../../grammar/catalogue/index.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { nearest } from '../../grammar/did-you-mean.ts';
import { isSymbolic, shapeText, symbol } from '../graph/dim.ts';
import type { ColumnChoice, ModelInput } from '../model.ts';
import { type Column, fits, kindOf } from './column.ts';

/** An input that nothing feeds; `column`: the one that was to; `problem`: why none was found. */
export interface Failure {
  readonly input: ModelInput;
  readonly column?: Column;
  readonly problem?: string;
}

interface Misfit {
  readonly inputs: readonly ModelInput[];
  readonly columns: readonly Column[];
  readonly mapping: ColumnChoice;
  readonly failures: readonly Failure[];
  readonly data: string;
  readonly place: Place;
}

export function columnMisfit(misfit: Misfit): Diagnostic {
  const { inputs, columns, failures, data, place } = misfit;
  const left = inputs.map((i) => `${i.name} ${i.storage}${shapeText(i.shape)}`);
  return report(
    'NN0504',
    { data, columns: `{${proposal(misfit).join(', ')}}` },
    {
      ...place,
      facts: [
        `inputs of the file: ${left.join(', ')}`,
        `columns of the data: ${columnsText(columns)}`,
        ...failures.map((failure) => why(failure, columns)),
        ...(place.facts ?? []),
      ],
    },
  );
}

const typeText = ({ dtype, rowShape }: Column): string =>
  `${dtype}${shapeText([symbol('row'), ...rowShape])}`;

/** `c0 to c29 f32[row], c30 u8[row]`: neighbours of one type are put together. */
function columnsText(columns: readonly Column[]): string {
  const groups: Column[][] = [];
  for (const column of columns) {
    const group = groups.at(-1);
    if (group?.[0] !== undefined && typeText(group[0]) === typeText(column)) group.push(column);
    else groups.push([column]);
  }
  return groups
    .flatMap((group) => {
      const [first] = group;
      const last = group.at(-1);
      if (first === undefined || last === undefined) return [];
      if (group.length > 3) return [`${first.name} to ${last.name} ${typeText(first)}`];
      return group.map((one) => `${one.name} ${typeText(one)}`);
    })
    .join(', ');
}

function why({ input, column, problem }: Failure, columns: readonly Column[]): string {
  if (problem !== undefined) {
    const [, name = ''] = /no column `(.*)`/.exec(problem) ?? [];
    const near = nearest(
      name,
      columns.map((one) => one.name),
    );
    return `for \`${input.name}\`, ${problem}${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
  }
  if (column === undefined) return `no column for \`${input.name}\``;
  const said = column.name.includes(', ') ? 'the columns' : 'the column';
  const fractions = column.kind === 'float' && kindOf(input) === 'integer';
  if (fractions && column.rowShape.length === input.shape.length - 1)
    return `${said} \`${column.name}\` ${column.name.includes(', ') ? 'have' : 'has'} fractions or too large numbers for ${input.storage}`;
  return `a row of ${said} \`${column.name}\` is ${shapeText(column.rowShape)}, a row of the input ${shapeText(input.shape.slice(1))}`;
}

/** One entry for each input: what binds already, and for the others the columns that could. */
function proposal({ inputs, columns, mapping, failures }: Misfit): readonly string[] {
  const failed = new Set(failures.map(({ input }) => input));
  const wide = [...failed].filter((input) => takesSeveral(input, columns));
  const named = (input: ModelInput): boolean =>
    !failed.has(input) && (wide.length === 0 || [mapping[input.name]].flat().includes(input.name));
  const choice: Record<string, readonly string[] | string> = {};
  const taken = new Set<string>();
  const choose = (input: ModelInput, names: readonly string[] | string | undefined): void => {
    choice[input.name] = names ?? '...';
    for (const name of [names ?? []].flat()) taken.add(name);
  };
  const free = (): readonly Column[] => columns.filter((one) => !taken.has(one.name));
  for (const input of inputs) if (named(input)) choose(input, mapping[input.name]);
  // Inputs of one number first: what they leave is for those that take many columns.
  for (const input of inputs)
    if (choice[input.name] === undefined && !wide.includes(input))
      choose(input, guess(input, free())?.name);
  for (const input of wide) choose(input, severalFor(input, free()));
  return inputs.map(({ name }) => `${name}: ${choiceText(choice[name] ?? '...', columns)}`);
}

/** A column of classes for an input of class numbers, else the last one of integers; for others the first that fits. */
function guess(input: ModelInput, columns: readonly Column[]): Column | undefined {
  const fitting = columns.filter((one) => fits(input, one, new Map(), false));
  if (input.below === undefined) return fitting[0];
  return fitting.find((one) => one.classes !== undefined) ?? fitting.at(-1);
}

/** Whether an input has rows of numbers where the data have only single ones. */
function takesSeveral({ shape }: ModelInput, columns: readonly Column[]): boolean {
  return shape.length === 2 && columns.every((one) => one.rowShape.length === 0);
}

function severalFor(input: ModelInput, columns: readonly Column[]): readonly string[] | undefined {
  const fitting = columns.filter((one) => kindOf(input) === 'float' || one.kind === 'integer');
  const [, width] = input.shape;
  const count = width === undefined || isSymbolic(width) ? fitting.length : width;
  if (count === 0 || fitting.length < count) return undefined;
  return fitting.slice(0, count).map((one) => one.name);
}

/** `"label"`, `["a", "b"]`, or `"c0..c29"` for neighbours. */
function choiceText(names: readonly string[] | string, columns: readonly Column[]): string {
  if (typeof names === 'string') return `"${names}"`;
  const [first] = names;
  const last = names.at(-1);
  const from = columns.findIndex((one) => one.name === first);
  const isRange = names.every((name, at) => columns[from + at]?.name === name);
  if (isRange && names.length > 3) return `"${first}..${last}"`;
  return `[${names.map((name) => `"${name}"`).join(', ')}]`;
}
