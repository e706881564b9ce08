/**
 * The one error of the data side: what a file or data set promised, what was found instead, what
 * helps.
 */

/** Bad data is expected input: the message is a full sentence for the user, who sees no stack. */
export class DataError extends Error {
  /** The file or data set that the message is about. */
  readonly file: string;
  /** What the user can do about it. */
  readonly help?: string;

  constructor(file: string, message: string, help?: string) {
    super(`${file}: ${message}`);
    this.name = 'DataError';
    this.file = file;
    if (help !== undefined) this.help = help;
  }
}

/** A number as messages print it: 47040016 as `47,040,016`. */
export function grouped(value: number | bigint): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Words out of a file, which may be as long as it likes, cut to what a message has room for. */
export const clipped = (text: string): string =>
  text.length > 60 ? `${text.slice(0, 59)}…` : text;

/** A name out of a file, as messages quote it. */
export const ticked = (name: string): string => `\`${clipped(name)}\``;
