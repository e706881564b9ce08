/** The table of `nnc profile`: within the width of the terminal, 100 characters where that is not known. Pure. */
import type { Peaks } from '../inspect/peaks.ts';
import { bytesText, counted, rateText } from './numbers.ts';
import type { ProfileRow, ProgramProfile } from './profile-program.ts';
import { type Align, clipped, tableLines, visibleWidth } from './table.ts';

const head = ['time', 'share', 'bytes', 'flops', 'GB/s', 'GFLOP/s', 'of peak', 'limit', 'kernel'];
const aligns: readonly Align[] = [...Array<Align>(7).fill('right'), 'left', 'left'];
/** At least so much of where a kernel comes from is shown, whatever the width. */
const LEAST_SOURCE = 16;

/** The lines of one program; the first is its heading, the second that of the table. */
export function profileLines(profile: ProgramProfile, width: number): readonly string[] {
  const { kernels, microseconds, bytes, flops, stepMicroseconds, clock } = profile;
  const cells = kernels.map((row) => [...numbersOf(row), row.limit]);
  const total = [timeText(microseconds), '', shortBytes(bytes), flopsText(flops)];
  const rest = ['', '', '', '', `all ${counted(kernels.length, 'kernel')}`];
  const bare = tableLines([head.slice(0, -1), ...cells, total], aligns);
  const left = Math.max(LEAST_SOURCE, width - 2 - Math.max(...bare.map(visibleWidth)) - 2);
  const rows = kernels.map((row, i) => [...(cells[i] ?? []), clipped(sourceOf(row), left)]);
  const by = clock === 'timestamps' ? "by the device's clock" : 'by the wall';
  return [
    `${profile.program}: each kernel alone, ${by}`,
    ...tableLines([head, ...rows, [...total, ...rest]], aligns).map((line) => `  ${line}`),
    `  a whole step in a session takes ${timeText(stepMicroseconds)}, by the wall`,
  ];
}

export const peaksText = ({ gbPerSecond, gflopPerSecond }: Peaks): string =>
  `peak of this device, as measured: ${rateText(gbPerSecond)} GB/s, ${rateText(gflopPerSecond)} GFLOP/s`;

function numbersOf(row: ProfileRow): readonly string[] {
  const { microseconds, share, bytes, flops, gbPerSecond, gflopPerSecond, ofPeak } = row;
  return [
    timeText(microseconds),
    percent(share),
    shortBytes(bytes),
    flopsText(flops),
    rateText(gbPerSecond ?? 0),
    rateText(gflopPerSecond ?? 0),
    ofPeak === undefined ? '–' : percent(ofPeak),
  ];
}

const shortBytes = (bytes: number): string => bytesText(bytes).replace(' bytes', ' B');

const percent = (part: number): string => `${(100 * part).toFixed(part >= 0.0995 ? 0 : 1)} %`;

/** `830 ns`, `12.4 µs`, `1.32 ms`: three digits. */
export function timeText(microseconds: number): string {
  const digits = (value: number): string =>
    value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
  if (microseconds < 1) return `${Math.round(1000 * microseconds)} ns`;
  if (microseconds < 999.5) return `${digits(microseconds)} µs`;
  if (microseconds < 999_500) return `${digits(microseconds / 1000)} ms`;
  return `${digits(microseconds / 1e6)} s`;
}

export function flopsText(flops: number): string {
  const units = ['', 'k', 'M', 'G', 'T'];
  let value = flops;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return unit === 0 ? String(value) : `${value.toFixed(value < 9.95 ? 1 : 0)} ${units[unit]}`;
}

/** `k03 mnist.nn:4 dense, dense_1; :6`: its number, and each line with the layers there. */
export function sourceOf({ kernel, origin }: Pick<ProfileRow, 'kernel' | 'origin'>): string {
  const [number = kernel] = kernel.split('_');
  return [number, sourcesText(origin)].join(' ').trim();
}

/** Lines in the order of the origin, each once; the file's name where it differs from that before. */
export function sourcesText(origin: readonly string[]): string {
  const pathsAt = new Map<string, Set<string>>();
  for (const text of origin) {
    const [, place = '', path = ''] = /^(.*?:\d+)(?: ([^( ][^ ]*))?/.exec(text) ?? [];
    if (place === '') continue;
    const paths = pathsAt.get(place) ?? new Set();
    if (path !== '') paths.add(path);
    pathsAt.set(place, paths);
  }
  let last = '';
  return [...pathsAt]
    .map(([place, paths]) => {
      const [, file = '', line = ''] = /([^/\\]*):(\d+)$/.exec(place) ?? [];
      const shown = `${file === last ? '' : file}:${line}`;
      last = file;
      return [shown, [...paths].join(', ')].join(' ').trim();
    })
    .join('; ');
}
