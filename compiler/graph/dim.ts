/**
 * Sizes: a number, or a polynomial with integer coefficients over named symbols (`batch`), with
 * `floor(e/k)` and `e mod k` as atoms. Always in normal form, so equal sizes have equal keys.
 */

export type Dim = number | SymbolicDim;

export interface SymbolicDim {
  readonly kind: 'symbolic';
  /** Sorted by key, no zero coefficients, at least one term that is not constant. */
  readonly terms: readonly Term[];
  readonly key: string;
}

interface Term {
  readonly coefficient: number;
  /** Sorted by key; the empty list is the constant term. */
  readonly factors: readonly Factor[];
  readonly key: string;
}

interface Factor {
  readonly atom: Atom;
  readonly power: number;
}

type Atom =
  | { readonly kind: 'symbol'; readonly name: string; readonly key: string }
  | { readonly kind: 'floor' | 'mod'; readonly of: Dim; readonly by: Dim; readonly key: string };

export const isSymbolic = (d: unknown): d is SymbolicDim =>
  typeof d === 'object' && d !== null && (d as SymbolicDim).kind === 'symbolic';

export const dimKey = (d: Dim): string => (typeof d === 'number' ? String(d) : d.key);
export const equalDims = (a: Dim, b: Dim): boolean => a === b || dimKey(a) === dimKey(b);
export const equalShapes = (a: readonly Dim[], b: readonly Dim[]): boolean =>
  a.length === b.length && a.every((d, i) => equalDims(d, b[i] ?? -1));

const atomText = (a: Atom): string => a.key;
const factorsKey = (factors: readonly Factor[]): string =>
  factors
    .map((f) => (f.power === 1 ? atomText(f.atom) : `${atomText(f.atom)}**${f.power}`))
    .join('*');

function termsOf(d: Dim): readonly Term[] {
  if (typeof d !== 'number') return d.terms;
  return d === 0 ? [] : [{ coefficient: d, factors: [], key: '' }];
}

function fromTerms(terms: Iterable<Term>): Dim {
  const sums = new Map<string, Term>();
  for (const t of terms) {
    const seen = sums.get(t.key);
    sums.set(t.key, seen ? { ...t, coefficient: seen.coefficient + t.coefficient } : t);
  }
  const left = [...sums.values()].filter((t) => t.coefficient !== 0);
  if (left.every((t) => t.factors.length === 0)) return left[0]?.coefficient ?? 0;
  // Constants last, as one writes them: `n + 1`.
  left.sort((a, b) => (a.key === '' ? 1 : b.key === '' ? -1 : a.key < b.key ? -1 : 1));
  return { kind: 'symbolic', terms: left, key: text(left) };
}

function text(terms: readonly Term[]): string {
  return terms
    .map((t, i) => {
      const size = Math.abs(t.coefficient);
      const body = t.key === '' ? String(size) : size === 1 ? t.key : `${size}*${t.key}`;
      const sign = t.coefficient < 0 ? '-' : '+';
      return i === 0 ? (t.coefficient < 0 ? `-${body}` : body) : `${sign}${body}`;
    })
    .join('');
}

/** A size by name. */
export function symbol(name: string): Dim {
  return atomDim({ kind: 'symbol', name, key: name });
}

function atomDim(atom: Atom): Dim {
  return fromTerms([{ coefficient: 1, factors: [{ atom, power: 1 }], key: atom.key }]);
}

export const addDims = (a: Dim, b: Dim): Dim =>
  typeof a === 'number' && typeof b === 'number'
    ? a + b
    : fromTerms([...termsOf(a), ...termsOf(b)]);

export const scaleDim = (a: Dim, k: number): Dim => mulDims(a, k);
export const subDims = (a: Dim, b: Dim): Dim => addDims(a, mulDims(b, -1));

export function mulDims(a: Dim, b: Dim): Dim {
  // Sizes have one zero: -0 would be another node.
  if (typeof a === 'number' && typeof b === 'number') return a * b || 0;
  const out: Term[] = [];
  for (const s of termsOf(a)) for (const t of termsOf(b)) out.push(mulTerms(s, t));
  return fromTerms(out);
}

function mulTerms(s: Term, t: Term): Term {
  const powers = new Map<string, Factor>();
  for (const f of [...s.factors, ...t.factors]) {
    const seen = powers.get(f.atom.key);
    powers.set(f.atom.key, { atom: f.atom, power: f.power + (seen?.power ?? 0) });
  }
  const factors = [...powers.values()].sort((x, y) => (x.atom.key < y.atom.key ? -1 : 1));
  return { coefficient: s.coefficient * t.coefficient, factors, key: factorsKey(factors) };
}

/** Longer than any that somebody means, or of numbers that are no longer exact: it would take ever longer to compare. */
export const isUnwieldy = (d: Dim): boolean =>
  typeof d !== 'number' &&
  (d.key.length > 2000 ||
    d.terms.some(
      ({ coefficient, factors }) =>
        !Number.isSafeInteger(coefficient) || factors.some(({ power }) => power > 64),
    ));

export const productOf = (dims: readonly Dim[]): Dim => dims.reduce<Dim>(mulDims, 1);

