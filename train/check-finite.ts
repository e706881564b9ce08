/** Stops training when a loss has become infinite or not a number: every later step would only spread it. */
import type { Model } from '../compiler/model.ts';
import { LOSS, metricNames } from '../compiler/programs.ts';
import type { Averages } from './averages.ts';
import type { Place } from './fit-event.ts';
import { TrainingError } from './training-error.ts';

/** The losses; every metric of a file that states none and updates its parameters by hand. */
export function watchedNames(model: Model): readonly string[] {
  const losses = model.training.losses.map((loss) => loss.name);
  return losses.length === 0 ? metricNames(model, 'train') : [LOSS, ...losses];
}

/** Both throw TrainingError NN0506, with the last step after which all was well. */
export interface FiniteCheck {
  /** Of values that may be some steps old. */
  some(values: Averages, place: Place): void;
  /** Of values that cover every step done. */
  all(values: Averages, place: Place): void;
}

/** For a run that begins after step number `from`. */
export function createFiniteCheck(model: Model, from: number): FiniteCheck {
  const watched = watchedNames(model);
  let finiteAt = from;
  const some: FiniteCheck['some'] = (values, place) =>
    checkFinite(values, watched, place, finiteAt);
  return {
    some,
    all(values, place) {
      some(values, place);
      if (values.size > 0) finiteAt = place.step;
    },
  };
}

function checkFinite(
  values: Averages,
  watched: readonly string[],
  place: Place,
  finiteAt: number,
): void {
  const name = watched.find((one) => !Number.isFinite(values.get(one) ?? 0));
  if (name === undefined) return;
  const since = finiteAt === 0 ? '' : ` (it still was at step ${finiteAt})`;
  const epoch = place.stepsInEpoch === 1 ? '' : `, in epoch ${place.epoch}`;
  throw new TrainingError(
    'NN0506',
    `\`${name}\` is no longer a finite number at step ${place.step}${epoch}${since}`,
    'a smaller learning rate often helps (`--lr`); so do `log_softmax` and the `…_crossentropy` losses in place of `log` and `exp` by hand; `nnc train --trace-nan` names the line where it begins',
  );
}
