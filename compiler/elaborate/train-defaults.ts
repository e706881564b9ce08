/** The keys of a `train` section that are the trainer's defaults: data, batches, how long, from which seed. */
import type { Entry } from '../../grammar/ast.ts';
import { nearest } from '../../grammar/did-you-mean.ts';
import type { ColumnChoice, TrainDefaults } from '../model.ts';
import { complain } from './report.ts';
import type { Run } from './run.ts';
import { lookup } from './scope.ts';
import type { Place, Scope, Value } from './value.ts';

export function wrong(
  run: Run,
  entry: Entry,
  scope: Scope,
  expected: string,
  instead?: string,
): undefined {
  const place: Place = { source: scope.source, span: entry.value.span };
  complain(run, 'NN0501', { problem: 'value', key: entry.key.text, expected, instead }, place);
  return undefined;
}

export function readNumber(
  run: Run,
  entry: Entry,
  scope: Scope,
  accept: (x: number) => boolean,
  expected: string,
): number | undefined {
  const value = run.evaluate(entry.value, scope);
  if (value.kind === 'number' && accept(value.value)) return value.value;
  return value.kind === 'unknown' ? undefined : wrong(run, entry, scope, expected);
}

export const positiveInteger = (x: number): boolean => Number.isInteger(x) && x > 0;

/** An entry's value; undefined where it has none, or a mistake, which is reported. */
type Reader<T> = (run: Run, entry: Entry, scope: Scope) => T | undefined;

/** What `accept` makes of a value; where that is nothing, a mistake. */
const reading =
  <T>(accept: (value: Value) => T | undefined, expected: string, instead?: string): Reader<T> =>
  (run, entry, scope) => {
    const value = run.evaluate(entry.value, scope);
    const accepted = accept(value);
    if (accepted !== undefined || value.kind === 'unknown') return accepted;
    return wrong(run, entry, scope, expected, instead);
  };

const text = (value: Value): string | undefined =>
  value.kind === 'string' ? value.value : undefined;
const numberThat =
  (accept: (x: number) => boolean) =>
  (value: Value): number | undefined =>
    value.kind === 'number' && accept(value.value) ? value.value : undefined;
const count = numberThat(positiveInteger);
const whole = reading(count, 'a positive whole number');

/** One for each of the keys that are the trainer's. */
const readers: { readonly [K in keyof TrainDefaults]-?: Reader<TrainDefaults[K]> } = {
  batch: reading(
    (value) => (text(value) === 'all' ? 'all' : count(value)),
    'a positive whole number or "all"',
  ),
  epochs: whole,
  steps: whole,
  data(run, entry, scope) {
    const expected = 'a name or a path in quotes';
    const bare = unquoted(entry, scope);
    if (bare !== undefined) return wrong(run, entry, scope, expected, `"${bare}"`);
    return reading(text, expected, '"mnist"')(run, entry, scope);
  },
  columns: readColumns,
  limit: whole,
  window: whole,
  shuffle: reading(
    (value) => (value.kind === 'bool' ? value.value : undefined),
    '`true` or `false`',
  ),
  seed: reading(
    numberThat((x) => Number.isInteger(x) && x >= 0),
    'a whole number',
  ),
  validation: reading(
    (value) => text(value) ?? numberThat((x) => x > 0 && x < 1)(value),
    'a fraction between 0 and 1, or the name of a split or a file',
    '"test"',
  ),
  checkpoint: reading(
    (value) => text(value) ?? count(value),
    'a file in quotes, or a number of epochs',
    '"run.safetensors"',
  ),
  patience: whole,
  monitor: reading(text, 'the name of a loss or metric in quotes', '"accuracy"'),
  minDelta: reading(
    numberThat((x) => x >= 0),
    'a number from 0 on',
  ),
  keep: reading((value) => {
    const given = text(value);
    return given === 'best' || given === 'last' ? given : undefined;
  }, '"best" or "last"'),
};

/** By the name that it has in a file. */
const byName: ReadonlyMap<string, keyof TrainDefaults> = new Map(
  (Object.keys(readers) as (keyof TrainDefaults)[]).map((key) => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    key,
  ]),
);

export const defaultKeys: readonly string[] = [...byName.keys()];

/** What one of `defaultKeys` says; nothing where it is wrong. */
export function readDefault(run: Run, entry: Entry, scope: Scope): TrainDefaults {
  const key = byName.get(entry.key.text);
  const value = key && readers[key](run, entry, scope);
  return key === undefined || value === undefined ? {} : { [key]: value };
}

/** A word that stands for nothing and was meant as text: `data: mnist`. */
const unquoted = ({ value }: Entry, scope: Scope): string | undefined =>
  value.kind === 'name' && lookup(scope, value.name) === undefined ? value.name : undefined;

/** `{X: "pixels", y: ["a", "b"], target: "label"}`. */
function readColumns(run: Run, entry: Entry, scope: Scope): ColumnChoice | undefined {
  if (entry.entries === undefined)
    return wrong(run, entry, scope, 'a map from inputs to columns', 'columns: {image: "pixels"}');
  const columns: Record<string, string | readonly string[]> = {};
  for (const column of entry.entries) {
    const value = run.evaluate(column.value, scope);
    const place: Place = { source: scope.source, span: column.key.span };
    if (!run.registry.inputs.has(column.key.text)) {
      const suggestion = nearest(column.key.text, run.registry.inputs.keys());
      complain(
        run,
        'NN0301',
        { name: column.key.text, suggestion },
        place,
        suggestion === undefined ? { help: 'on the left stand inputs of this model' } : {},
      );
      continue;
    }
    const names = columnNames(value);
    if (names !== undefined) columns[column.key.text] = names;
    else if (value.kind !== 'unknown')
      wrong(
        run,
        column,
        scope,
        'the name of a column in quotes, a list of names, or "first..last"',
      );
  }
  return columns;
}

function columnNames(value: Value): string | readonly string[] | undefined {
  if (value.kind === 'string') return value.value;
  if (value.kind !== 'list' || value.items.length === 0) return undefined;
  const names = value.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
  return names.length === value.items.length ? names : undefined;
}
