/** The commands of pages that need no shell, run in this process: that spares starting Node for each. */
import { runCommand } from '../../cli/program.ts';
import { createTerminal } from '../../cli/terminal.ts';
import type { Printed } from './workplace.ts';

/** The words of each command after `nnc`; undefined where a shell has to read them, or where a program of the page is imported. */
export function plainCommands(text: string): readonly (readonly string[])[] | undefined {
  const lines = text.trim().split('\n');
  if (!lines.every((line) => /^nnc [\w./=:, -]+$/.test(line))) return undefined;
  const commands = lines.map((line) => line.split(/ +/).slice(1));
  return commands.some(([, file]) => file?.endsWith('.ts')) ? undefined : commands;
}

/** As a shell runs them, up to the first that fails. */
export async function runHere(
  commands: readonly (readonly string[])[],
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<Printed> {
  let text = '';
  const write = (written: string | Uint8Array): boolean => {
    text += typeof written === 'string' ? written : new TextDecoder().decode(written);
    return true;
  };
  // Both streams in one, as `2>&1` has them, and nobody looking on.
  const stream = { isTTY: false, write } as unknown as NodeJS.WriteStream;
  const terminal = createTerminal(env, stream, stream);
  const home = process.cwd();
  process.chdir(folder);
  try {
    for (const words of commands) {
      const code = await runCommand(words, { env, terminal, now: () => performance.now() });
      if (code !== 0) return { code, text };
    }
    return { code: 0, text };
  } finally {
    process.chdir(home);
  }
}
