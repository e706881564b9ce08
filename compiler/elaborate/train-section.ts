/** The `train` section: defaults for the trainer, checked key by key. */
import type { Entry, Section } from '../../grammar/ast.ts';
import { nearest } from '../../grammar/did-you-mean.ts';
import type { TrainDefaults } from '../model.ts';
import { entryOf, otherKeys } from './other-frameworks.ts';
import { complain } from './report.ts';
import type { Run } from './run.ts';
import { lookup } from './scope.ts';
import type { Place, Scope, Value } from './value.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface TrainSection {
  readonly defaults: TrainDefaults;
  readonly optimizer?: Entry;
  /** Largest norm of all gradients together. */
  readonly clip?: number;
}

const keys = [
  'optimizer',
  'batch',
  'epochs',
  'steps',
  'data',
  'columns',
  'limit',
  'shuffle',
  'seed',
  'validation',
  'clip',
  'freeze',
  'minimize',
  'params',
  'every',
  'checkpoint',
] as const;
const notYet: readonly string[] = ['freeze', 'minimize', 'params', 'every', 'checkpoint'];

export function readTrainSection(
  run: Run,
  section: Section | undefined,
  scope: Scope,
): TrainSection {
  const defaults: Mutable<TrainDefaults> = { hasOptimizer: false };
  let optimizer: Entry | undefined;
  let clip: number | undefined;
  const seen = new Set<string>();
  for (const entry of section?.entries ?? []) {
    const key = entry.key.text;
    const place: Place = { source: scope.source, span: entry.key.span };
    if (!(keys as readonly string[]).includes(key)) {
      const suggestion = nearest(key, keys);
      const help = entryOf(otherKeys, key);
      complain(run, 'NN0501', { problem: 'key', key, suggestion }, place, { help });
      continue;
    }
    if (seen.has(key)) {
      complain(run, 'NN0305', { callee: 'train', problem: 'duplicate', argument: key }, place);
      continue;
    }
    seen.add(key);
    if (notYet.includes(key)) complain(run, 'NN0190', { what: `\`${key}\` in \`train\`` }, place);
    else if (key === 'optimizer') optimizer = entry;
    else if (key === 'clip')
      clip = readNumber(run, entry, scope, (x) => x > 0, 'a positive number');
    else readEntry(run, entry, scope, defaults);
  }
  defaults.hasOptimizer = optimizer !== undefined;
  return {
    defaults,
    ...(optimizer === undefined ? {} : { optimizer }),
    ...(clip === undefined ? {} : { clip }),
  };
}

function wrong(
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

function readNumber(
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

const positiveInteger = (x: number): boolean => Number.isInteger(x) && x > 0;

function readEntry(run: Run, entry: Entry, scope: Scope, defaults: Mutable<TrainDefaults>): void {
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
        wrong(run, entry, scope, 'a fraction between 0 and 1, or the name of a split', '"test"');
      break;
    }
    case 'columns':
      readColumns(run, entry, scope, defaults);
      break;
    default:
      break;
  }
}

function assign<K extends 'epochs' | 'steps' | 'limit' | 'seed'>(
  defaults: Mutable<TrainDefaults>,
  key: K,
  value: number | undefined,
): void {
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

/** `{X: "pixels", target: "label"}`. */
function readColumns(run: Run, entry: Entry, scope: Scope, defaults: Mutable<TrainDefaults>): void {
  if (entry.entries === undefined) {
    wrong(run, entry, scope, 'a map from inputs to columns', 'columns: {image: "pixels"}');
    return;
  }
  const columns: Record<string, string> = {};
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
    } else if (value.kind === 'string') columns[column.key.text] = value.value;
    else if (value.kind !== 'unknown') wrong(run, column, scope, 'the name of a column in quotes');
  }
  defaults.columns = columns;
}
