/** A row of the tables: what is wrong with a file, the file, and every line that its reader says to the user. */
import type { Bytes } from './make-files.ts';

/** Names and contents of the files in a folder; `null` for a folder in it, undefined for what is not there. */
export type Folder = Readonly<Record<string, Bytes | null | undefined>>;

export type HostileFile = readonly [
  wrong: string,
  file: string,
  content: Bytes | Folder | undefined,
  ...says: readonly string[],
];
