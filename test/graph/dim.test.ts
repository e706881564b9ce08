/** Sizes: normal form, division, substitution. Random polynomials are checked by their values. */
import { describe, expect, test } from 'vitest';
import {
  addDims,
  type Dim,
  dimKey,
  dimText,
  divideExactly,
  equalDims,
  floorDims,
  modDims,
  mulDims,
  productOf,
  shapeText,
  solveFor,
  subDims,
  substitute,
  symbol,
  symbolsOf,
} from '../../compiler/graph/dim.ts';
import { parseDim } from '../../compiler/graph/parse-dim.ts';
import { atEnd, cursor } from '../../compiler/graph/text-cursor.ts';
import { random } from '../autodiff/evaluate-at.ts';

const n = symbol('n');
const m = symbol('m');
const poly = (text: string): Dim => {
  const c = cursor(text);
  const d = parseDim(c);
  if (!atEnd(c)) throw new Error(`more than a size: ${text}`);
  return d;
};

test('equal sizes have one normal form', () => {
  expect(equalDims(addDims(n, n), mulDims(2, n))).toBe(true);
  expect(equalDims(mulDims(addDims(n, 1), subDims(n, 1)), subDims(mulDims(n, n), 1))).toBe(true);
  expect(equalDims(mulDims(n, m), mulDims(m, n))).toBe(true);
  expect(subDims(addDims(n, 3), n)).toBe(3);
  expect(mulDims(n, 0)).toBe(0);
  expect(mulDims(0, -1)).toBe(0);
  expect(equalDims(n, m)).toBe(false);
});

test.each([
  ['2*n+1', '2*n + 1'],
  ['1+n', 'n + 1'],
  ['n*n-m', '-m + n**2'],
  ['-n', '-n'],
  ['(n)', undefined],
])('%s reads as %s', (text, want) => {
  if (want === undefined) expect(() => poly(text)).toThrow(/a size/);
  else expect(dimText(poly(text))).toBe(want);
});

test('exact division', () => {
  expect(dimKey(divideExactly(poly('6*n*m+3*n'), poly('3*n')) ?? 0)).toBe('2*m+1');
  expect(dimKey(divideExactly(poly('n*n-1'), poly('n+1')) ?? 0)).toBe('n-1');
  expect(divideExactly(poly('n+1'), n)).toBeUndefined();
  expect(divideExactly(7, 2)).toBeUndefined();
  expect(divideExactly(0, n)).toBe(0);
  expect(divideExactly(n, 0)).toBeUndefined();
});

test('floor and remainder take out what divides', () => {
  expect(dimKey(floorDims(poly('4*n+3'), 4))).toBe('n');
  expect(dimKey(floorDims(poly('4*n+5'), 4))).toBe('n+1');
  expect(modDims(poly('4*n+5'), 4)).toBe(1);
  expect(dimKey(floorDims(poly('4*n+m'), 4))).toBe('floor((m)/(4))+n');
  expect(floorDims(-7, 2)).toBe(-4);
  expect(modDims(-7, 4)).toBe(1);
});

test('solving for a symbol', () => {
  expect(solveFor(poly('4*n+2'), 'n', 14)).toBe(3);
  expect(dimKey(solveFor(poly('n*m+m'), 'n', poly('5*m')) ?? 0)).toBe('4');
  expect(solveFor(poly('4*n'), 'n', 6)).toBeUndefined();
  expect(solveFor(poly('n*n'), 'n', 9)).toBeUndefined();
  expect(solveFor(poly('n*m+n'), 'n', 6)).toBeUndefined();
  expect(solveFor(5, 'n', 5)).toBeUndefined();
});

test('symbols and text', () => {
  expect(symbolsOf(floorDims(addDims(n, m), 3)).sort()).toEqual(['m', 'n']);
  expect(shapeText([poly('2*n-1'), 3])).toBe('[2*n - 1, 3]');
  expect(dimKey(productOf([n, 2, n]))).toBe('2*n**2');
});

describe('random polynomials', () => {
  const FIRST_SEED = 31337;
  test.each(Array.from({ length: 100 }, (_, i) => FIRST_SEED + i))('seed %i', (seed) => {
    const next = random(seed);
    const below = (k: number): number => Math.floor(next() * k);
    const at: Readonly<Record<string, number>> = {
      n: 1 + below(9),
      m: 1 + below(9),
      k: 1 + below(9),
    };
    const whole = (d: Dim): number => {
      const value = substitute(d, (name) => at[name]);
      if (typeof value !== 'number') throw new Error(`${dimKey(d)} is not a number`);
      return value;
    };
    // Each size beside the number that it has to be.
    let pool: (readonly [Dim, number])[] = Object.entries(at).map(([name, v]) => [symbol(name), v]);
    for (let step = 0; step < 12; step++) {
      const [a, x] = pool[below(pool.length)] ?? [1, 1];
      const [b, y] =
        next() < 0.5 ? ([1 + below(6), 0] as const) : (pool[below(pool.length)] ?? [1, 1]);
      const z = typeof b === 'number' ? b : y;
      const made: readonly (readonly [Dim, number])[] = [
        [addDims(a, b), x + z],
        [subDims(a, b), x - z],
        ...(Math.abs(x * z) < 1e5 ? ([[mulDims(a, b), x * z || 0]] as const) : []),
        ...(z > 0 ? ([[floorDims(a, b), Math.floor(x / z)]] as const) : []),
        ...(z > 0 ? ([[modDims(a, b), ((x % z) + z) % z]] as const) : []),
      ];
      const one = made[below(made.length)] ?? ([1, 1] as const);
      expect(whole(one[0]), dimKey(one[0])).toBe(one[1]);
      expect(dimKey(poly(dimText(one[0])))).toBe(dimKey(one[0]));
      pool = [...pool, one];
    }
    const [a, x] = pool.at(-1) ?? [1, 1];
    const [b, y] = pool.at(-2) ?? [1, 1];
    const exact = divideExactly(mulDims(a, b), b);
    if (y !== 0 && exact !== undefined) expect(whole(exact)).toBe(x);
    // One symbol at a time gives the same as all at once.
    const partly = substitute(
      substitute(a, (name) => (name === 'n' ? at['n'] : undefined)),
      (name) => at[name],
    );
    if (Math.abs(x) < 1e9) expect(partly).toBe(x);
  });
});
