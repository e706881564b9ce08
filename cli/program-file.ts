/** Models that a program builds, as arguments of commands: `net.ts`, or `nets.ts#small` where the program has several. */

export interface ProgramFile {
  /** The path of a module that exports models. */
  readonly path: string;
  /** Which of its exports. */
  readonly name?: string;
}

/** Undefined for what is no module of TypeScript or JavaScript. */
export function programFileOf(argument: string): ProgramFile | undefined {
  const [, path, name] = /^(.*\.[cm]?[jt]s)(?:#(.*))?$/s.exec(argument) ?? [];
  if (path === undefined) return undefined;
  return name === undefined ? { path } : { path, name };
}
