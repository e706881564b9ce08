/**
 * Numbers of a tensor as text, in the manner of NumPy: columns aligned, as many digits as tell the numbers of the type
 * apart (at most 8), long axes cut to three entries at both ends.
 */
import type { DType } from '../compiler/graph/dtype.ts';

/** Elements above which the middle of every axis of more than six entries is left out. */
const MOST_SHOWN = 1000;
const EDGE = 3;

export function arrayText(data: ArrayLike<number>, shape: readonly number[], dtype: DType): string {
  if (shape.length === 0 && dtype === 'bool') return data[0] === 1 ? 'True' : 'False';
  if (shape.length === 0 && (dtype === 'f32' || dtype === 'f16')) return scalarText(data[0] ?? 0);
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
    const parts = entries(size, cut).map((i) =>
      i === undefined ? '...' : rows(axis + 1, start + i * inner, inner),
    );
    if (axis === shape.length - 1) return `[${filled(parts, axis + 1, shape.length)}]`;
    return `[${parts.join(`${'\n'.repeat(shape.length - 1 - axis)}${' '.repeat(axis + 1)}`)}]`;
  };
  return rows(0, 0, data.length);
}

const LINE = 75;

/** Entries in lines of at most 75 characters, the brackets at their ends among them. */
function filled(parts: readonly string[], indent: number, brackets: number): string {
  const lines: string[] = [];
  let line = '';
  for (const [i, part] of parts.entries()) {
    const room = LINE - (i === parts.length - 1 ? brackets : 1);
    const next = line === '' ? part : `${line} ${part}`;
    if (line !== '' && indent + next.length > room) {
      lines.push(line.trimEnd());
      line = part;
    } else line = next;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
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
        : floatTexts(values, dtype);
  const width = Math.max(dtype === 'bool' ? 5 : 0, ...texts.map((text) => text.length));
  return texts.map((text) => text.padStart(width));
}

/** All with the same form: fixed, or with exponents where the numbers are far apart, as NumPy decides it. */
function floatTexts(values: readonly number[], dtype: DType): readonly string[] {
  const finite = values.filter((x) => Number.isFinite(x) && x !== 0).map(Math.abs);
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const largest = dtype === 'f16' ? 1e3 : 1e6;
  const scientific = finite.length > 0 && (most >= largest || least < 1e-4 || most / least > 1000);
  if (scientific) {
    const digits = Math.max(...values.map((x) => Math.min(8, significant(x) - 1)));
    return values.map((x) => special(x) ?? exponent(x.toExponential(digits)));
  }
  const texts = values.map((x) => special(x) ?? fixed(x));
  const behind = (text: string): number =>
    text.includes('.') ? text.length - text.indexOf('.') : 0;
  const widest = Math.max(...texts.map(behind));
  return texts.map((text, i) =>
    special(values[i] ?? 0) === undefined ? text + ' '.repeat(widest - behind(text)) : text,
  );
}

/** A number alone: every digit that it needs, and at least one behind the point. */
export function scalarText(x: number): string {
  const size = Math.abs(x);
  if (special(x) !== undefined) return special(x) ?? '';
  if (size !== 0 && (size < 1e-4 || size >= 1e16))
    return exponent(x.toExponential(significant(x) - 1)).replace('.e', 'e');
  const text = signed(x, fractionDigits(x));
  return text.includes('.') ? text : `${text}.0`;
}

const special = (x: number): string | undefined =>
  Number.isNaN(x) ? 'nan' : Number.isFinite(x) ? undefined : x > 0 ? 'inf' : '-inf';

/** How many digits tell the f32 from its neighbours. */
function significant(x: number): number {
  if (!Number.isFinite(x) || x === 0) return 1;
  for (let digits = 1; digits < 9; digits++)
    if (Math.fround(Number(x.toExponential(digits - 1))) === Math.fround(x)) return digits;
  return 9;
}

/** Digits behind the point of all significant ones. */
function fractionDigits(x: number): number {
  if (x === 0) return 0;
  const digits = significant(x);
  const power = Number(x.toExponential(digits - 1).split('e')[1]);
  return Math.max(0, digits - 1 - power);
}

/** With a point, and at most 8 digits behind it, none of them a 0 at the end. */
function fixed(x: number): string {
  const digits = fractionDigits(x);
  const text = digits > 8 ? x.toFixed(8) : signed(x, digits);
  return text.includes('.') ? text.replace(/0+$/, '') : `${text}.`;
}

/** `toFixed` forgets the sign of a zero, and digits of large numbers that only f64 has are noise. */
function signed(x: number, digits: number): string {
  const known = Number(x.toExponential(significant(x) - 1));
  return `${Object.is(x, -0) ? '-' : ''}${known.toFixed(digits)}`;
}

/** `1e+5` as `1.e+05`. */
const exponent = (text: string): string =>
  text.replace(/^(-?\d)e/, '$1.e').replace(/e([+-])(\d)$/, 'e$10$2');
