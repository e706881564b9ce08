/** A terminal that only remembers what was written. */
import { createTerminal, type Terminal } from '../../cli/terminal.ts';

export interface MemoryTerminal extends Terminal {
  readonly out: () => string;
  readonly err: () => string;
}

/** 80 columns wide. */
export function memoryTerminal(env: NodeJS.ProcessEnv = {}, isTTY = false): MemoryTerminal {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    ({
      isTTY,
      columns: 80,
      write: (text: string) => {
        written[name] += text;
        return true;
      },
    }) as unknown as NodeJS.WriteStream;
  const terminal = createTerminal(env, stream('out'), stream('err'));
  return { ...terminal, out: () => written.out, err: () => written.err };
}
