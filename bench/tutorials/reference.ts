/** The published figures of the tutorials and PyTorch's own runs of them, from the golden `seeds.json`. */
import { readFileSync } from 'node:fs';
import { InternalError } from '../../compiler/internal-error.ts';

export interface ReferenceRun {
  readonly seed?: number;
  readonly init?: string;
  readonly dtype?: string;
  readonly test_loss?: number;
  readonly test_acc?: number;
  /** Loss and accuracy on the test rows after each epoch. */
  readonly val_loss_acc_per_epoch?: readonly (readonly [number, number])[];
  readonly test_loss_acc_per_epoch?: readonly (readonly [number, number])[];
}

export interface Reference {
  readonly published: Readonly<Record<string, number>> | null;
  readonly runs: readonly ReferenceRun[];
  /** By the number of the update that it comes before, of the run from ones in f32. */
  readonly loss_every_100_updates_ones_f32?: Readonly<Record<string, number>>;
}

const file = new URL('../../test/golden-values/seeds.json', import.meta.url);

/** The entry of `seeds.json` under this name. */
export function readReference(name: string): Reference {
  const all = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Reference>>;
  const found = all[name];
  if (found === undefined) throw new InternalError('bench', `seeds.json has no ${name}`);
  return found;
}

/** Loss and accuracy on the test rows at the end of each run. */
export function finalFigures(
  reference: Reference,
): readonly { readonly loss: number; readonly accuracy: number }[] {
  return reference.runs.map((run) => {
    const epochs = run.val_loss_acc_per_epoch ?? run.test_loss_acc_per_epoch;
    const [loss, accuracy] = epochs?.at(-1) ?? [run.test_loss, run.test_acc];
    return { loss: loss ?? Number.NaN, accuracy: accuracy ?? Number.NaN };
  });
}
