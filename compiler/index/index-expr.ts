/**
 * Index expressions: integers made of iteration variables, in normal form, each with its interval.
 * A view is a function from the index vector of its result to that of its input, so a chain of views
 * is one expression per axis, and the simplifier below is all there is of strides and layouts.
 *
 * `/` and `%` floor. The rules are those of design note 2 (numbers in the comments).
 */

export type Index = Constant | Variable | Sum | Quotient | Remainder;

interface Interval {
  /** Bounds, both inclusive. */
  readonly lo: number;
  readonly hi: number;
  /** Equal expressions have equal keys. */
  readonly key: string;
}
interface Constant extends Interval {
  readonly kind: 'constant';
  readonly value: number;
}
/** 0 <= variable < size. */
export interface Variable extends Interval {
  readonly kind: 'variable';
  readonly name: string;
}
interface Sum extends Interval {
  readonly kind: 'sum';
  /** Sorted by key; no constants or sums among them; coefficients not zero. */
  readonly terms: readonly Term[];
  readonly constant: number;
}
interface Quotient extends Interval {
  readonly kind: 'quotient';
  readonly of: Index;
  readonly by: number;
}
interface Remainder extends Interval {
  readonly kind: 'remainder';
  readonly of: Index;
  readonly by: number;
}
interface Term {
  readonly index: Index;
  readonly coefficient: number;
}

export const constant = (value: number): Index => ({
  kind: 'constant',
  value,
  lo: value,
  hi: value,
  key: String(value),
});
export const isConstant = (e: Index, value: number): boolean =>
  e.kind === 'constant' && e.value === value;

/** An iteration variable; one of size 1 is the constant 0. */
export function variable(name: string, size: number): Index {
  return size === 1 ? constant(0) : { kind: 'variable', name, lo: 0, hi: size - 1, key: name };
}

const floorMod = (a: number, n: number): number => ((a % n) + n) % n;
const gcd = (a: number, b: number): number => {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
};

/** The linear form of an expression. */
export function linear(e: Index): { terms: readonly Term[]; constant: number } {
  if (e.kind === 'constant') return { terms: [], constant: e.value };
  if (e.kind === 'sum') return e;
  return { terms: [{ index: e, coefficient: 1 }], constant: 0 };
}

function collect(parts: readonly Term[], offset: number): Index {
  const sums = new Map<string, Term>();
  let total = offset;
  const put = (index: Index, k: number): void => {
    if (index.kind === 'constant') total += k * index.value;
    else if (index.kind === 'sum') {
      total += k * index.constant;
      for (const t of index.terms) put(t.index, k * t.coefficient);
    } else sums.set(index.key, { index, coefficient: k + (sums.get(index.key)?.coefficient ?? 0) });
  };
  for (const p of parts) put(p.index, p.coefficient);
  return build(
    [...sums.values()].filter((t) => t.coefficient !== 0),
    total,
  );
}

function build(terms: Term[], offset: number): Index {
  for (const fold of [foldQuotientAndRemainder, foldNestedRemainders, foldEquivalentQuotient]) {
    const next = fold(terms);
    if (next !== undefined) return collect(next, offset);
  }
  const [first] = terms;
  if (first === undefined) return constant(offset);
  if (terms.length === 1 && first.coefficient === 1 && offset === 0) return first.index;
  terms.sort((a, b) => (a.index.key < b.index.key ? -1 : 1));
  let lo = offset;
  let hi = offset;
  for (const { index, coefficient: k } of terms) {
    lo += k > 0 ? k * index.lo : k * index.hi;
    hi += k > 0 ? k * index.hi : k * index.lo;
  }
  const key = `(${terms.map((t) => `${t.coefficient}*${t.index.key}`).join('+')}+${offset})`;
  return { kind: 'sum', terms, constant: offset, lo, hi, key };
}

/** Rule 7: (x % n)·k + (x / n)·(k·n) is x·k. */
function foldQuotientAndRemainder(terms: readonly Term[]): Term[] | undefined {
  return foldPair(terms, (p, q) =>
    p.of.key === (q.kind === 'quotient' ? q.of.key : '') && q.kind === 'quotient' && q.by === p.by
      ? p.of
      : undefined,
  );
}
/** Rule 8: x % a + a·((x / a) % b) is x % (a·b). */
function foldNestedRemainders(terms: readonly Term[]): Term[] | undefined {
  return foldPair(terms, (p, q) =>
    q.kind === 'remainder' && q.of.key === divide(p.of, p.by).key
      ? modulo(p.of, p.by * q.by)
      : undefined,
  );
}
/** Rule 9: x % a + a·y is x if y is x / a in another form. */
function foldEquivalentQuotient(terms: readonly Term[]): Term[] | undefined {
  return foldPair(terms, (p, q) => (divide(p.of, p.by).key === q.key ? p.of : undefined));
}

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

export const add = (a: Index, b: Index): Index =>
  collect(
    [
      { index: a, coefficient: 1 },
      { index: b, coefficient: 1 },
    ],
    0,
  );