/** `a / b` where it is a polynomial again, else undefined. */
export function divideExactly(a: Dim, b: Dim): Dim | undefined {
  if (typeof a === 'number' && typeof b === 'number')
    return b !== 0 && a % b === 0 ? a / b : undefined;
  const lead = termsOf(b)[0];
  if (lead === undefined) return undefined;
  let rest: Dim = a;
  let quotient: Dim = 0;
  for (let guard = 0; guard < 64 && !(typeof rest === 'number' && rest === 0); guard++) {
    const step = termsOf(rest)
      .map((t) => divideTerm(t, lead))
      .find((t) => t !== undefined);
    if (step === undefined) return undefined;
    const part = fromTerms([step]);
    quotient = addDims(quotient, part);
    rest = subDims(rest, mulDims(part, b));
  }
  return typeof rest === 'number' && rest === 0 ? quotient : undefined;
}

function divideTerm(t: Term, by: Term): Term | undefined {
  if (t.coefficient % by.coefficient !== 0) return undefined;
  const factors = t.factors.map((f) => ({ ...f }));
  for (const f of by.factors) {
    const at = factors.find((g) => g.atom.key === f.atom.key);
    if (at === undefined || at.power < f.power) return undefined;
    at.power -= f.power;
  }
  const left = factors.filter((f) => f.power > 0);
  return { coefficient: t.coefficient / by.coefficient, factors: left, key: factorsKey(left) };
}

/** `floor(a / b)`; b is a positive size. */
export function floorDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return Math.floor(a / b);
  const exact = divideExactly(a, b);
  if (exact !== undefined) return exact;
  const [whole, rest] = splitMultiples(a, b);
  if (!(typeof whole === 'number' && whole === 0)) return addDims(whole, floorDims(rest, b));
  return atomDim({ kind: 'floor', of: a, by: b, key: `floor((${dimKey(a)})/(${dimKey(b)}))` });
}

/** `a mod b`, never negative for positive b. */
export function modDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return ((a % b) + b) % b;
  if (divideExactly(a, b) !== undefined) return 0;
  const [whole, rest] = splitMultiples(a, b);
  if (!(typeof whole === 'number' && whole === 0)) return modDims(rest, b);
  return atomDim({ kind: 'mod', of: a, by: b, key: `((${dimKey(a)}) mod (${dimKey(b)}))` });
}

/** a = whole * b + rest, taking out the terms that b divides. */
function splitMultiples(a: Dim, b: Dim): [Dim, Dim] {
  let whole: Dim = 0;
  const rest: Term[] = [];
  for (const t of termsOf(a)) {
    const q = divideExactly(fromTerms([t]), b);
    if (q === undefined) rest.push(t);
    else whole = addDims(whole, q);
  }
  return [whole, fromTerms(rest)];
}

/** Replaces symbols; a symbol that `value` does not know stays. */
export function substitute(d: Dim, value: (name: string) => Dim | undefined): Dim {
  if (typeof d === 'number') return d;
  let sum: Dim = 0;
  for (const t of d.terms) {
    let product: Dim = t.coefficient;
    for (const f of t.factors) {
      const base = substituteAtom(f.atom, value);
      for (let i = 0; i < f.power; i++) product = mulDims(product, base);
    }
    sum = addDims(sum, product);
  }
  return sum;
}

function substituteAtom(a: Atom, value: (name: string) => Dim | undefined): Dim {
  if (a.kind === 'symbol') return value(a.name) ?? atomDim(a);
  const of = substitute(a.of, value);
  const by = substitute(a.by, value);
  return a.kind === 'floor' ? floorDims(of, by) : modDims(of, by);
}

/** The symbols in it, each once, in order of appearance. */
export function symbolsOf(d: Dim): string[] {
  if (typeof d === 'number') return [];
  const names = new Set<string>();
  for (const t of d.terms)
    for (const { atom } of t.factors)
      if (atom.kind === 'symbol') names.add(atom.name);
      else for (const n of [...symbolsOf(atom.of), ...symbolsOf(atom.by)]) names.add(n);
  return [...names];
}

/**
 * Solves `d = value` for one symbol that stands in it bare or linearly: `4*n + 2 = 14` gives n = 3.
 * Undefined where the symbol is not linear, or the coefficient does not divide.
 */
export function solveFor(d: Dim, name: string, value: Dim): Dim | undefined {
  if (typeof d === 'number') return undefined;
  const mine = d.terms.filter((t) => symbolsOf(fromTerms([t])).includes(name));
  const [only] = mine;
  if (mine.length !== 1 || only === undefined) return undefined;
  const own = only.factors.find((f) => f.atom.kind === 'symbol' && f.atom.name === name);
  if (own === undefined || own.power !== 1) return undefined;
  const factors = only.factors.filter((f) => f !== own);
  const coefficient = fromTerms([
    { coefficient: only.coefficient, factors, key: factorsKey(factors) },
  ]);
  if (symbolsOf(coefficient).includes(name)) return undefined;
  const rest = fromTerms(d.terms.filter((t) => t !== only));
  return divideExactly(subDims(value, rest), coefficient);
}

/** As a person writes it: `2*n + 1`. */
export const dimText = (d: Dim): string =>
  typeof d === 'number' ? String(d) : d.key.replace(/(?<=.)([+-])/g, ' $1 ');
export const shapeText = (shape: readonly Dim[]): string => `[${shape.map(dimText).join(', ')}]`;
