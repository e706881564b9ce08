/** What every command is given instead of reaching for the process itself. */
import type { Terminal } from './terminal.ts';

export interface Context {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  /** Milliseconds, never running backwards; 0 is the start of the process. */
  now(): number;
}
