/** One line that says how far training is: pure text, drawn by `live-line.ts` or printed as it is. */
import type { Averages, Place } from '../train/index.ts';
import { durationText, metricText, rateText } from './numbers.ts';

export interface Progress {
  readonly place: Place;
  readonly values: Averages;
  readonly rowsPerSecond: number;
  readonly secondsLeft: number;
}

/** `epoch  3/10`; `step  100/1000` where every step is an epoch. */
export function placeText(place: Place): string {
  const [word, at, of] =
    place.stepsInEpoch > 1
      ? ['epoch', place.epoch, place.epochs]
      : ['step', place.step, place.steps];
  return `${word} ${String(at).padStart(String(of).length)}/${of}`;
}

/** `loss 0.0886  accuracy 0.9771`; widths stay the same from line to line. */
export const valuesText = (values: Averages): string =>
  [...values]
    .map(([name, value]) => `${name} ${metricText(value).padEnd(6)}`)
    .join('  ')
    .trimEnd();

/** How much of the epoch, or of all steps where each is an epoch, is done: 0 to 1. */
export function doneShare({ stepsInEpoch, stepOfEpoch, step, steps }: Place): number {
  return stepsInEpoch > 1 ? stepOfEpoch / stepsInEpoch : step / steps;
}

export const percentText = (share: number): string =>
  `${String(Math.floor(share * 100)).padStart(3)} %`;

/** `4,210 samples/s  14 s left`. */
export const paceText = ({ rowsPerSecond, secondsLeft }: Progress): string =>
  `${rateText(rowsPerSecond)} samples/s  ${durationText(Math.max(0, secondsLeft))} left`;

const WIDEST_BAR = 28;

/** The whole line in at most `columns` characters: a bar as wide as there is room for, or none. */
export function progressLine(
  progress: Progress,
  columns: number,
  glyphs: { readonly done: string; readonly open: string },
): {
  readonly before: string;
  readonly done: string;
  readonly open: string;
  readonly after: string;
} {
  const share = doneShare(progress.place);
  const before = placeText(progress.place);
  const after = `${percentText(share)}  ${valuesText(progress.values)}  ${paceText(progress)}`;
  const room = Math.min(WIDEST_BAR, columns - before.length - after.length - 4);
  if (room < 6) return { before, done: '', open: '', after: ` ${after}` };
  const full = Math.round(share * room);
  return {
    before: `${before}  `,
    done: glyphs.done.repeat(full),
    open: glyphs.open.repeat(room - full),
    after: ` ${after}`,
  };
}
