/** Checks texts in a thread that is ended where a text takes it too long. */
import { Worker } from 'node:worker_threads';
import type { Kind, Outcome } from './check-text.ts';

/** What takes longer never comes back; a slow text is a failure long before. */
const hangSeconds = 20;

export class Checker {
  #worker: Worker | undefined;

  async check(text: string, kind: Kind): Promise<Outcome> {
    this.#worker ??= new Worker(new URL('check-worker.ts', import.meta.url));
    const worker = this.#worker;
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const timer = setTimeout(
      () => resolve(hung(`no answer within ${hangSeconds} s`)),
      hangSeconds * 1000,
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

const hangs = 'the compiler comes back';
const hung = (message: string): Outcome => ({
  failure: { property: hangs, message },
  errors: [],
  milliseconds: hangSeconds * 1000,
});
