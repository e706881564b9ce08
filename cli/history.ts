/** The course of a run as points for a plot: dense enough to see, few enough to keep in every checkpoint. */
import type { Averages, FitEvent } from '../train/index.ts';

export interface Point {
  /** After so many steps. */
  readonly step: number;
  /** By name; what was not finite is left out. */
  readonly values: Readonly<Record<string, number>>;
  /** How many measurements it stands for. */
  readonly weight: number;
}

export interface Course {
  readonly train: readonly Point[];
  readonly validation: readonly Point[];
}

export interface History extends Course {
  record(event: FitEvent): void;
}

/** From here on, neighbours become one point. */
const MOST = 400;

/** `saved`: the `course` of an earlier part of the run, as it came from a file. */
export function createHistory(saved?: unknown): History {
  const train = savedPoints(saved, 'train');
  const validation = savedPoints(saved, 'validation');
  let sinceRound = 0;
  return {
    train,
    validation,
    record(event) {
      const { step } = event.place;
      switch (event.kind) {
        case 'progress':
          sinceRound += 1;
          return add(train, step, event.recent);
        case 'step':
          sinceRound += 1;
          return add(train, step, event.values);
        case 'round':
          // Where rounds are short, nothing else may have come in.
          if (sinceRound === 0) add(train, step, event.report.train);
          sinceRound = 0;
          if (event.report.validation !== undefined) add(validation, step, event.report.validation);
          return undefined;
        case 'best':
        case 'checkpoint':
          return undefined;
        default:
          return event satisfies never;
      }
    },
  };
}

function add(points: Point[], step: number, values: Averages): void {
  const finite = [...values].filter(([, value]) => Number.isFinite(value));
  points.push({ step, values: Object.fromEntries(finite), weight: 1 });
  if (points.length <= MOST) return;
  const merged: Point[] = [];
  for (let at = 0; at < points.length; at += 2) {
    const [one, other] = [points[at], points[at + 1]];
    if (one !== undefined) merged.push(other === undefined ? one : mergedPoint(one, other));
  }
  points.splice(0, points.length, ...merged);
}

function mergedPoint(one: Point, other: Point): Point {
  const weight = one.weight + other.weight;
  const values: Record<string, number> = { ...one.values, ...other.values };
  for (const name of Object.keys(values)) {
    const [a, b] = [one.values[name], other.values[name]];
    if (a !== undefined && b !== undefined)
      values[name] = (a * one.weight + b * other.weight) / weight;
  }
  return { step: other.step, values, weight };
}

/** What is not as it should be is left out: a plot is no reason to refuse a checkpoint. */
function savedPoints(saved: unknown, series: keyof Course): Point[] {
  const points = isObject(saved) ? saved[series] : undefined;
  if (!Array.isArray(points)) return [];
  return points.filter((point: unknown): point is Point => {
    if (!isObject(point)) return false;
    const { step, values, weight } = point;
    return (
      typeof step === 'number' &&
      typeof weight === 'number' &&
      isObject(values) &&
      Object.values(values).every(Number.isFinite)
    );
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
