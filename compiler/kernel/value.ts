/**
 * What one element of a kernel's result is: a pure scalar expression over loads at index expressions.
 * Interned within a kernel, so that a shared subexpression is computed once.
 */
import { type DType, isFloat, type StorageDType } from '../graph/dtype.ts';
import { type Index, variable, variablesOf } from '../index/index-expr.ts';
import { max, min } from '../scalar/intrinsics.ts';
import { castValue, type Intrinsic } from '../scalar/scalar.ts';

export interface Guard {
  /** Holds where 0 <= index < size. */
  readonly index: Index;
  readonly size: number;
}

interface Common {
  readonly id: number;
  readonly dtype: DType;
  /** Names that it depends on: iteration variables, and `#3` for reduction 3. */
  readonly uses: ReadonlySet<string>;
}

/** An integer value that an index goes through (`x[ids]`): the index variable `name` stands for it. */
export interface Gathered {
  readonly name: string;
  /** From 0 to size - 1. */
  readonly value: Value;
  readonly size: number;
}
interface Indexed {
  readonly through: readonly Gathered[];
}

export type Value = Common &
  (
    | ({
        readonly kind: 'load';
        readonly operand: number;
        readonly storage: StorageDType;
        readonly index: Index;
      } & Indexed)
    | { readonly kind: 'literal'; readonly value: number }
    /** The index itself as an i32. */
    | ({ readonly kind: 'index'; readonly index: Index } & Indexed)
    | { readonly kind: 'apply'; readonly fn: Intrinsic; readonly args: readonly Value[] }
    | { readonly kind: 'cast'; readonly arg: Value }
    /** `inside` where all guards hold, else `outside`. */
    | ({
        readonly kind: 'guarded';
        readonly guards: readonly Guard[];
        readonly inside: Value;
        readonly outside: Value;
      } & Indexed)
    /** The result of the kernel's reduction or contraction number `reduction`, at the invocation's own row. */
    | { readonly kind: 'reduced'; readonly reduction: number }
  );

/** Makes values and shares equal ones. One for each kernel. */
export class Values {
  readonly #interned = new Map<string, Value>();
  readonly #gathered = new Map<string, Gathered>();

  /** How many there are. */
  get count(): number {
    return this.#interned.size;
  }

