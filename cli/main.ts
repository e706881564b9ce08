/** The command `nnc`: reads the command line, runs one command, and ends with its exit code. */

import { reportFailure } from './failure.ts';
import { createProgram } from './program.ts';
import { createTerminal } from './terminal.ts';

const terminal = createTerminal(process.env);
const debug = (process.env['NNC_DEBUG'] ?? '') !== '';

// A reader that has seen enough (`nnc predict … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await createProgram({ env: process.env, terminal, now: () => performance.now() }).parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error, terminal, debug);
}
