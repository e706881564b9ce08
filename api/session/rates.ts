/**
 * The learning rates of a session. They are numbers in its kernels until somebody wants to change one: then the model is
 * exchanged for its form in which they are states, once, and changing one is a write of four bytes.
 */
import type { Model } from '../../compiler/model.ts';
import type { Weights } from '../../train/index.ts';
import { described } from '../data/numbers.ts';
import { UsageError } from '../usage-error.ts';
import type { Programs } from './programs.ts';

export interface Rates {
  /** The rates can change, or are made so. Throws UsageError where there is no rate that could. */
  free(): Promise<void>;
  /** Of the first section, once it can change. */
  readonly first: number | undefined;
  /** By path: `/lr`, `critic/lr`. */
  readonly paths: readonly string[];
  get(path: string): number;
  /** From the next step on. */
  set(path: string, rate: number): void;
  /** Takes over what a checkpoint holds. */
  restore(slots: Weights): void;
}

/** Whether a tensor's path is that of a rate. */
export const isRate = (path: string): boolean => /^[^/]*\/lr$/.test(path);

/** `tunable` makes the other form of the model; absent where there is none. */
export function createRates(programs: Programs, tunable: (() => Model) | undefined): Rates {
  const values = new Map<string, number>();
  const adopt = (model: Model): void => {
    for (const { path, init } of model.optimization?.slots ?? [])
      if (isRate(path)) values.set(path, Math.fround(Number(init.attrs['value'])));
  };
  adopt(programs.model);
  return {
    async free() {
      if (values.size > 0) return;
      const model = tunable?.();
      if (model !== undefined) {
        const slots = model.optimization?.slots ?? [];
        if (slots.some((slot) => isRate(slot.path))) {
          await programs.exchange(model);
          adopt(model);
          return;
        }
      }
      throw new UsageError(
        programs.model.optimization === undefined
          ? 'the model has no optimizer, and so no learning rate'
          : 'the learning rate of this model cannot be changed: it is a schedule of the model, or its optimizer has none',
        'give the optimizer a number for `lr`',
      );
    },
    get first() {
      return [...values.values()][0];
    },
    get paths() {
      return [...values.keys()];
    },
    get: (path) => values.get(path) ?? Number.NaN,
    set(path, rate) {
      if (!Number.isFinite(rate))
        throw new UsageError(
          `the learning rate would become ${typeof rate === 'number' ? rate : described(rate)}`,
          'give a finite number',
        );
      // As the device holds it, so that a run that is resumed computes from the same number.
      values.set(path, Math.fround(rate));
      programs.session.write(path, [rate], { role: 'state' });
    },
    restore(slots) {
      for (const [path, { values: stored }] of slots)
        if (isRate(path)) values.set(path, stored[0] ?? Number.NaN);
    },
  };
}