export const addConstant = (a: Index, k: number): Index => add(a, constant(k));
export const scale = (a: Index, k: number): Index =>
  k === 0 ? constant(0) : collect([{ index: a, coefficient: k }], 0);
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
  if (e.lo >= 0 && e.hi < n) return constant(0); // 1
  if (Math.floor(e.lo / n) === Math.floor(e.hi / n)) return constant(Math.floor(e.lo / n));
  if (e.kind === 'quotient') return divide(e.of, n * e.by); // 2
  if (e.kind === 'remainder' && e.by % n === 0) return modulo(divide(e.of, n), e.by / n); // 2
  const [whole, rest] = splitMultiples(e, n); // 3
  if (rest.lo >= 0 && rest.hi < n) return whole;
  if (!isConstant(whole, 0)) return add(whole, divide(rest, n));
  const { terms, constant: c } = linear(e);
  const common = terms.reduce((g, t) => gcd(g, t.coefficient), n);
  if (common > 1)
    return divide(collect(divideTerms(terms, common), Math.floor(c / common)), n / common); // 4
  const small = smallRemainder(e, n); // 5
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
  if (e.lo >= 0 && e.hi < n) return e; // 1
  const quotient = Math.floor(e.lo / n);
  if (quotient === Math.floor(e.hi / n)) return addConstant(e, -quotient * n);
  const [, rest] = splitMultiples(e, n); // 3
  if (rest.key !== e.key) return modulo(rest, n);
  if (e.kind === 'remainder' && e.by % n === 0) return modulo(e.of, n); // 2
  const { terms, constant: c } = linear(e);
  const common = terms.reduce((g, t) => gcd(g, t.coefficient), n);
  if (common > 1) {
    const left = floorMod(c, common);
    const inner = modulo(collect(divideTerms(terms, common), (c - left) / common), n / common);
    return addConstant(scale(inner, common), left); // 4
  }
  const small = smallRemainder(e, n); // 6
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

/** e = step·A + b with 0 <= b < step and step dividing n: then b does not matter to e / n. */
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

/** Replaces variables; one that `value` does not know stays. */
export function substitute(e: Index, value: (name: string) => Index | undefined): Index {
  switch (e.kind) {
    case 'constant':
      return e;
    case 'variable':
      return value(e.name) ?? e;
    case 'sum':
      return collect(
        e.terms.map((t) => ({ index: substitute(t.index, value), coefficient: t.coefficient })),
        e.constant,
      );
    case 'quotient':
      return divide(substitute(e.of, value), e.by);
    case 'remainder':
      return modulo(substitute(e.of, value), e.by);
  }
}

/** Its value for numbers in place of the variables. */
export function evaluateIndex(e: Index, env: (name: string) => number): number {
  switch (e.kind) {
    case 'constant':
      return e.value;
    case 'variable':
      return env(e.name);
    case 'sum':
      return e.terms.reduce((s, t) => s + t.coefficient * evaluateIndex(t.index, env), e.constant);
    case 'quotient':
      return Math.floor(evaluateIndex(e.of, env) / e.by);
    case 'remainder':
      return floorMod(evaluateIndex(e.of, env), e.by);
  }
}

/** Names of the variables in it. */
export function variablesOf(e: Index, into: Set<string> = new Set()): Set<string> {
  switch (e.kind) {
    case 'constant':
      break;
    case 'variable':
      into.add(e.name);
      break;
    case 'sum':
      for (const t of e.terms) variablesOf(t.index, into);
      break;
    case 'quotient':
    case 'remainder':
      variablesOf(e.of, into);
  }
  return into;
}

/**
 * How e depends on a variable: the constant stride where e = stride·v + (something without v), else
 * undefined.
 */
export function strideIn(e: Index, name: string): number | undefined {
  let stride = 0;
  for (const t of linear(e).terms) {
    if (t.index.kind === 'variable' && t.index.name === name) stride = t.coefficient;
    else if (variablesOf(t.index).has(name)) return undefined;
  }
  return stride;
}

/** The largest k of 4, 2, 1 that provably divides e for all values of its variables. */
export function divisibleBy(e: Index, k: number): boolean {
  const { terms, constant: c } = linear(e);
  return (
    c % k === 0 &&
    terms.every(
      (t) =>
        t.coefficient % k === 0 ||
        (t.index.kind === 'remainder' &&
          t.index.by % k === 0 &&
          (t.coefficient * gcdOfTerm(t.index)) % k === 0) ||
        (t.coefficient * gcdOfTerm(t.index)) % k === 0,
    )
  );
}

/** A number that divides every value of the expression. */
function gcdOfTerm(e: Index): number {
  switch (e.kind) {
    case 'constant':
      return e.value;
    case 'variable':
    case 'quotient':
      return 1;
    case 'sum':
      return e.terms.reduce((g, t) => gcd(g, t.coefficient * gcdOfTerm(t.index)), e.constant);
    case 'remainder':
      return gcd(gcdOfTerm(e.of), e.by);
  }
}

/** Row-major flat index of an index vector. */
export function flatten(at: readonly Index[], shape: readonly number[]): Index {
  const parts: Term[] = [];
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    parts.push({ index: at[i] ?? constant(0), coefficient: step });
    step *= shape[i] ?? 1;
  }
  return collect(parts, 0);
}

/** The index vector of a flat index. */
export function unflatten(flat: Index, shape: readonly number[]): Index[] {
  const at: Index[] = [];
  let rest = flat;
  for (let i = shape.length - 1; i >= 0; i--) {
    const n = shape[i] ?? 1;
    at[i] = i === 0 ? rest : modulo(rest, n);
    rest = divide(rest, n);
  }
  // The outermost axis needs no modulo: a valid flat index stays below the element count.
  return at;
}
