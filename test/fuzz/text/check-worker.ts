/** A thread that checks one text after another, so that a text that hangs it can be told from one that does not. */
import { parentPort } from 'node:worker_threads';
import { checkText, type Kind } from './check-text.ts';

parentPort?.on('message', ({ text, kind }: { readonly text: string; readonly kind: Kind }) => {
  parentPort?.postMessage(checkText(text, kind));
});

parentPort?.postMessage('ready');
