/**
 * Arithmetic of index expressions. Every result is in normal form, so this is also the simplifier:
 * sums are flat and sorted, and quotients and remainders give way where intervals, divisors or a
 * matching pair of terms allow.
 */
import {
  constant,
  floorMod,
  gcd,
  type Index,
  isConstant,
  linear,
  type Remainder,
  type Term,
} from './expression.ts';

/** The normal form of a sum of multiples; all arithmetic ends here. */
export function collect(parts: readonly Term[], offset: number): Index {
  // Terms are few: looking through them is faster than a map of their keys.
  const terms: Term[] = [];
  let total = offset;
  const put = (index: Index, k: number): void => {
    if (index.kind === 'constant') total += k * index.value;
    else if (index.kind === 'sum') {
      total += k * index.constant;
      for (const t of index.terms) put(t.index, k * t.coefficient);
    } else {
      const at = terms.findIndex((t) => t.index === index || t.index.key === index.key);
      const seen = terms[at];
      if (seen === undefined) terms.push({ index, coefficient: k });
      else terms[at] = { index, coefficient: k + seen.coefficient };
    }
  };
  for (const p of parts) put(p.index, p.coefficient);
  return build(
    terms.filter((t) => t.coefficient !== 0),
    total,
  );
}

function build(terms: Term[], offset: number): Index {
  if (terms.some((t) => t.index.kind === 'remainder'))
    for (const fold of folds) {
      const next = fold(terms);
      if (next !== undefined) return collect(next, offset);
    }
  const [first] = terms;
  if (first === undefined) return constant(offset);
  if (terms.length === 1 && first.coefficient === 1 && offset === 0) return first.index;
  terms.sort((a, b) => (a.index.key < b.index.key ? -1 : 1));
  return sumOf(terms, offset);
}

/** The sum of terms that are in normal form, and in order. */
function sumOf(terms: readonly Term[], offset: number): Index {
  let lo = offset;
  let hi = offset;
  let key = '(';
  for (const { index, coefficient: k } of terms) {
    lo += k > 0 ? k * index.lo : k * index.hi;
    hi += k > 0 ? k * index.hi : k * index.lo;
    key += `${k}*${index.key}+`;
  }
  key += `${offset})`;
  return { kind: 'sum', terms, constant: offset, lo, hi, key };
}

/** (x % n)·k + (x / n)·(k·n) is x·k. */
function foldQuotientAndRemainder(terms: readonly Term[]): Term[] | undefined {
  return foldPair(terms, (p, q) =>
    p.of.key === (q.kind === 'quotient' ? q.of.key : '') && q.kind === 'quotient' && q.by === p.by
      ? p.of
      : undefined,
  );
}
/** x % a + a·((x / a) % b) is x % (a·b). */
function foldNestedRemainders(terms: readonly Term[]): Term[] | undefined {
  return foldPair(terms, (p, q) =>
    q.kind === 'remainder' && q.of.key === divide(p.of, p.by).key
      ? modulo(p.of, p.by * q.by)
      : undefined,
  );
}
/** x % a + a·y is x if y is x / a in another form. */
function foldEquivalentQuotient(terms: readonly Term[]): Term[] | undefined {
  return foldPair(terms, (p, q) => (divide(p.of, p.by).key === q.key ? p.of : undefined));
}

/** Each begins with a remainder among the terms. */
const folds = [foldQuotientAndRemainder, foldNestedRemainders, foldEquivalentQuotient];

/** Tries every remainder p with a term q whose coefficient is p.by times larger. */
function foldPair(
  terms: readonly Term[],
  merge: (p: Remainder, q: Index) => Index | undefined,
): Term[] | undefined {
  for (const p of terms) {
    if (p.index.kind !== 'remainder') continue;
    for (const q of terms) {
      if (q === p || q.coefficient !== p.coefficient * p.index.by) continue;
      const merged = merge(p.index, q.index);
      if (merged !== undefined)
        return [
          ...terms.filter((t) => t !== p && t !== q),
          { index: merged, coefficient: p.coefficient },
        ];
    }
  }
  return undefined;
}

export function add(a: Index, b: Index): Index {
  if (a.kind === 'constant') return addConstant(b, a.value);
  if (b.kind === 'constant') return addConstant(a, b.value);
  return collect(
    [
      { index: a, coefficient: 1 },
      { index: b, coefficient: 1 },
    ],
    0,
  );
}

/** A sum with another constant is in normal form already, and this is asked for more often than all else. */
export function addConstant(a: Index, k: number): Index {
  if (k === 0) return a;
  if (a.kind === 'constant') return constant(a.value + k);
  const terms = a.kind === 'sum' ? a.terms : [{ index: a, coefficient: 1 }];
  const total = (a.kind === 'sum' ? a.constant : 0) + k;
  const [first] = terms;
  if (total === 0 && terms.length === 1 && first?.coefficient === 1) return first.index;
  const start = a.kind === 'sum' ? a.key.slice(0, a.key.lastIndexOf('+') + 1) : `(1*${a.key}+`;
  return {
    kind: 'sum',
    terms,
    constant: total,
    lo: a.lo + k,
    hi: a.hi + k,
    key: `${start}${total})`,
  };
}
/** A multiple of what is in normal form is so too: which terms go together depends on their ratios alone. */
export function scale(a: Index, k: number): Index {
  if (k === 0) return constant(0);
  if (k === 1) return a;
  const { terms, constant: c } = linear(a);
  // Not -0.
  const offset = c === 0 ? 0 : k * c;
  const [first] = terms;
  if (first === undefined) return constant(offset);
  if (terms.length === 1 && k * first.coefficient === 1 && offset === 0) return first.index;
  return sumOf(
    terms.map((t) => ({ index: t.index, coefficient: k * t.coefficient })),
    offset,
  );
}

