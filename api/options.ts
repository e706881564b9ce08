/** Options in an object, checked where a program without types may have misspelt them: what is not known would do nothing. */
import { nearest } from '../grammar/index.ts';
import { described } from './data/numbers.ts';
import { UsageError } from './usage-error.ts';

/** Every option of `T`, so that a new one cannot be forgotten. */
export type OptionNames<T> = { readonly [Name in keyof Required<T>]: true };

/** Throws UsageError for what is no object, and for a name that is no option. */
export function checkOptions<T extends object>(
  call: string,
  given: T | undefined,
  names: OptionNames<T>,
): void {
  if (given === undefined) return;
  const known = Object.keys(names);
  const whole = `its options are ${known.join(', ')}`;
  if (typeof given !== 'object' || given === null || ArrayBuffer.isView(given))
    throw new UsageError(`the options of \`${call}\` are ${described(given)}`, whole);
  const strange = Object.keys(given).find((name) => !Object.hasOwn(names, name));
  if (strange === undefined) return;
  const near = nearest(strange, known);
  throw new UsageError(
    `\`${call}\` has no option \`${strange}\``,
    near === undefined ? whole : `did you mean \`${near}\`?`,
  );
}
