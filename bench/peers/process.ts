/** A worker from the driver's side: a process that answers one question after the other. */
import { fork } from 'node:child_process';
import { NODE_FLAGS } from './contestant.ts';
import type { Answer, Ask, Disposed, Hello, Prepared, Reply, Run } from './messages.ts';

export interface Worker {
  readonly id: string;
  readonly hello: Hello;
  prepare(name: string): Promise<Prepared>;
  run(count: number): Promise<Run>;
  output(): Promise<readonly number[] | null>;
  dispose(): Promise<Disposed>;
  kill(): void;
}

/** No case needs longer; a library that hangs must not hang the run. */
const PATIENCE_MS = 110_000;

export async function startWorker(id: string, env: NodeJS.ProcessEnv): Promise<Worker> {
  const process = fork(new URL('worker.mjs', import.meta.url), [id], {
    execArgv: [...(NODE_FLAGS[id] ?? [])],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env,
  });
  let last = 0;
  let stderr = '';
  let ended: Error | undefined;
  const waiting = new Map<number, (reply: Reply) => void>();
  process.stderr?.on('data', (text: Buffer) => {
    stderr = `${stderr}${text}`.slice(-2000);
  });
  process.on('message', (reply: Reply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  process.on('exit', (code, signal) => {
    ended = new Error(`the process ended (${code ?? signal}): ${stderr.trim().slice(-400)}`);
    for (const [number, reply] of waiting) reply({ id: number, error: ended.message });
    waiting.clear();
  });
  const answered = (number: number): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => process.kill('SIGKILL'), PATIENCE_MS);
      waiting.set(number, ({ ok = null, error }) => {
        clearTimeout(timer);
        if (error === undefined) resolve(ok);
        else reject(new Error(error));
      });
    });
  const ask = async (question: Ask): Promise<Answer> => {
    if (ended !== undefined) throw ended;
    last += 1;
    const answer = answered(last);
    process.send({ ...question, id: last });
    return await answer;
  };
  await answered(0);
  return {
    id,
    hello: (await ask({ kind: 'hello' })) as Hello,
    prepare: async (name) => (await ask({ kind: 'prepare', case: name })) as Prepared,
    run: async (count) => (await ask({ kind: 'run', count })) as Run,
    output: async () => (await ask({ kind: 'output' })) as readonly number[] | null,
    dispose: async () => (await ask({ kind: 'dispose' })) as Disposed,
    kill: () => void process.kill('SIGKILL'),
  };
}