export const subtract = (a: Index, b: Index): Index => add(a, scale(b, -1));

/** e = n·whole + rest, taking out the terms whose coefficient n divides. */
function splitMultiples(e: Index, n: number): [Index, Index] {
  const { terms, constant: c } = linear(e);
  const whole = terms
    .filter((t) => t.coefficient % n === 0)
    .map((t) => ({ index: t.index, coefficient: t.coefficient / n }));
  const rest = terms.filter((t) => t.coefficient % n !== 0);
  const wholeConstant = Math.floor(c / n);
  return [collect(whole, wholeConstant), collect(rest, c - wholeConstant * n)];
}

/** floor(e / n) for n >= 1. */
export function divide(e: Index, n: number): Index {
  if (n === 1) return e;
  if (e.kind === 'constant') return constant(Math.floor(e.value / n));
  if (e.lo >= 0 && e.hi < n) return constant(0);
  if (Math.floor(e.lo / n) === Math.floor(e.hi / n)) return constant(Math.floor(e.lo / n));
  // (x / a) / n is x / (a·n), and (x % (n·a)) / n is (x / n) % a.
  if (e.kind === 'quotient') return divide(e.of, n * e.by);
  if (e.kind === 'remainder' && e.by % n === 0) return modulo(divide(e.of, n), e.by / n);
  const [whole, rest] = splitMultiples(e, n);
  if (rest.lo >= 0 && rest.hi < n) return whole;
  if (!isConstant(whole, 0)) return add(whole, divide(rest, n));
  const { terms, constant: c } = linear(e);
  // (g·x + c) / (g·m) is (x + c / g) / m.
  const common = terms.reduce((g, t) => gcd(g, t.coefficient), n);
  if (common > 1)
    return divide(collect(divideTerms(terms, common), Math.floor(c / common)), n / common);
  const small = smallRemainder(e, n);
  if (small !== undefined) {
    const { large, step } = small;
    return divide(collect(divideTerms(large, step), Math.floor(c / step)), n / step);
  }
  const lo = Math.floor(e.lo / n);
  const hi = Math.floor(e.hi / n);
  return { kind: 'quotient', of: e, by: n, lo, hi, key: `(${e.key}/${n})` };
}

/** e mod n in [0, n) for n >= 1. */
export function modulo(e: Index, n: number): Index {
  if (n === 1) return constant(0);
  if (e.kind === 'constant') return constant(floorMod(e.value, n));
  if (e.lo >= 0 && e.hi < n) return e;
  const quotient = Math.floor(e.lo / n);
  if (quotient === Math.floor(e.hi / n)) return addConstant(e, -quotient * n);
  const [, rest] = splitMultiples(e, n);
  if (rest.key !== e.key) return modulo(rest, n);
  // (x % (n·a)) % n is x % n.
  if (e.kind === 'remainder' && e.by % n === 0) return modulo(e.of, n);
  const { terms, constant: c } = linear(e);
  // (g·x + c) % (g·m) is g·((x + c / g) % m) + c % g.
  const common = terms.reduce((g, t) => gcd(g, t.coefficient), n);
  if (common > 1) {
    const left = floorMod(c, common);
    const inner = modulo(collect(divideTerms(terms, common), (c - left) / common), n / common);
    return addConstant(scale(inner, common), left);
  }
  const small = smallRemainder(e, n);
  if (small !== undefined) {
    const { large, step, rest: low } = small;
    const left = floorMod(c, step);
    const inner = modulo(collect(divideTerms(large, step), (c - left) / step), n / step);
    return add(scale(inner, step), low);
  }
  return { kind: 'remainder', of: e, by: n, lo: 0, hi: n - 1, key: `(${e.key}%${n})` };
}

const divideTerms = (terms: readonly Term[], k: number): Term[] =>
  terms.map((t) => ({ index: t.index, coefficient: t.coefficient / k }));

/**
 * e = step·A + b with 0 <= b < step and step dividing n: then e / n is A / (n / step), and e % n is
 * step·(A % (n / step)) + b.
 */
function smallRemainder(
  e: Index,
  n: number,
): { large: Term[]; step: number; rest: Index } | undefined {
  const { terms, constant: c } = linear(e);
  const sizes = [...new Set(terms.map((t) => Math.abs(t.coefficient)))].sort((a, b) => b - a);
  for (const k of sizes) {
    const step = gcd(k, n);
    if (step <= 1 || step === n) continue;
    const large = terms.filter((t) => t.coefficient % step === 0);
    const low = terms.filter((t) => t.coefficient % step !== 0);
    if (large.length === 0 || low.length === 0) continue;
    const rest = collect(low, floorMod(c, step));
    if (rest.lo >= 0 && rest.hi < step) return { large, step, rest };
  }
  return undefined;
}
