/** From values to places on an axis, and the numbers that stand beside it. Pure. */

export interface Scale {
  readonly kind: 'linear' | 'log';
  readonly least: number;
  readonly most: number;
  /** 0 at `least`, 1 at `most`. */
  at(value: number): number;
}

/** Logarithmic only where all values are above 0. */
export function scaleFor(values: readonly number[], kind: Scale['kind'] = 'linear'): Scale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (kind === 'log' && low > 0 && high > low) return scale('log', low, high);
  // One value has room above and below.
  const margin = high > low ? 0 : Math.max(Math.abs(high) * 0.1, 1e-9);
  return scale('linear', low - margin, high + margin);
}

function scale(kind: Scale['kind'], least: number, most: number): Scale {
  const place = kind === 'log' ? Math.log : (value: number): number => value;
  const [from, to] = [place(least), place(most)];
  return { kind, least, most, at: (value) => (place(value) - from) / (to - from) };
}

/** About `count` round numbers within the scale, ascending. */
export function ticksOf(scale: Scale, count: number): readonly number[] {
  return scale.kind === 'log' ? logTicks(scale, count) : linearTicks(scale, count);
}

function linearTicks({ least, most }: Scale, count: number): readonly number[] {
  const raw = (most - least) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(most / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** Powers of ten, not all where they are many; with twos and fives where they are few. */
function logTicks({ least, most }: Scale, count: number): readonly number[] {
  const [from, to] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  const every = Math.ceil((to - from) / (count + 1));
  const factors = to - from > 3 ? [1] : [1, 2, 5];
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
    .filter((power) => power % every === 0)
    .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
    .filter((value) => value >= least && value <= most);
}
