/** Ours beside theirs: what each run of a row came to, against what was asked and what PyTorch gives. Pure. */
import { pad } from '../../cli/table.ts';
import { finalFigures, type Reference } from './reference.ts';
import type { TutorialRow, Wanted } from './rows.ts';
import type { TutorialRun } from './train-row.ts';

export interface Verdict {
  readonly figure: string;
  readonly published: string;
  readonly theirs: string;
  readonly ours: string;
  readonly asked: string;
  readonly good: boolean;
}

const LAST_LOGGED = 901;

export function verdicts(
  row: TutorialRow,
  reference: Reference,
  runs: readonly TutorialRun[],
): readonly Verdict[] {
  const figures = finalFigures(reference);
  const { published } = reference;
  const logged = reference.loss_every_100_updates_ones_f32;
  const before = row.wanted.some((one) => one.figure === 'loss before update 901');
  const rows: Verdict[] = [];
  const add = (
    figure: Wanted['figure'],
    theirs: readonly number[],
    ours: readonly number[],
    stated: number | undefined,
  ): void => {
    const wanted = row.wanted.find((one) => one.figure === figure);
    rows.push({
      figure,
      published: stated === undefined ? '–' : String(stated),
      theirs: rangeText(theirs),
      ours: rangeText(ours),
      asked: wanted === undefined ? '' : askedText(wanted),
      good: wanted === undefined || ours.every((value) => within(wanted, value)),
    });
  };
  if (logged !== undefined)
    add(
      'loss before update 901',
      [logged[LAST_LOGGED] ?? Number.NaN],
      runs.map((run) => run.losses.get(LAST_LOGGED) ?? Number.NaN),
      published?.['train_loss'],
    );
  add(
    'test loss',
    figures.map((one) => one.loss),
    runs.map((run) => run.testLoss),
    before ? undefined : published?.['test_loss'],
  );
  add(
    'test accuracy',
    figures.map((one) => one.accuracy),
    runs.map((run) => run.testAccuracy),
    published?.['test_acc'] ?? published?.['val_acc'],
  );
  return rows;
}

/** The largest difference between our logged losses and theirs, at the same updates. */
export function largestLossDifference(reference: Reference, run: TutorialRun): number | undefined {
  const theirs = reference.loss_every_100_updates_ones_f32;
  if (theirs === undefined) return undefined;
  const differences = Object.entries(theirs).map(([update, loss]) =>
    Math.abs((run.losses.get(Number(update)) ?? Number.NaN) - loss),
  );
  return Math.max(...differences);
}

const within = ({ least = -Infinity, most = Infinity }: Wanted, value: number): boolean =>
  value >= least && value <= most;

function askedText({ least, most }: Wanted): string {
  if (least === undefined) return `at most ${most}`;
  if (most === undefined) return `at least ${least}`;
  return `${number(least)} to ${number(most)}`;
}

const number = (value: number): string => String(Number(value.toPrecision(5)));

function rangeText(values: readonly number[]): string {
  const texts = [Math.min(...values), Math.max(...values)].map(number);
  return [...new Set(texts)].join(' to ');
}

/** A Markdown table that also reads well as plain text. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => pad(cell, widths[column] ?? 0, 'left')).join(' | ')} |`;
  const [head = [], ...rest] = rows;
  return [line(head), `| ${widths.map(() => '---').join(' | ')} |`, ...rest.map(line)].join('\n');
}
