/**
 * Between what a program holds and what the elaborator computes with: numbers, sizes, lists, tensors and layers
 * become values, and values become those again.
 */

import { complain } from '../compiler/elaborate/report.ts';
import { sizeValue } from '../compiler/elaborate/sizes.ts';
import {
  type Argument,
  type Callable,
  number,
  type Place,
  unknown,
  type Value,
} from '../compiler/elaborate/value.ts';
import { isSymbolic } from '../compiler/graph/dim.ts';
import type { Building } from './building.ts';
import type { CallSite } from './call-site.ts';
import { Size, sizeOf } from './size.ts';
import { snakeCase } from './spelling.ts';
import { UsageError } from './usage-error.ts';

/** What tensors, layers and functions of the language are to the elaborator. */
export interface Meaning {
  valueIn(building: Building, place: Place): Value;
  /** Only a parameter gives it a shape. */
  readonly initial?: boolean;
  /** Where it is computed, if it belongs to no model. */
  readonly desk?: Building;
}
const meanings = new WeakMap<object, Meaning>();

/** Says what an object of the API means. */
export function means<T extends object>(object: T, meaning: Meaning): T {
  meanings.set(object, meaning);
  return object;
}

const meaningOf = (x: unknown): Meaning | undefined =>
  x !== null && (typeof x === 'object' || typeof x === 'function') ? meanings.get(x) : undefined;

/** Whether something is a tensor, a layer or a function of the language, and no plain function of the program. */
export const hasMeaning = (x: unknown): boolean => meaningOf(x) !== undefined;

/** Makes a value again in any building: what a tensor outside of a model is. */
export type Recipe = (building: Building) => Value;

/** How tensors and layers are made of values; they say so themselves when they are loaded. */
export interface Makers {
  tensor(building: Building, value: Value, recipe: Recipe | undefined): unknown;
  initial(recipe: Recipe): unknown;
  callable(building: Building, value: Callable, recipe: Recipe | undefined): unknown;
}
const makers: Partial<Makers> = {};
export const makeWith = (more: Partial<Makers>): void => {
  Object.assign(makers, more);
};
export const makeInitial = (recipe: Recipe): unknown => makers.initial?.(recipe);

const isNumberArray = (x: unknown): x is ArrayLike<number> =>
  ArrayBuffer.isView(x) && !(x instanceof DataView);

/** What a program hands in, as a value; mistakes are reported at `place`. */
export function toValue(building: Building, x: unknown, place: Place): Value {
  if (typeof x === 'number')
    return Number.isFinite(x)
      ? number(x)
      : complain(building.run, 'NN0313', { what: `${x} is no finite number` }, place);
  if (typeof x === 'boolean') return { kind: 'bool', value: x };
  if (typeof x === 'string') return { kind: 'string', value: x };
  if (x instanceof Size) return sizeValue(x.dim);
  const meaning = meaningOf(x);
  if (meaning !== undefined) return meaning.valueIn(building, place);
  if (typeof x === 'function') return nativeOf(building, x as Fn, place);
  if (Array.isArray(x))
    return { kind: 'list', items: x.map((item) => toValue(building, item, place)) };
  if (isNumberArray(x)) return { kind: 'list', items: Array.from(x, (item) => number(item)) };
  throw new UsageError(
    `${x === undefined ? 'undefined' : `a value of type ${typeof x}`} stands for nothing in a model`,
    'models are made of numbers, booleans, text, lists of them, tensors and layers',
  );
}

type Fn = (...args: unknown[]) => unknown;

/**
 * A function of the program as a function of the language. What it declares belongs to the body in which it was
 * handed over, as that of a block does, and to nobody else who hands over the same function.
 */
function nativeOf(building: Building, fn: Fn, place: Place): Value {
  const { scope } = building;
  const of = building.ownerAt(place);
  return {
    kind: 'native',
    name: fn.name === '' ? 'fn' : fn.name,
    call: (args) =>
      building.inside(
        scope,
        () => {
          const result = fn(...args.map((arg) => fromValue(building, arg.value)));
          return toValue(building, result, place);
        },
        of,
      ),
  };
}

/** What a program gets; with a recipe it belongs to no building. */
export function fromValue(building: Building, value: Value, recipe?: Recipe): unknown {
  switch (value.kind) {
    case 'tensor':
      return makers.tensor?.(building, value, recipe);
    case 'number':
    case 'bool':
    case 'string':
      return value.value;
    case 'size':
      return isSymbolic(value.dim) ? new Size(value.dim) : sizeOf(value.dim);
    case 'dtype':
      return value.name;
    case 'list':
    case 'tuple':
      return value.items.map((item, i) =>
        fromValue(
          building,
          item,
          recipe &&
            ((b) => {
              const whole = recipe(b);
              return whole.kind === value.kind ? (whole.items[i] ?? unknown) : unknown;
            }),
        ),
      );
    case 'unknown':
      return undefined;
    default:
      return makers.callable?.(building, value, recipe);
  }
}

export const isOptions = (x: unknown): x is Readonly<Record<string, unknown>> =>
  typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;

/** The arguments of a call: the last one, if it is a plain object, has the options by name. */
export function toArguments(
  building: Building,
  site: CallSite,
  args: readonly unknown[],
): readonly Argument[] {
  const last = args.at(-1);
  const options = isOptions(last) ? last : {};
  const positional = isOptions(last) ? args.slice(0, -1) : args;
  return [
    ...positional.map((arg, i): Argument => {
      const place = site.arg(i);
      return { value: typed(toValue(building, arg, place), arg), place };
    }),
    ...Object.entries(options).flatMap(([key, given]): readonly Argument[] => {
      if (given === undefined) return [];
      const { name: namePlace, value: place } = site.option(positional.length, key);
      const name = snakeCase(key);
      const value: Value =
        name === 'dtype' && typeof given === 'string'
          ? { kind: 'dtype', name: given }
          : toValue(building, given, place);
      return [{ name, value, place, namePlace }];
    }),
  ];
}

const elementTypes = new Set(['f32', 'f16', 'i32', 'u32', 'bool']);

/** The name of an element type, which in a program is text: `cast(x, "f32")`. */
const typed = (value: Value, given: unknown): Value =>
  typeof given === 'string' && elementTypes.has(given) ? { kind: 'dtype', name: given } : value;

/** Whether something is, or holds, what only a parameter gives a shape. */
export const isInitial = (x: unknown): boolean =>
  Array.isArray(x)
    ? x.some(isInitial)
    : isOptions(x)
      ? Object.values(x).some(isInitial)
      : meaningOf(x)?.initial === true;

/** The desk at which one of the operands was computed. */
export function deskOf(x: unknown): Building | undefined {
  if (Array.isArray(x)) return x.map(deskOf).find((desk) => desk !== undefined);
  if (isOptions(x)) return deskOf(Object.values(x));
  return meaningOf(x)?.desk;
}
