/** How often each class was taken for each: counts of (true, predicted) pairs, and the shares that follow from them. Pure. */

export interface Confusion {
  /** `counts[i][j]`: how many of class i were taken for class j. */
  readonly counts: readonly (readonly number[])[];
  /** All that were counted, and those on the diagonal. */
  readonly total: number;
  readonly correct: number;
  /** Labels that stand for no class, such as those that a loss ignores. */
  readonly ignored: number;
}

export interface ClassScores {
  /** Of what was taken for the class, the share that is of it; undefined where nothing was. */
  readonly precision: number | undefined;
  /** Of what is of the class, the share that was taken for it; undefined where there is nothing. */
  readonly recall: number | undefined;
  /** Their harmonic mean, 2 tp / (2 tp + fp + fn). */
  readonly f1: number | undefined;
  /** How many are of the class. */
  readonly support: number;
}

export interface ConfusionCounter {
  /** Pairs in the same places of both. */
  add(actual: ArrayLike<number>, predicted: ArrayLike<number>): void;
  result(): Confusion;
}

/** A matrix of more classes than this says nothing to anybody. */
export const MOST_CLASSES = 1000;

/** A number that is no class: negative, a fraction, or from `MOST_CLASSES` on. */
export class NoClassError extends Error {
  override readonly name = 'NoClassError';
  readonly value: number;
  readonly side: 'actual' | 'predicted';

  constructor(value: number, side: 'actual' | 'predicted') {
    super(`${value} is no class`);
    this.value = value;
    this.side = side;
  }
}

/** `classes`: how many there are at least; larger numbers make more. `ignored`: labels that are not counted. */
export function createConfusion(classes = 0, ignored: readonly number[] = []): ConfusionCounter {
  const pairs = new Map<number, number>();
  let size = classes;
  let skipped = 0;
  const checked = (value: number, side: 'actual' | 'predicted'): number => {
    if (!Number.isInteger(value) || value < 0 || value >= MOST_CLASSES)
      throw new NoClassError(value, side);
    size = Math.max(size, value + 1);
    return value;
  };
  return {
    add(actual, predicted) {
      for (let at = 0; at < actual.length; at += 1) {
        const label = actual[at] ?? 0;
        if (ignored.includes(label)) {
          skipped += 1;
          continue;
        }
        const key =
          checked(label, 'actual') * MOST_CLASSES + checked(predicted[at] ?? 0, 'predicted');
        pairs.set(key, (pairs.get(key) ?? 0) + 1);
      }
    },
    result() {
      const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
      for (const [key, count] of pairs) {
        const row = counts[Math.floor(key / MOST_CLASSES)];
        if (row !== undefined) row[key % MOST_CLASSES] = count;
      }
      const total = sum(counts.map(sum));
      const correct = sum(counts.map((row, at) => row[at] ?? 0));
      return { counts, total, correct, ignored: skipped };
    },
  };
}

/** For each class, in order. */
export function classScores({ counts }: Confusion): readonly ClassScores[] {
  return counts.map((row, at) => {
    const right = row[at] ?? 0;
    const support = sum(row);
    const taken = sum(counts.map((other) => other[at] ?? 0));
    return {
      precision: share(right, taken),
      recall: share(right, support),
      f1: share(2 * right, taken + support),
      support,
    };
  });
}

/** The share of those counted that are right; undefined where none were. */
export const accuracyOf = ({ correct, total }: Confusion): number | undefined =>
  share(correct, total);

const share = (part: number, whole: number): number | undefined =>
  whole === 0 ? undefined : part / whole;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
