/** What decides which epoch was the best, and when to stop: from names and numbers to a monitor, or a message. Pure. */
import type { Model } from '../compiler/model.ts';
import { LOSS, metricNames } from '../compiler/programs.ts';
import { nearest } from '../grammar/index.ts';
import { type Monitor, usualDirection } from '../train/index.ts';
import { EXIT, UserError } from './failure.ts';

export interface MonitorSettings {
  /** `accuracy`, `train loss`, `mae:min`. */
  readonly monitor?: string;
  readonly patience?: number;
  readonly minDelta?: number;
  /** Which weights remain at the end. */
  readonly keep?: Kept;
}

export type Kept = 'best' | 'last';

/** The best ones where something decides what is best, as nobody waits for worse ones on purpose. */
export const keptWeights = ({ keep, monitor, patience }: MonitorSettings): Kept =>
  keep ?? (monitor !== undefined || patience !== undefined ? 'best' : 'last');

/** Undefined where nothing asks for one. Throws UserError for a name that is not measured. */
export function monitorFor(
  model: Model,
  settings: MonitorSettings,
  validates: boolean,
): Monitor | undefined {
  const { monitor, patience, minDelta } = settings;
  if (monitor === undefined && patience === undefined && keptWeights(settings) === 'last')
    return undefined;
  const [, prefix, text = '', direction] =
    /^(validation[ .]|val_|train(?:ing)?[ .])?(.*?)(?::(min|max))?$/.exec(monitor ?? LOSS) ?? [];
  const rows =
    prefix === undefined
      ? validates
        ? 'validation'
        : 'train'
      : prefix.startsWith('val')
        ? 'validation'
        : 'train';
  if (rows === 'validation' && !validates)
    throw new UserError(
      `--monitor: there are no rows to validate on`,
      'set some apart: `validation: 0.1` in the `train` section, or --validation 0.1',
      EXIT.usage,
    );
  const names = metricNames(model, rows === 'validation' ? 'eval' : 'train');
  // Hand-written descent has no loss: its first metric says how it goes.
  const name = monitor === undefined && !names.includes(text) ? (names[0] ?? text) : text;
  if (!names.includes(name)) throw unknownName(name, names);
  return {
    name,
    rows,
    better: directionOf(model, name, direction),
    minDelta: minDelta ?? 0,
    ...(patience === undefined ? {} : { patience }),
  };
}

function unknownName(name: string, names: readonly string[]): UserError {
  const near = nearest(name, names);
  const known = names.map((one) => `\`${one}\``).join(', ');
  return new UserError(
    `--monitor: the file has no loss or metric \`${name}\``,
    near === undefined ? `it has ${known || 'none'}` : `did you mean \`${near}\`?`,
    EXIT.usage,
  );
}

function directionOf(model: Model, name: string, asked: string | undefined): Monitor['better'] {
  if (asked !== undefined) return asked === 'min' ? 'less' : 'more';
  return usualDirection(model, name);
}

/** `validation loss, less is better; ends after 5 epochs without a better one`. */
export function monitorText({ name, rows, better, minDelta, patience }: Monitor): string {
  const by = minDelta === 0 ? '' : ` by more than ${minDelta}`;
  const end =
    patience === undefined
      ? ''
      : `; ends after ${patience === 1 ? '1 epoch' : `${patience} epochs`} without a better one`;
  return `${rows} ${name}, ${better} is better${by}${end}`;
}
