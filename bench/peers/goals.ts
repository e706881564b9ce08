/**
 * What we want to reach against the best of the libraries, and against hand-written kernels. Only ever
 * printed: a machine that is busy, or another one, must not make anything fail.
 */
import { PEERS } from './contestant.ts';
import type { CaseResult } from './run-case.ts';

/** How many times faster than the best library, by the least times and by the medians. */
const FASTER: Readonly<Record<string, number>> = {
  'matmul-256': 3,
  'matmul-512': 3,
  'matmul-1024': 3,
  'mlp-infer-1': 1,
  'mlp-infer-128': 2,
  'mlp-infer-1024': 2,
  'mlp-train-sgd': 3,
  'mlp-train-adam': 3,
  'elementwise-20': 1.5,
  softmax: 1.3,
  layernorm: 1.5,
};
/** Times the hand-written contestant's least. */
const OF_HAND = 1.25;

export interface Verdict {
  readonly case: string;
  /** The library with the least time, and how many times its times ours are. */
  readonly best?: { readonly name: string; readonly least: number; readonly median: number };
  readonly goal?: number;
  /** Our time as a multiple of the hand-written one's. */
  readonly hand?: { readonly least: number; readonly median: number };
}

/** Nothing where we did not run. */
export function verdictOf(result: CaseResult): Verdict | undefined {
  const row = (id: string) => result.rows.find((one) => one.id === id)?.timing;
  const ours = row('nnc');
  if (ours === undefined) return undefined;
  const libraries = PEERS.flatMap((id) => {
    const timing = row(id);
    return timing === undefined ? [] : [{ name: id, ...timing }];
  });
  const least = libraries.toSorted((a, b) => a.least - b.least)[0];
  const median = libraries.toSorted((a, b) => a.median - b.median)[0];
  const hand = row('hand');
  const goal = FASTER[result.name];
  return {
    case: result.name,
    ...(least === undefined || median === undefined
      ? {}
      : {
          best: {
            name: least.name,
            least: least.least / ours.least,
            median: median.median / ours.median,
          },
        }),
    ...(goal === undefined ? {} : { goal }),
    ...(hand === undefined
      ? {}
      : { hand: { least: ours.least / hand.least, median: ours.median / hand.median } }),
  };
}

export function verdictTable(verdicts: readonly Verdict[]): string[][] {
  return [
    [
      'nnc against',
      'best library',
      'faster, least',
      'median',
      'goal',
      '',
      'of hand, least',
      'median',
      'goal',
      '',
    ],
    ...verdicts.map(({ case: name, best, goal, hand }) => [
      name,
      best?.name ?? '-',
      timesText(best?.least),
      timesText(best?.median),
      timesText(goal),
      best === undefined || goal === undefined
        ? ''
        : word(best.least >= goal && best.median >= goal),
      timesText(hand?.least),
      timesText(hand?.median),
      hand === undefined ? '-' : timesText(OF_HAND),
      hand === undefined ? '' : word(hand.least <= OF_HAND),
    ]),
  ];
}

const word = (reached: boolean): string => (reached ? 'PASS' : 'short');
const timesText = (ratio: number | undefined): string =>
  ratio === undefined ? '-' : `${ratio.toFixed(2)}x`;
