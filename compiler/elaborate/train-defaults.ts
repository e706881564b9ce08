/** The keys of a `train` section that are the trainer's defaults: data, batches, how long, from which seed. */
import type { Entry } from '../../grammar/ast.ts';
import { nearest } from '../../grammar/did-you-mean.ts';
import type { TrainDefaults } from '../model.ts';
import { complain } from './report.ts';
import type { Run } from './run.ts';
import { lookup } from './scope.ts';
import type { Place, Scope, Value } from './value.ts';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

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

/** Reads one of the keys that are the trainer's. */
export function readDefault(
  run: Run,
  entry: Entry,
  scope: Scope,
  defaults: Mutable<TrainDefaults>,
): void {
  const whole = (): number | undefined =>
    readNumber(run, entry, scope, positiveInteger, 'a positive whole number');
  switch (entry.key.text) {
    case 'data': {
      const expected = 'a name or a path in quotes';
      const bare = unquoted(entry, scope);
      if (bare !== undefined) {
        wrong(run, entry, scope, expected, `"${bare}"`);
        break;
      }
      const value = staticOf(run, entry, scope);
      if (value?.kind === 'string') defaults.data = value.value;
      else if (value !== undefined) wrong(run, entry, scope, expected, '"mnist"');
      break;
    }
    case 'batch': {
      const value = staticOf(run, entry, scope);
      if (value?.kind === 'string' && value.value === 'all') defaults.batch = 'all';
      else if (value?.kind === 'number' && positiveInteger(value.value))
        defaults.batch = value.value;
      else if (value !== undefined) wrong(run, entry, scope, 'a positive whole number or "all"');
      break;
    }
    case 'epochs':
      assign(defaults, 'epochs', whole());
      break;
    case 'steps':
      assign(defaults, 'steps', whole());
      break;
    case 'limit':
      assign(defaults, 'limit', whole());
      break;
    case 'window':
      assign(defaults, 'window', whole());
      break;
    case 'seed':
      assign(
        defaults,
        'seed',
        readNumber(run, entry, scope, (x) => Number.isInteger(x) && x >= 0, 'a whole number'),
      );
      break;
    case 'shuffle': {
      const value = staticOf(run, entry, scope);
      if (value?.kind === 'bool') defaults.shuffle = value.value;
      else if (value !== undefined) wrong(run, entry, scope, '`true` or `false`');
      break;
    }
    case 'validation': {
      const value = staticOf(run, entry, scope);
      if (value?.kind === 'string') defaults.validation = value.value;
      else if (value?.kind === 'number' && value.value > 0 && value.value < 1)
        defaults.validation = value.value;
      else if (value !== undefined)
        wrong(
          run,
          entry,
          scope,
          'a fraction between 0 and 1, or the name of a split or a file',
          '"test"',
        );
      break;
    }
    case 'checkpoint': {
      const value = staticOf(run, entry, scope);
      if (value?.kind === 'string') defaults.checkpoint = value.value;
      else if (value?.kind === 'number' && positiveInteger(value.value))
        defaults.checkpoint = value.value;
      else if (value !== undefined)
        wrong(run, entry, scope, 'a file in quotes, or a number of epochs', '"run.safetensors"');
      break;
    }
    case 'patience':
      assign(defaults, 'patience', whole());
      break;
    case 'min_delta':
      assign(
        defaults,
        'minDelta',
        readNumber(run, entry, scope, (x) => x >= 0, 'a number from 0 on'),
      );
      break;
    case 'monitor': {
      const value = staticOf(run, entry, scope);
      if (value?.kind === 'string') defaults.monitor = value.value;
      else if (value !== undefined)
        wrong(run, entry, scope, 'the name of a loss or metric in quotes', '"accuracy"');
      break;
    }
    case 'keep': {
      const value = staticOf(run, entry, scope);
      if (value?.kind === 'string' && (value.value === 'best' || value.value === 'last'))
        defaults.keep = value.value;
      else if (value !== undefined) wrong(run, entry, scope, '"best" or "last"');
      break;
    }
    case 'columns':
      readColumns(run, entry, scope, defaults);
      break;
    default:
      break;
  }
}

function assign<
  K extends 'epochs' | 'steps' | 'limit' | 'window' | 'seed' | 'patience' | 'minDelta',
>(defaults: Mutable<TrainDefaults>, key: K, value: number | undefined): void {
  if (value !== undefined) defaults[key] = value;
}

/** A word that stands for nothing and was meant as text: `data: mnist`. */
const unquoted = ({ value }: Entry, scope: Scope): string | undefined =>
  value.kind === 'name' && lookup(scope, value.name) === undefined ? value.name : undefined;

/** A value that is not unknown. */
function staticOf(run: Run, entry: Entry, scope: Scope): Value | undefined {
  const value = run.evaluate(entry.value, scope);
  return value.kind === 'unknown' ? undefined : value;
}

/** `{X: "pixels", y: ["a", "b"], target: "label"}`. */
function readColumns(run: Run, entry: Entry, scope: Scope, defaults: Mutable<TrainDefaults>): void {
  if (entry.entries === undefined) {
    wrong(run, entry, scope, 'a map from inputs to columns', 'columns: {image: "pixels"}');
    return;
  }
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
        suggestion === undefined ? { help: 'on the left stand inputs of this file' } : {},
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
  defaults.columns = columns;
}

function columnNames(value: Value): string | readonly string[] | undefined {
  if (value.kind === 'string') return value.value;
  if (value.kind !== 'list' || value.items.length === 0) return undefined;
  const names = value.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
  return names.length === value.items.length ? names : undefined;
}
