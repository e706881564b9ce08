/** How data numbered their classes and characters, kept in the metadata of weights: `{"species": ["setosa", …]}`. Pure. */
import type { ClassNames } from './csv-field.ts';
import { DataError } from './data-error.ts';

const KEY = 'classes';

/** Nothing, where there are none. */
export const classMetadata = (classes: ClassNames): Readonly<Record<string, string>> =>
  Object.keys(classes).length === 0 ? {} : { [KEY]: JSON.stringify(classes) };

/** Throws DataError where the entry is there and is something else. */
export function classesIn(metadata: Readonly<Record<string, string>>, file: string): ClassNames {
  const text = metadata[KEY];
  if (text === undefined) return {};
  const found = parsed(text);
  if (isClassNames(found)) return found;
  throw new DataError(
    file,
    `the \`${KEY}\` in its metadata are no lists of different names, by column`,
    'train again, or take the entry out of the file',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isClassNames = (value: unknown): value is ClassNames =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every(
    (names) =>
      Array.isArray(names) &&
      names.length > 0 &&
      names.every((name) => typeof name === 'string') &&
      new Set(names).size === names.length,
  );
