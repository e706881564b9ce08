/** The host's part of a checkpoint as text for the metadata of a safetensors file, and back; what is read is checked. */
import { DataError } from '../data/index.ts';
import type { TallyState } from './averages.ts';
import type { FitState } from './fit-state.ts';
import type { Best, MonitorState } from './monitor.ts';
import type { FeedIdentity, KernelChoice, RunIdentity } from './run-identity.ts';

export interface CheckpointRecord {
  readonly run: RunIdentity;
  readonly state: FitState;
  /** The run has made all its steps, or ended early by itself. */
  readonly complete: boolean;
  /** What the writer wants to find again, as JSON; not looked at here. */
  readonly notes?: unknown;
}

/** Under this key stands the format; a file without it is no checkpoint. */
const FORMAT_KEY = 'checkpoint';
const FORMAT = '1';

export const isCheckpoint = (metadata: Readonly<Record<string, string>>): boolean =>
  metadata[FORMAT_KEY] !== undefined;

export function encodeRecord(record: CheckpointRecord): Readonly<Record<string, string>> {
  const { run, state, complete, notes } = record;
  return {
    [FORMAT_KEY]: FORMAT,
    run: JSON.stringify(run),
    state: JSON.stringify(stateJson(state)),
    complete: String(complete),
    notes: JSON.stringify(notes ?? null),
  };
}

/** Numbers as text: JSON has neither NaN nor infinities, which a metric may be. Doubles survive it exactly. */
const numbersJson = (values: ReadonlyMap<string, number>) =>
  Object.fromEntries([...values].map(([name, value]) => [name, String(value)]));

function stateJson({ step, round, monitor }: FitState) {
  return {
    step,
    ...(round === undefined
      ? {}
      : {
          round: { ...round, totals: numbersJson(round.totals), sums: numbersJson(round.sums) },
        }),
    monitor,
  };
}

const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** Throws DataError where the metadata are not a checkpoint's, whole and of this format. */
export function decodeRecord(
  metadata: Readonly<Record<string, string>>,
  file: string,
): CheckpointRecord {
  const format = metadata[FORMAT_KEY];
  if (format === undefined)
    throw new DataError(
      file,
      'this is no checkpoint',
      'weights alone, as `-o` writes them, say nothing of the run; `--weights FILE` begins a new run from them',
    );
  if (format !== FORMAT)
    throw new DataError(
      file,
      `a checkpoint of format ${short(format)}; this version of nnc reads format ${FORMAT}`,
    );
  const read = reader(file);
  return {
    run: readRun(read, read.json(metadata['run'], 'run')),
    state: readState(read, read.json(metadata['state'], 'state')),
    complete: read.flag(flags.get(metadata['complete'] ?? '') ?? metadata['complete'], 'complete'),
    notes: read.json(metadata['notes'], 'notes'),
  };
}

function readRun(read: Reader, value: unknown): RunIdentity {
  const run = read.object(value, 'run');
  const { validation, kernels } = run;
  return {
    model: read.text(run['model'], 'run.model'),
    data: readFeed(read, run['data'], 'run.data'),
    ...(validation === undefined
      ? {}
      : { validation: readFeed(read, validation, 'run.validation') }),
    batch: read.whole(run['batch'], 'run.batch'),
    seed: read.whole(run['seed'], 'run.seed'),
    shuffle: read.flag(run['shuffle'], 'run.shuffle'),
    device: read.text(run['device'], 'run.device'),
    ...(kernels === undefined ? {} : { kernels: readKernels(read, kernels) }),
  };
}

function readKernels(read: Reader, value: unknown): KernelChoice {
  const kernels = read.object(value, 'run.kernels');
  const schedules = read.object(kernels['schedules'], 'run.kernels.schedules');
  return {
    mark: read.text(kernels['mark'], 'run.kernels.mark'),
    schedules: Object.fromEntries(
      Object.entries(schedules).map(([kernel, settings]) => [
        kernel,
        read.text(settings, `run.kernels.schedules.${kernel}`),
      ]),
    ),
    measured: read.flag(kernels['measured'], 'run.kernels.measured'),
  };
}

function readFeed(read: Reader, value: unknown, place: string): FeedIdentity {
  const feed = read.object(value, place);
  return {
    name: read.text(feed['name'], `${place}.name`),
    rows: read.whole(feed['rows'], `${place}.rows`),
    fingerprint: read.text(feed['fingerprint'], `${place}.fingerprint`),
  };
}

function readState(read: Reader, value: unknown): FitState {
  const state = read.object(value, 'state');
  const round = state['round'];
  return {
    step: read.whole(state['step'], 'state.step'),
    ...(round === undefined ? {} : { round: readTally(read, round) }),
    monitor: readMonitor(read, state['monitor']),
  };
}

function readTally(read: Reader, value: unknown): TallyState {
  const tally = read.object(value, 'state.round');
  return {
    collected: read.number(tally['collected'], 'state.round.collected'),
    onDevice: read.number(tally['onDevice'], 'state.round.onDevice'),
    totals: read.numbers(tally['totals'], 'state.round.totals'),
    sums: read.numbers(tally['sums'], 'state.round.sums'),
  };
}

function readMonitor(read: Reader, value: unknown): MonitorState {
  const monitor = read.object(value, 'state.monitor');
  const waited = read.whole(monitor['waited'], 'state.monitor.waited');
  if (monitor['best'] === undefined) return { waited };
  const best = read.object(monitor['best'], 'state.monitor.best');
  const found: Best = {
    value: read.number(best['value'], 'state.monitor.best.value'),
    step: read.whole(best['step'], 'state.monitor.best.step'),
    epoch: read.whole(best['epoch'], 'state.monitor.best.epoch'),
  };
  return { best: found, waited };
}

/** Readers for untrusted values: each returns the value with its type, or throws a DataError that names the place. */
interface Reader {
  json(text: string | undefined, place: string): unknown;
  object(value: unknown, place: string): Readonly<Record<string, unknown>>;
  text(value: unknown, place: string): string;
  flag(value: unknown, place: string): boolean;
  number(value: unknown, place: string): number;
  /** From 0 on. */
  whole(value: unknown, place: string): number;
  numbers(value: unknown, place: string): ReadonlyMap<string, number>;
}

function reader(file: string): Reader {
  const fail = (place: string, expected: string, found: unknown): never => {
    throw new DataError(
      file,
      `this checkpoint is damaged: \`${place}\` should be ${expected}, and is ${show(found)}`,
    );
  };
  const object: Reader['object'] = (value, place) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : fail(place, 'an object', value);
  return {
    json(text, place) {
      try {
        return JSON.parse(text ?? '');
      } catch {
        return fail(place, 'JSON', text);
      }
    },
    object,
    text: (value, place) => (typeof value === 'string' ? value : fail(place, 'a text', value)),
    flag: (value, place) =>
      typeof value === 'boolean' ? value : fail(place, 'true or false', value),
    number: (value, place) => (typeof value === 'number' ? value : fail(place, 'a number', value)),
    whole: (value, place) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
        ? value
        : fail(place, 'a whole number from 0 on', value),
    numbers: (value, place) =>
      new Map(
        Object.entries(object(value, place)).map(([name, text]) => [
          name,
          typeof text === 'string' && text !== '' && (text === 'NaN' || !Number.isNaN(Number(text)))
            ? Number(text)
            : fail(`${place}.${name}`, 'a number as text', text),
        ]),
      ),
  };
}

const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return short(JSON.stringify(value) ?? typeof value);
}
