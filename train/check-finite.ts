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

/** Throws TrainingError NN0506. `finiteAt`: the last step after which all was well. */
export function checkFinite(
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
