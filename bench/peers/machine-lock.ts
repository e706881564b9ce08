/** A lock on the machine while something is timed, for people who measure at the same time: `--lock FILE`. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface MachineLock {
  take(): Promise<void>;
  release(): Promise<void>;
  /** Lets others in for a moment, if it was held for long. */
  breathe(): Promise<void>;
}

const LONGEST_MS = 45_000;

/** Without a file there is nothing to hold. */
export function machineLock(file: string | undefined): MachineLock {
  let holder: ChildProcess | undefined;
  let since = 0;
  const take = async (): Promise<void> => {
    if (file === undefined || holder !== undefined) return;
    const process = spawn('flock', [file, 'sh', '-c', 'echo; cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => process.stdout.once('data', resolve));
    holder = process;
    since = performance.now();
  };
  const release = async (): Promise<void> => {
    const process = holder;
    if (process === undefined) return;
    holder = undefined;
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.stdin?.end();
    await ended;
  };
  return {
    take,
    release,
    async breathe() {
      if (holder === undefined || performance.now() - since < LONGEST_MS) return;
      await release();
      await take();
    },
  };
}
