/** Checks texts in a thread that is ended where a text takes it too long. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Kind, Outcome } from './check-text.ts';

export interface CheckerOptions {
  /** Sends a word when it is ready; then checks each text that it is sent, and sends the outcome back. */
  readonly thread?: URL;
  /** What takes longer never comes back; a slow text is a failure long before. */
  readonly hangSeconds?: number;
}

export class Checker {
  #worker: Worker | undefined;
  readonly #thread: URL;
  readonly #hangSeconds: number;

  constructor({ thread, hangSeconds = 20 }: CheckerOptions = {}) {
    this.#thread = thread ?? new URL('check-worker.ts', import.meta.url);
    this.#hangSeconds = hangSeconds;
  }

  async check(text: string, kind: Kind): Promise<Outcome> {
    this.#worker ??= await started(this.#thread);
    const worker = this.#worker;
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const timer = setTimeout(
      () => resolve(hung(`no answer within ${this.#hangSeconds} s`)),
      this.#hangSeconds * 1000,
    );
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.postMessage({ text, kind });
    try {
      const outcome = await promise;
      if (outcome.failure?.property === hangs) await this.close();
      return outcome;
    } catch (error) {
      await this.close();
      return hung(`the thread ended: ${String(error)}`);
    } finally {
      clearTimeout(timer);
      worker.off('message', resolve);
      worker.off('error', reject);
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** Loading does not count as checking. */
async function started(thread: URL): Promise<Worker> {
  const worker = new Worker(thread);
  await once(worker, 'message');
  return worker;
}

const hangs = 'the compiler comes back';
const hung = (message: string): Outcome => ({
  failure: { property: hangs, message },
  errors: [],
  milliseconds: Number.POSITIVE_INFINITY,
});
