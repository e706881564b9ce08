/** What the data side needs of a file system, so that it can be tested, and used, without one. */

/** Access to files by path; paths are joined with `/`. */
export interface Files {
  readonly exists: (path: string) => Promise<boolean>;
  readonly read: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** The names in a folder; undefined when `path` is no folder. */
  readonly list: (path: string) => Promise<readonly string[] | undefined>;
}
