/** What decides which epoch was the best, from callbacks or the model's `train` section, as the training loop takes it. */
import type { Model, TrainDefaults } from '../../compiler/model.ts';
import { LOSS, metricNames } from '../../compiler/programs.ts';
import { nearest } from '../../grammar/index.ts';
import { type Monitor, usualDirection } from '../../train/index.ts';
import type { Callback, Watch } from '../callbacks/callback.ts';
import { UsageError } from '../usage-error.ts';

export interface Watching {
  readonly monitor: Monitor;
  /** The best weights remain. */
  readonly restore: boolean;
  readonly paths: readonly string[];
}

/** Undefined where nothing watches. Throws UsageError for what is not measured, and for callbacks that do not agree. */
export function watchingOf(
  model: Model,
  callbacks: readonly Callback[],
  validates: boolean,
): Watching | undefined {
  const own = callbacks.flatMap(({ watch }) => watch ?? []);
  const watches = own.length > 0 ? own : watchOfFile(model.train);
  const [first, ...others] = watches.map((watch) => monitorOf(model, watch, validates));
  if (first === undefined) return undefined;
  const other = others.find((one) => keyOf(one) !== keyOf(first));
  if (other !== undefined)
    throw new UsageError(
      `one callback watches the ${text(first)}, another the ${text(other)}`,
      'a run has one measure of what is best: give all of them the same `monitor`, `rows` and `minDelta`',
    );
  const patience = Math.min(...watches.map((watch) => watch.patience ?? Infinity));
  return {
    monitor: { ...first, ...(patience === Infinity ? {} : { patience }) },
    restore: watches.some((watch) => watch.restore === true),
    paths: watches.flatMap((watch) => watch.path ?? []),
  };
}

/** As the command has it: who waits for better weights wants the best ones. */
function watchOfFile({ monitor, patience, minDelta, keep }: TrainDefaults): readonly Watch[] {
  if (monitor === undefined && patience === undefined && keep !== 'best') return [];
  const [, prefix, name, direction] =
    /^(validation[ .]|val_|train(?:ing)?[ .])?(.*?)(?::(min|max))?$/.exec(monitor ?? '') ?? [];
  return [
    {
      ...(name === undefined || name === '' ? {} : { monitor: name }),
      ...(prefix === undefined ? {} : { rows: prefix.startsWith('val') ? 'validation' : 'train' }),
      ...(direction === undefined ? {} : { better: direction === 'min' ? 'less' : 'more' }),
      ...(patience === undefined ? {} : { patience }),
      ...(minDelta === undefined ? {} : { minDelta }),
      restore: keep !== 'last',
    },
  ];
}

function monitorOf(model: Model, watch: Watch, validates: boolean): Monitor {
  const rows = watch.rows ?? (validates ? 'validation' : 'train');
  if (rows === 'validation' && !validates)
    throw new UsageError(
      'a callback watches rows for validation, and there are none',
      'give `validation: 0.1`, or data',
    );
  const names = metricNames(model, rows === 'validation' ? 'eval' : 'train');
  // Hand-written descent has no loss: its first metric says how it goes.
  const name = watch.monitor ?? (names.includes(LOSS) ? LOSS : (names[0] ?? LOSS));
  if (!names.includes(name)) {
    const near = nearest(name, names);
    throw new UsageError(
      `the model has no loss or metric \`${name}\``,
      near === undefined ? `it has ${names.join(', ') || 'none'}` : `did you mean \`${near}\`?`,
    );
  }
  return {
    name,
    rows,
    better: watch.better ?? usualDirection(model, name),
    minDelta: watch.minDelta ?? 0,
  };
}

const keyOf = ({ name, rows, better, minDelta }: Monitor): string =>
  `${name} ${rows} ${better} ${minDelta}`;
const text = ({ name, rows, better, minDelta }: Monitor): string =>
  `${rows} ${name} (${better} is better${minDelta === 0 ? '' : `, by ${minDelta}`})`;
