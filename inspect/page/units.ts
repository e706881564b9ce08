/** Numbers as people read them: three digits and a unit. */

const scaled = (value: number, units: readonly string[]): string => {
  let rest = value;
  let unit = 0;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  const digits = Number.isInteger(rest) || rest >= 99.5 ? 0 : rest >= 9.95 ? 1 : 2;
  return `${rest.toFixed(digits)} ${units[unit]}`;
};

export const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
export const bytesText = (bytes: number): string => scaled(bytes, ['B', 'kB', 'MB', 'GB']);
export const flopsText = (flops: number): string =>
  scaled(flops, ['flop', 'kflop', 'Mflop', 'Gflop', 'Tflop']);
export const timeText = (microseconds: number): string =>
  scaled(1000 * microseconds, ['ns', 'µs', 'ms', 's']);
export const percentText = (part: number): string =>
  `${(100 * part).toFixed(part >= 0.0995 ? 0 : 1)} %`;
