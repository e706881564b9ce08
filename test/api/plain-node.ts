/**
 * Programs as Node itself runs them, without a tool in between that moves their lines: one process imports them one after
 * another, and tells what each of them printed.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface PlainNode {
  /** Writes the program to the folder, and gives what it prints. A name can be used once: modules are imported once. */
  printed(name: string, text: string): Promise<string>;
  close(): Promise<void>;
}

const runner = `let printed = '';
console.log = (...words) => { printed += words.join(' ') + '\\n'; };
process.on('message', async (file) => {
  printed = '';
  await import(file).catch((error) => { printed += error.stack; });
  process.send(printed);
});
`;

export function startPlainNode(folder: string): PlainNode {
  const started = path.join(folder, 'runner.mjs');
  writeFileSync(started, runner);
  const child = fork(started, { cwd: folder, execArgv: ['--no-warnings'] });
  const ended = once(child, 'exit').then(() => {
    throw new Error('Node ended before the program did');
  });
  return {
    async printed(name, text) {
      const file = path.join(folder, name);
      if (existsSync(file)) throw new Error(`there is a program ${name} already`);
      writeFileSync(file, text);
      const answer = once(child, 'message');
      child.send(file);
      const [said] = await Promise.race([answer, ended]);
      return String(said);
    },
    async close() {
      child.disconnect();
      await ended.catch(() => undefined);
    },
  };
}
