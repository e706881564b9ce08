/** Stands in for the checking thread with two mistakes: a product of `w` fails, and a `repeat` in brackets never comes back. */
import { parentPort } from 'node:worker_threads';
import type { Outcome } from './check-text.ts';

parentPort?.on('message', ({ text }: { readonly text: string }) => {
  while (/\(\s*repeat/.test(text));
  const message = `planted at line ${text.split('\n').length}`;
  const failure = /@\s*w/.test(text) ? { property: 'products are sound', message } : undefined;
  const outcome: Outcome = { errors: [], milliseconds: 1, ...(failure && { failure }) };
  parentPort?.postMessage(outcome);
});

parentPort?.postMessage('ready');
