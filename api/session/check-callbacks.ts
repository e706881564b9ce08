/** Callbacks as `fit` is given them: those that a run would never call are mistakes. */
import { nearest } from '../../grammar/index.ts';
import type { Callback } from '../callbacks/callback.ts';
import { described } from '../data/numbers.ts';
import type { OptionNames } from '../options.ts';
import { UsageError } from '../usage-error.ts';

const members: OptionNames<Callback> = {
  onStart: true,
  onStep: true,
  everySteps: true,
  onProgress: true,
  onEpoch: true,
  onEnd: true,
  watch: true,
  checkpoint: true,
  learningRate: true,
};

/** Throws UsageError for what is no list, and for an object of which a run calls nothing. It may have members of its own besides. */
export function checkCallbacks(given: unknown): void {
  if (!Array.isArray(given))
    throw new UsageError(
      `\`callbacks\` is ${described(given)}`,
      'give a list: `callbacks: [earlyStopping()]`',
    );
  for (const [i, callback] of given.entries()) checkCallback(callback, i);
}

function checkCallback(callback: unknown, i: number): void {
  const known = Object.keys(members);
  const help = `an object with any of ${known.join(', ')}`;
  if (typeof callback !== 'object' || callback === null)
    throw new UsageError(`callback ${i} is ${described(callback)}`, help);
  // A class has its functions on its prototype.
  if (known.some((name) => name in callback)) return;
  const own = Object.keys(callback);
  const near = own.flatMap((name) => nearest(name, known) ?? [])[0];
  throw new UsageError(
    `callback ${i} has nothing that a run calls: it has ${own.join(', ') || 'nothing at all'}`,
    near === undefined ? help : `did you mean \`${near}\`?`,
  );
}
