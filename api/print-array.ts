/**
 * Numbers of a tensor as text, in the manner of NumPy: columns aligned, as many digits as tell the numbers of the type
 * apart (at most 8), long axes cut to three entries at both ends.
 */
import type { DType } from '../compiler/graph/dtype.ts';

/** Elements above which the middle of every axis of more than six entries is left out. */
const MOST_SHOWN = 1000;
const EDGE = 3;

export function arrayText(data: ArrayLike<number>, shape: readonly number[], dtype: DType): string {
  if (data.length === 0) return shape.map(() => '[').join('') + shape.map(() => ']').join('');
  const cut = data.length > MOST_SHOWN;
  const shown = shownIndices(shape, cut);
  const texts = textsOf(
    shown.map((i) => data[i] ?? 0),
    dtype,
  );
  const byIndex = new Map(shown.map((i, n) => [i, texts[n] ?? '']));
  const rows = (axis: number, start: number, step: number): string => {
    const size = shape[axis];
    if (size === undefined) return byIndex.get(start) ?? '';
    const inner = step / size;
    const isLast = axis === shape.length - 1;
    const gap = isLast ? ' ' : `${'\n'.repeat(shape.length - 1 - axis)}${' '.repeat(axis + 1)}`;
    const parts = entries(size, cut).map((i) =>
      i === undefined ? '...' : rows(axis + 1, start + i * inner, inner),
    );
    return `[${parts.join(gap)}]`;
  };
  return rows(0, 0, data.length);
}

/** Entries of an axis that are shown; undefined for those left out. */
const entries = (size: number, cut: boolean): (number | undefined)[] =>
  cut && size > 2 * EDGE
    ? [0, 1, 2, undefined, size - 3, size - 2, size - 1]
    : Array.from({ length: size }, (_, i) => i);

function shownIndices(shape: readonly number[], cut: boolean): number[] {
  return shape.reduce<number[]>(
    (starts, size) =>
      starts.flatMap((start) =>
        entries(size, cut).flatMap((i) => (i === undefined ? [] : [start * size + i])),
      ),
    [0],
  );
}

function textsOf(values: readonly number[], dtype: DType): readonly string[] {
  const texts =
    dtype === 'bool'
      ? values.map((x) => (x === 1 ? 'True' : 'False'))
      : dtype === 'i32' || dtype === 'u32'
        ? values.map(String)
        : floatTexts(values);
  const width = Math.max(...texts.map((text) => text.length));
  return texts.map((text) => text.padStart(width));
}

/** All with the same form: fixed, or with exponents where the numbers are far apart, as NumPy decides it. */
function floatTexts(values: readonly number[]): readonly string[] {
  const finite = values.filter((x) => Number.isFinite(x) && x !== 0).map(Math.abs);
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const scientific =
    finite.length > 0 && (most >= 1e8 || least < 1e-4 || (most / least > 1e3 && least < 1e-3));
  const short = values.map((x) => (Number.isFinite(x) ? shortest(x, scientific) : undefined));
  if (scientific) {
    const digits = Math.max(
      0,
      ...short.map((text) => /\.(\d+)e/.exec(text ?? '')?.[1]?.length ?? 0),
    );
    return values.map((x) => special(x) ?? exponent(x.toExponential(digits)));
  }
  const digits = Math.max(0, ...short.map((text) => /\.(\d+)$/.exec(text ?? '')?.[1]?.length ?? 0));
  return values.map((x) => {
    if (!Number.isFinite(x)) return special(x) ?? '';
    const text = Number(shortest(x, false)).toFixed(digits);
    const trimmed = digits === 0 ? `${text}.` : text.replace(/0+$/, '');
    return digits === 0 ? trimmed : trimmed.padEnd(text.length);
  });
}

const special = (x: number): string | undefined =>
  Number.isNaN(x) ? 'nan' : Number.isFinite(x) ? undefined : x > 0 ? 'inf' : '-inf';

/** As few digits as give the same f32, at most 8 behind the point. */
function shortest(x: number, scientific: boolean): string {
  for (let digits = 0; digits < 8; digits++) {
    const text = scientific ? x.toExponential(digits) : x.toFixed(digits);
    if (Math.fround(Number(text)) === Math.fround(x)) return text;
  }
  return scientific ? x.toExponential(8) : x.toFixed(8);
}

/** `1e+5` as `1.e+05`. */
const exponent = (text: string): string =>
  text.replace(/^(-?\d)e/, '$1.e').replace(/e([+-])(\d)$/, 'e$10$2');
