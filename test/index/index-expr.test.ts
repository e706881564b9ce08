/** Random chains of views against brute force: the simplified index expression finds the very element that the views name. */
import { describe, expect, test } from 'vitest';
import { elementCount } from '../../compiler/graph/nd-array.ts';
import type { Attrs, Op } from '../../compiler/graph/node.ts';
import {
  add,
  constant,
  divide,
  divisibleBy,
  evaluateIndex,
  flatten,
  type Index,
  modulo,
  scale,
  substitute,
  variable,
} from '../../compiler/index/index-expr.ts';
import { expand } from '../../compiler/ops/reduce.ts';
import { pad, permute, reshape, slice } from '../../compiler/ops/view.ts';
import { randomFrom } from '../fuzz/random.ts';

const SEED = 7;

interface View {
  readonly op: Op;
  readonly attrs: Attrs;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

function randomView(shape: readonly number[], random: (n: number) => number): View {
  const rank = shape.length;
  const view = (op: Op, attrs: Attrs): View => ({
    op,
    attrs,
    from: shape,
    to: op.infer([{ dtype: 'f32', shape }], attrs).shape.map(Number),
  });
  switch (random(5)) {
    case 0: {
      const perm = [...Array(rank).keys()].sort(() => random(3) - 1);
      return view(permute, { perm });
    }
    case 1: {
      const n = elementCount(shape);
      const divisors = [...Array(n).keys()].map((i) => i + 1).filter((d) => n % d === 0);
      const first = divisors[random(divisors.length)] ?? 1;
      const inner = divisors.filter((d) => (n / first) % d === 0);
      const second = inner[random(inner.length)] ?? 1;
      return view(reshape, { shape: [first, second, n / first / second] });
    }
    case 2: {
      const start = shape.map((n) => random(n));
      const step = shape.map(() => [1, 1, -1, 2, -3][random(5)] ?? 1);
      const size = shape.map((n, i) =>
        Math.max(
          1,
          Math.ceil(
            ((step[i] ?? 1) > 0 ? n - (start[i] ?? 0) : (start[i] ?? 0) + 1) /
              Math.abs(step[i] ?? 1),
          ),
        ),
      );
      return view(slice, { start, step, size });
    }
    case 3:
      return view(pad, {
        lo: shape.map(() => random(3)),
        hi: shape.map(() => random(3)),
        interior: shape.map(() => (random(3) === 0 ? 1 + random(2) : 0)),
        value: 0,
      });
    default:
      return view(expand, { shape: shape.map((n) => (n === 1 ? 1 + random(4) : n)) });
  }
}

/** Every element's place in the base, or -1 where padding stands. */
function bruteForce(chain: readonly View[], base: readonly number[]): Float64Array {
  let x = {
    dtype: 'f32' as const,
    shape: base,
    data: Float64Array.from({ length: elementCount(base) }, (_, i) => i + 1),
  };
  for (const v of chain) {
    const out = v.op.evaluate?.([x], v.attrs, { dtype: 'f32', shape: v.to });
    if (out !== undefined)
      x = { dtype: 'f32', shape: out.shape, data: Float64Array.from(out.data) };
  }
  return x.data;
}

function divisions(e: Index): number {
  switch (e.kind) {
    case 'constant':
    case 'variable':
      return 0;
    case 'sum':
      return e.terms.reduce((n, t) => n + divisions(t.index), 0);
    case 'quotient':
    case 'remainder':
      return 1 + divisions(e.of);
  }
}

function follow(
  chain: readonly View[],
  out: readonly number[],
): { at: readonly Index[]; guards: { index: Index; size: number }[] } {
  let at: readonly Index[] = out.map((n, i) => variable(`i${i}`, n));
  const guards: { index: Index; size: number }[] = [];
  for (const v of [...chain].reverse()) {
    if (v.op.lowering.kind !== 'view') throw new Error('not a view');
    const [piece] = v.op.lowering.access(at, [v.from], v.attrs).pieces;
    if (piece === undefined) throw new Error('a view without a source');
    at = piece.at;
    guards.push(...piece.guards);
  }
  return { at, guards };
}

test(`3000 random chains of views name the right elements (seed ${SEED})`, () => {
  const random = randomFrom(SEED);
  let checked = 0;
  for (let round = 0; round < 3000; round++) {
    const base = Array.from({ length: 1 + random(3) }, () => 1 + random(6));
    const chain: View[] = [];
    let shape: readonly number[] = base;
    for (let k = 0; k < 1 + random(5); k++) {
      const next = randomView(shape, random);
      if (elementCount(next.to) > 600 || elementCount(next.to) === 0) break;
      chain.push(next);
      shape = next.to;
    }
    const want = bruteForce(chain, base);
    const { at, guards } = follow(chain, shape);
    const flat = flatten(at, base);
    for (let e = 0; e < want.length; e++) {
      let rest = e;
      const env = new Map<string, number>();
      for (let i = shape.length - 1; i >= 0; i--) {
        env.set(`i${i}`, rest % (shape[i] ?? 1));
        rest = Math.floor(rest / (shape[i] ?? 1));
      }
      const value = (x: Index): number => evaluateIndex(x, (n) => env.get(n) ?? 0);
      const inside = guards.every((g) => value(g.index) >= 0 && value(g.index) < g.size);
      const got = inside ? value(flat) + 1 : 0;
      if (got !== want[e])
        throw new Error(
          `round ${round}: ${chain.map((v) => `${v.op.name} ${JSON.stringify(v.attrs)}`).join(', ')}; element ${e} is ${want[e]}, found ${got}`,
        );
      if (inside && (value(flat) < flat.lo || value(flat) > flat.hi))
        throw new Error(`round ${round}: interval ${flat.lo}..${flat.hi} misses ${value(flat)}`);
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(100_000);
});

describe('simplification', () => {
  const i = variable('i', 128);
  const j = variable('j', 784);
  test('a reshape and back is the identity', () => {
    const flat = flatten([i, j], [128, 784]);
    expect(
      flatten([divide(flat, 784), divide(modulo(flat, 784), 28), modulo(flat, 28)], [128, 28, 28])
        .key,
    ).toBe(flat.key);
    expect(divisions(flat)).toBe(0);
  });
  test('splitting an axis leaves no division behind', () => {
    const split = add(scale(variable('a', 28), 28), variable('b', 28));
    expect(divide(split, 28).key).toBe('a');
    expect(modulo(split, 28).key).toBe('b');
  });
  test('intervals decide', () => {
    expect(divide(j, 784)).toEqual(constant(0));
    expect(modulo(j, 1000)).toBe(j);
    expect(modulo(add(j, constant(784)), 784).key).toBe('j');
  });
  test('alignment is proved, not assumed', () => {
    expect(divisibleBy(scale(i, 4), 4)).toBe(true);
    expect(divisibleBy(add(scale(i, 12), scale(j, 8)), 4)).toBe(true);
    expect(divisibleBy(add(scale(i, 10), scale(j, 4)), 4)).toBe(false);
    expect(divisibleBy(scale(modulo(scale(i, 4), 10), 2), 4)).toBe(true);
    expect(divisibleBy(modulo(scale(i, 4), 10), 4)).toBe(false);
  });
  test('substitution simplifies again', () => {
    const flat = flatten([i, j], [128, 784]);
    expect(substitute(divide(flat, 784), (n) => (n === 'i' ? constant(3) : undefined))).toEqual(
      constant(3),
    );
  });
});
