/** The command `nnc`: runs one command and ends with its exit code. */
import { runCommand } from './program.ts';
import { createTerminal } from './terminal.ts';

// A reader that has seen enough (`nnc predict … | head`) is no failure.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });

const { env } = process;
const context = { env, terminal: createTerminal(env), now: () => performance.now() };
// Not `process.exit`: what was written is still on its way, and the device has to be let go.
process.exitCode = await runCommand(process.argv.slice(2), context);