  #intern(
    key: string,
    uses: () => Set<string>,
    make: (common: Omit<Common, 'dtype'>) => Value,
  ): Value {
    const seen = this.#interned.get(key);
    if (seen !== undefined) return seen;
    const value = make({ id: this.#interned.size, uses: uses() });
    this.#interned.set(key, value);
    return value;
  }

  load(operand: number, storage: StorageDType, dtype: DType, index: Index): Value {
    return this.#intern(
      `l${operand}@${index.key}`,
      () => this.#usesOf([index]),
      (c) => ({
        ...c,
        kind: 'load',
        dtype,
        operand,
        storage,
        index,
        through: this.#through([index]),
      }),
    );
  }
  /** An integer value as an index from 0 to size - 1, clamped to that, so that no load leaves its tensor. */
  gathered(value: Value, size: number): Index {
    const low = this.apply(max, [value, this.literal(0, 'i32')], 'i32');
    const clamped = this.apply(min, [low, this.literal(size - 1, 'i32')], 'i32');
    const name = `$${clamped.id}`;
    this.#gathered.set(name, { name, value: clamped, size });
    return variable(name, size);
  }
  #through(indices: readonly Index[]): readonly Gathered[] {
    const names = new Set<string>();
    for (const e of indices) variablesOf(e, names);
    return [...names].flatMap((n) => this.#gathered.get(n) ?? []);
  }
  #usesOf(indices: readonly Index[]): Set<string> {
    const uses = new Set<string>();
    const names = new Set<string>();
    for (const e of indices) variablesOf(e, names);
    for (const n of names) for (const u of this.#gathered.get(n)?.value.uses ?? [n]) uses.add(u);
    return uses;
  }

  literal(value: number, dtype: DType): Value {
    const text = Object.is(value, -0) ? '-0' : String(value);
    return this.#intern(
      `c${text}:${dtype}`,
      () => new Set(),
      (c) => ({ ...c, kind: 'literal', dtype, value }),
    );
  }
  index(index: Index): Value {
    return this.#intern(
      `i${index.key}`,
      () => this.#usesOf([index]),
      (c) => ({ ...c, kind: 'index', dtype: 'i32', index, through: this.#through([index]) }),
    );
  }
  /** Of known numbers it is one: WGSL refuses `sqrt(-1f)` and `1f / 0f`, which are no numbers but have a value. */
  apply(fn: Intrinsic, args: readonly Value[], dtype: DType): Value {
    const known = args.flatMap((a) => (a.kind === 'literal' ? [a.value] : []));
    if (known.length === args.length)
      return this.literal(rounded(fn.js(known, args.at(-1)?.dtype ?? dtype), dtype), dtype);
    return this.#intern(
      `${fn.name}(${args.map((a) => a.id).join()})${dtype}`,
      () => union(args),
      (c) => ({ ...c, kind: 'apply', dtype, fn, args }),
    );
  }
  cast(arg: Value, dtype: DType): Value {
    if (arg.dtype === dtype) return arg;
    if (arg.kind === 'literal')
      return this.literal(rounded(castValue(arg.value, dtype, arg.dtype), dtype), dtype);
    return this.#intern(
      `as${dtype}(${arg.id})`,
      () => union([arg]),
      (c) => ({ ...c, kind: 'cast', dtype, arg }),
    );
  }
  guarded(guards: readonly Guard[], inside: Value, outside: Value): Value {
    const open = guards.filter((g) => g.index.lo < 0 || g.index.hi >= g.size);
    if (open.some((g) => g.index.hi < 0 || g.index.lo >= g.size)) return outside;
    if (open.length === 0) return inside;
    const key = `g${open.map((g) => `${g.index.key}<${g.size}`).join('&')}?${inside.id}:${outside.id}`;
    return this.#intern(
      key,
      () => {
        const uses = union([inside, outside]);
        for (const u of this.#usesOf(open.map((g) => g.index))) uses.add(u);
        return uses;
      },
      (c) => ({
        ...c,
        kind: 'guarded',
        dtype: inside.dtype,
        guards: open,
        inside,
        outside,
        through: this.#through(open.map((g) => g.index)),
      }),
    );
  }
  reduced(reduction: number, dtype: DType): Value {
    return this.#intern(
      `#${reduction}`,
      () => new Set([`#${reduction}`]),
      (c) => ({ ...c, kind: 'reduced', dtype, reduction }),
    );
  }
}

const rounded = (value: number, dtype: DType): number =>
  isFloat(dtype) ? Math.fround(value) : value;

function union(values: readonly Value[]): Set<string> {
  const all = new Set<string>();
  for (const v of values) for (const u of v.uses) all.add(u);
  return all;
}

/** The values directly inside. */
export function partsOf(v: Value): readonly Value[] {
  switch (v.kind) {
    case 'apply':
      return v.args;
    case 'cast':
      return [v.arg];
    case 'guarded':
      return [...v.through.map((g) => g.value), v.inside, v.outside];
    case 'load':
    case 'index':
      return v.through.map((g) => g.value);
    case 'literal':
    case 'reduced':
      return [];
  }
}

/** Every value below the roots, each once, parts before wholes. */
export function valuesBelow(roots: readonly Value[]): Value[] {
  const seen = new Set<Value>();
  const order: Value[] = [];
  const visit = (v: Value): void => {
    if (seen.has(v)) return;
    seen.add(v);
    for (const p of partsOf(v)) visit(p);
    order.push(v);
  };
  for (const r of roots) visit(r);
  return order;
}
