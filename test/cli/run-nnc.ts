/** Starts the command as a user does, in a folder of its own. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../cli/program.ts';
import { memoryTerminal } from './memory-terminal.ts';

export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
const command = path.join(projectFolder, 'bin/nnc.js');

export interface Ran {
  /** Null where a signal ended it: a crash, or the time limit. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Workplace {
  readonly folder: string;
  write(name: string, content: string | Uint8Array): string;
  nnc(...args: readonly string[]): Promise<Ran>;
  /** Sends the signal as soon as standard output contains `text`, twice as npm makes it. */
  interrupted(text: string, signal: NodeJS.Signals, ...args: readonly string[]): Promise<Ran>;
  remove(): void;
}

/** Colours and data of whoever runs the tests must not get in. */
function testEnv(): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, NNC_DATA: ___, NNC_DEBUG: ____, ...env } = process.env;
  return env;
}

/**
 * Runs the command in this process, in its working folder: the same but for the start of Node and its end, which
 * test/user/exit.test.ts looks at.
 */
export async function nncHere(...words: readonly string[]): Promise<Ran> {
  const terminal = memoryTerminal();
  const context = { env: testEnv(), terminal, now: () => performance.now() };
  const code = await runCommand(words, context);
  return { code, stdout: terminal.out(), stderr: terminal.err() };
}

export function createWorkplace(timeout = 60_000): Workplace {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nnc-test-'));
  const env = testEnv();
  const options = { cwd: folder, env, timeout };
  return {
    folder,
    write(name, content) {
      writeFileSync(path.join(folder, name), content);
      return name;
    },
    nnc: (...args) =>
      new Promise((resolve) => {
        const child = execFile(process.execPath, [command, ...args], options, (_, stdout, stderr) =>
          resolve({ code: child.exitCode, stdout, stderr }),
        );
      }),
    interrupted: (text, signal, ...args) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [command, ...args], options);
        let stdout = '';
        let stderr = '';
        child.stdout.on('data', (chunk: Buffer) => {
          const before = stdout.includes(text);
          stdout += chunk.toString();
          if (before || !stdout.includes(text)) return;
          child.kill(signal);
          setTimeout(() => child.kill(signal), 20);
        });
        child.stderr.on('data', (chunk: Buffer) => {
          stderr += chunk.toString();
        });
        child.on('close', (code) => resolve({ code, stdout, stderr }));
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * Two features and a class that a line separates. 48 rows are three batches of the model's 16: a short one would be
 * programs of its own, for the tests that look at them.
 */
export const pointsCsv: string = [
  'a,b,label',
  ...Array.from({ length: 48 }, (_, i) => {
    const a = ((i * 37) % 48) / 24 - 1;
    const b = ((i * 23) % 48) / 24 - 1;
    return `${a.toFixed(2)},${b.toFixed(2)},${a + b > 0 ? 1 : 0}`;
  }),
  '',
].join('\n');

export const pointsModel = `input a: f32[batch]
input b: f32[batch]
input label: u8[batch]
const width = 4
let x = concat([a[:, None], b[:, None]], axis=1)
let logits = x |> dense(width) |> tanh |> dense(2)
output probs = softmax(logits)
output class = argmax(logits, axis=-1)
loss = softmax_crossentropy(logits, label)
metric accuracy = accuracy(logits, label)
expect allclose(sum(probs, axis=1), 1)
train { data: "points.csv"  optimizer: adam(lr=0.05)  batch: 16  epochs: 4  seed: 1 }
`;
