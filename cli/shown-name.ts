/** A name out of data, such as that of a class, fit for a line of a terminal. Pure. */
import { visible } from '../grammar/index.ts';

/** Control characters as pictures; in quotes where blanks would not be seen. */
export function shownName(name: string): string {
  const seen = visible(name).replaceAll('\n', '␊').replaceAll('\t', '␉');
  return /^\s*$|^\s|\s$/.test(seen) ? `"${seen}"` : seen;
}
