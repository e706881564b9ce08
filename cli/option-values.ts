/** Values of command-line options: text to data, refused with a message that says what is expected. */
import { InvalidArgumentError } from 'commander';
import type { SetValue } from '../compiler/elaborate/options.ts';
import type { CheckpointInterval } from '../train/index.ts';

/** A whole number from 1 on; `60_000` and `1e4` are understood. */
export function positiveInteger(text: string): number {
  const value = numberOf(text);
  if (value !== undefined && Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It takes a whole number from 1 on.');
}

/** A whole number from 0 on. */
export function wholeNumber(text: string): number {
  const value = numberOf(text);
  if (value !== undefined && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It takes a whole number from 0 on.');
}

export function positiveNumber(text: string): number {
  const value = numberOf(text);
  if (value !== undefined && value > 0) return value;
  throw new InvalidArgumentError('It takes a number above 0.');
}

/** One or several numbers of rows, each once: `32`, `1,32,128`. */
export function rowCounts(text: string): readonly number[] {
  const counts = text.split(',').map((one) => numberOf(one.trim()));
  if (counts.every((one) => one !== undefined && Number.isSafeInteger(one) && one >= 1))
    return [...new Set(counts as readonly number[])];
  throw new InvalidArgumentError('It takes whole numbers from 1 on: 32, or 1,32,128.');
}

/** A batch size, or `all`. */
export function batchSize(text: string): number | 'all' {
  if (text === 'all') return 'all';
  const value = numberOf(text);
  if (value !== undefined && Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It takes a whole number from 1 on, or `all`.');
}

const intervals: Readonly<Record<string, (count: number) => CheckpointInterval>> = {
  step: (steps) => ({ steps }),
  epoch: (epochs) => ({ epochs }),
  s: (seconds) => ({ seconds }),
  min: (minutes) => ({ seconds: minutes * 60 }),
  h: (hours) => ({ seconds: hours * 3600 }),
};

/** `500` or `500 steps`, `2 epochs`, `90s`, `10min`, `1h`. */
export function interval(text: string): CheckpointInterval {
  const [, number = '', word = ''] = /^\s*([\d._eE]+?)\s*([a-z]*)\s*$/.exec(text) ?? [];
  const unit = word === '' ? 'step' : word.replace(/(step|epoch)s$/, '$1');
  const value = numberOf(number);
  if (value !== undefined && value > 0 && Object.hasOwn(intervals, unit)) {
    const found = intervals[unit]?.(value);
    if (found !== undefined && ('seconds' in found || Number.isInteger(value))) return found;
  }
  throw new InvalidArgumentError('It takes steps, epochs or a time: 500, 2epochs, 30s, 10min.');
}

const byteUnits: Readonly<Record<string, number>> = {
  '': 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** `128MiB`, `1.5 GB`, `4096`: bytes. */
export function byteCount(text: string): number {
  const [, number = '', unit = ''] = /^\s*([\d._eE+]+)\s*([A-Za-z]*)\s*$/.exec(text) ?? [];
  const value = numberOf(number);
  const factor = Object.hasOwn(byteUnits, unit) ? byteUnits[unit] : undefined;
  if (value !== undefined && value > 0 && factor !== undefined) return Math.floor(value * factor);
  throw new InvalidArgumentError('It takes a number of bytes: 128MiB, 1.5GB, 65536.');
}

export function keptName(text: string): 'best' | 'last' {
  if (text === 'best' || text === 'last') return text;
  throw new InvalidArgumentError('It takes `best` or `last`.');
}

/** From 0 on. */
export function notNegative(text: string): number {
  const value = numberOf(text);
  if (value !== undefined && value >= 0) return value;
  throw new InvalidArgumentError('It takes a number from 0 on.');
}

/** A fraction of the training rows, or the name of a split. */
export function validationPart(text: string): number | string {
  const value = numberOf(text);
  if (value === undefined) return text;
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError('It takes a fraction between 0 and 1, or `test`.');
}

/** `--set depth=9 --set 'sizes=[64, 32]'`; numbers, `true`/`false` and lists are taken as such. */
export function setting(
  text: string,
  earlier: Readonly<Record<string, SetValue>> = {},
): Readonly<Record<string, SetValue>> {
  const match = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*=\s*(.*?)\s*$/u.exec(text);
  const [, name, value] = match ?? [];
  if (name === undefined || value === undefined || value === '')
    throw new InvalidArgumentError('It takes NAME=VALUE, as in `--set depth=9`.');
  if (Object.hasOwn(earlier, name)) throw new InvalidArgumentError(`\`${name}\` is set twice.`);
  return { ...earlier, [name]: settingValue(value) };
}

/** `--columns x=c0..c3 --columns 'y=[a, b]'`: what feeds an input, as `columns:` in the file says it. */
export function columnSetting(
  text: string,
  earlier: Readonly<Record<string, string | readonly string[]>> = {},
): Readonly<Record<string, string | readonly string[]>> {
  const [, name, value] = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*=\s*(.*?)\s*$/u.exec(text) ?? [];
  if (name === undefined || value === undefined || value === '')
    throw new InvalidArgumentError(
      'It takes INPUT=COLUMN: `--columns x=c0..c3`, `--columns "x=[a, b]"`.',
    );
  if (Object.hasOwn(earlier, name)) throw new InvalidArgumentError(`\`${name}\` is given twice.`);
  const list = /^\[(.*)\]$/s.exec(value)?.[1];
  if (list === undefined && value.startsWith('['))
    throw new InvalidArgumentError('A list is written `[a, b]`.');
  const bare = (item: string): string => item.replace(/^"(.*)"$/, '$1');
  return { ...earlier, [name]: list === undefined ? bare(value) : listItems(list).map(bare) };
}

function settingValue(text: string): SetValue {
  if (text === 'true' || text === 'false') return text === 'true';
  const list = /^\[(.*)\]$/s.exec(text)?.[1];
  if (list !== undefined) return listItems(list).map(settingValue);
  return numberOf(text) ?? text.replace(/^"(.*)"$/, '$1');
}

/** The items of a list, which may be lists; a comma inside brackets or a string separates nothing. */
function listItems(text: string): readonly string[] {
  const items: string[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let i = 0; i <= text.length; i++) {
    const char = text[i];
    if (char === '"') quoted = !quoted;
    else if (char === '[') depth++;
    else if (char === ']') depth--;
    if (char !== undefined && (char !== ',' || depth > 0 || quoted)) continue;
    items.push(text.slice(start, i).trim());
    start = i + 1;
  }
  // A comma may follow the last one, as in the language.
  const last = items.at(-1) === '' ? items.slice(0, -1) : items;
  if (depth !== 0 || quoted || last.includes(''))
    throw new InvalidArgumentError('A list is written `[64, 32]`.');
  return last;
}

/** As the language writes numbers. */
function numberOf(text: string): number | undefined {
  const written = /^[+-]?\d[\d_]*(\.\d+)?([eE][+-]?\d+)?$/.test(text);
  const value = Number(text.replaceAll('_', ''));
  return written && Number.isFinite(value) ? value : undefined;
}

/** `t=64`: sizes by name, the last word on each. */
export function sizeSetting(
  text: string,
  earlier: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> {
  const [, name, value] = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*=\s*(.*?)\s*$/u.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('It takes NAME=SIZE, as in `--size t=64`.');
  return { ...earlier, [name]: positiveInteger(value) };
}
