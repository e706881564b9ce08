/** The course of a run as panels to draw: one for each loss or metric, on rows to train on and to validate. Pure. */
import type { Course, Point } from '../history.ts';

export interface Panel {
  /** `loss`. */
  readonly name: string;
  readonly series: readonly Series[];
  /** What x counts. */
  readonly axis: 'epoch' | 'step';
  /** Of y: logarithmic for what has fallen far. */
  readonly scale: 'linear' | 'log';
}

export interface Series {
  readonly label: 'train' | 'validation';
  /** In the order of x. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Fewer points make no curve. */
const FEWEST = 4;

/** In the order in which the values are reported: the loss first. Empty where there is too little to see. */
export function panelsOf(course: Course, stepsInEpoch: number): readonly Panel[] {
  const names = new Set(course.train.flatMap((point) => Object.keys(point.values)));
  return [...names].flatMap((name): Panel[] => {
    const series = (['train', 'validation'] as const).flatMap((label): Series[] => {
      const points = pointsOf(course[label], name, stepsInEpoch);
      return points.length === 0 ? [] : [{ label, points }];
    });
    const most = Math.max(0, ...series.map((one) => one.points.length));
    if (most < FEWEST) return [];
    const axis = stepsInEpoch === 1 ? 'step' : 'epoch';
    return [{ name, series, axis, scale: fallsFar(series) ? 'log' : 'linear' }];
  });
}

/** To less than a twentieth: on a linear axis the rest of the curve would lie on the ground. */
const FAR = 20;

function fallsFar(series: readonly Series[]): boolean {
  const [points] = series.map((one) => one.points);
  const [first, last] = [points?.[0], points?.at(-1)];
  return first !== undefined && last !== undefined && last.y > 0 && first.y / last.y > FAR;
}

const pointsOf = (points: readonly Point[], name: string, stepsInEpoch: number) =>
  points.flatMap(({ step, values }) => {
    const y = values[name];
    return y === undefined ? [] : [{ x: step / stepsInEpoch, y }];
  });
