/**
 * A run that was kept to compare later ones with: `recorded/<adapter>.json`, written with `--record`. Times of another
 * machine, or of a busy one, say little; the ratio to the hand-written kernels in the same run says more.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { OpenedDevice } from '../host/node.ts';
import type { Timing } from './measure.ts';

export interface Recorded {
  readonly date: string;
  readonly adapter: string;
  readonly cpu: string;
  readonly node: string;
  readonly cases: Readonly<Record<string, RecordedCase>>;
}
export interface RecordedCase {
  readonly nnc: Timing;
  /** Absent where the device cannot run them. */
  readonly hand?: Timing;
}

/** `cpu-llvmpipe`, `cpu-swiftshader`, `gpu-nvidia-hopper`: adapters whose times can be compared. */
export function adapterKey({
  deviceClass,
  info,
}: Pick<OpenedDevice, 'deviceClass' | 'info'>): string {
  const name =
    deviceClass === 'cpu'
      ? (/[a-z]+/i.exec(info.description)?.[0] ?? info.vendor)
      : `${info.vendor} ${info.architecture}`;
  return `${deviceClass} ${name}`.toLowerCase().trim().replaceAll(/\W+/g, '-');
}

const fileOf = (key: string): URL => new URL(`recorded/${key}.json`, import.meta.url);

export function readRecorded(key: string): Recorded | undefined {
  const file = fileOf(key);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recorded) : undefined;
}

/** Returns the file's path. */
export function writeRecorded(key: string, run: Recorded): string {
  const file = fileOf(key);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`);
  return file.pathname;
}

/** A row for each case: times, the ratio to the hand-written kernels, and both against the recorded run. */
export function comparedTable(
  cases: ReadonlyMap<string, RecordedCase>,
  before: Recorded | undefined,
): string[][] {
  const rows = [...cases].map(([name, { nnc, hand }]) => {
    const old = before?.cases[name];
    const ofHand = hand && nnc.least / hand.least;
    const oldOfHand = old?.hand && old.nnc.least / old.hand.least;
    return [
      name,
      nnc.least.toFixed(2),
      nnc.median.toFixed(2),
      hand?.least.toFixed(2) ?? '-',
      ratio(ofHand),
      ratio(old && nnc.least / old.nnc.least),
      ratio(ofHand === undefined || oldOfHand === undefined ? undefined : ofHand / oldOfHand),
    ];
  });
  return [
    [
      'all cases, ms',
      'nnc least',
      'median',
      'hand least',
      'ratio',
      'of recorded',
      'ratio of recorded',
    ],
    ...rows,
  ];
}

const ratio = (x: number | undefined): string => (x === undefined ? '-' : x.toFixed(2));
