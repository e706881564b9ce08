/** Numbers, times and sizes as the commands print them. Pure. */

/** `12,000`. */
export const grouped = (value: number): string =>
  String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 row`, `12,000 rows`. */
export const counted = (count: number, noun: string): string =>
  `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A loss or metric: `0.0886`, `12.345`, `1,010`, `3.10e-5`; four decimals where that says enough. */
export function metricText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size >= 10 && size < 1e9)
    return `${value < 0 ? '-' : ''}${grouped(size)}`;
  if (size >= 1e6 || (size > 0 && size < 1e-3)) return value.toExponential(2);
  if (size >= 1000) return value.toFixed(1);
  if (size >= 100) return value.toFixed(2);
  return value.toFixed(size >= 10 ? 3 : 4);
}

/** Three digits are enough to compare speeds: `4,210`, `83.1`. */
export function rateText(perSecond: number): string {
  if (!Number.isFinite(perSecond) || perSecond <= 0) return '–';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(perSecond)));
  if (digits > 0) return perSecond.toFixed(Math.min(digits, 3));
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(perSecond)) - 2);
  return grouped(Math.round(perSecond / unit) * unit);
}

/** `310 ms`, `3.1 s`, `24 s`, `2 min 05 s`, `1 h 02 min`. */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 0.9995) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** `318 kB`, `1.6 MB`; decimal units, as disks and drivers count. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}
