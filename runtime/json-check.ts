/** Readers for the values of untrusted JSON: each returns the value with its type or throws a PlanError that names the place. */
import { PlanError } from './errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Stops at the first thing that is not as it should be. */
export function fail(path: string, expected: string, found: string): never {
  throw new PlanError(path, expected, found);
}

/** A value as a message shows it: short, and never as long as the value. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export function object(value: unknown, path: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  return fail(path, 'an object', show(value));
}

/** A list, each element read by `read`. */
export function list<T>(
  value: unknown,
  path: string,
  read: (element: unknown, path: string) => T,
): readonly T[] {
  if (!Array.isArray(value)) return fail(path, 'a list', show(value));
  // Not `map`, which leaves out the holes of a sparse array.
  return Array.from(value, (element: unknown, index) => read(element, `${path}[${index}]`));
}

/** An object of values that are all read by `read`. */
export function record<T>(
  value: unknown,
  path: string,
  read: (element: unknown, path: string) => T,
): Readonly<Record<string, T>> {
  const entries = Object.entries(object(value, path));
  // A null prototype, so that a key like `__proto__` is a key.
  const result: Record<string, T> = Object.create(null) as Record<string, T>;
  for (const [key, element] of entries) result[key] = read(element, `${path}.${key}`);
  return result;
}

export function text(value: unknown, path: string): string {
  return typeof value === 'string' ? value : fail(path, 'a text', show(value));
}

export function name(value: unknown, path: string): string {
  const read = text(value, path);
  return read === '' ? fail(path, 'a name', 'an empty text') : read;
}

export function oneOf<T extends string>(value: unknown, path: string, options: readonly T[]): T {
  const found = options.find((option) => option === value);
  if (found !== undefined) return found;
  const names = options.map((option) => `\`${option}\``).join(', ');
  return fail(path, options.length === 1 ? names : `one of ${names}`, show(value));
}

export interface Range {
  readonly min?: number;
  readonly max?: number;
  readonly multipleOf?: number;
}

/** An integer that JavaScript represents exactly, not negative unless `min` says so. */
export function integer(value: unknown, path: string, range: Range = {}): number {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, multipleOf = 1 } = range;
  const fits =
    typeof value === 'number' &&
    Number.isSafeInteger(value) &&
    value >= min &&
    value <= max &&
    value % multipleOf === 0;
  if (fits) return value;
  const bounds = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `from ${min} to ${max}`;
  const steps = multipleOf === 1 ? 'an integer' : `a multiple of ${multipleOf}`;
  return fail(path, `${steps} ${bounds}`, show(value));
}
