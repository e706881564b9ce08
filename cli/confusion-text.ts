/** A confusion matrix as a person reads it: the counts with the scores of each class beside or, where the line is too short, below them. Pure. */
import { accuracyOf, type ClassScores, type Confusion, classScores } from '../train/index.ts';
import { counted, grouped } from './numbers.ts';
import { shownName } from './shown-name.ts';
import { type Align, clipped, pad, visibleWidth } from './table.ts';
import type { CliStyle } from './terminal.ts';

export interface ConfusionTitle {
  /** The output or the metric that says the class, and the input that says the true one. */
  readonly predicted: string;
  readonly actual: string;
  /** By number. */
  readonly classes: readonly string[];
}

export interface TextWidth {
  readonly columns: number;
  readonly unicode: boolean;
  readonly paint: (text: string, style: CliStyle) => string;
}

/** A cell and how it looks; padding comes outside the paint. */
type Cell = readonly [text: string, style?: CliStyle];
interface Table {
  readonly rows: readonly (readonly Cell[])[];
  readonly aligns: readonly Align[];
}

const GAP = 2;
/** To these lengths the names over the columns are cut to make a matrix fit. */
const SHORTER = [12, 8];
/** Names before the lines are cut to no less than this. */
const SHORTEST_NAME = 4;
/** How many of the most frequent mistakes are listed where there is no room for the matrix. */
const SHOWN_MISTAKES = 20;

export function confusionLines(
  confusion: Confusion,
  title: ConfusionTitle,
  width: TextWidth,
): readonly string[] {
  const head = `${title.predicted}: predicted (columns) against ${title.actual} (rows)`;
  const classes = title.classes.map(shownName);
  return [
    width.paint(clipped(head, width.columns), 'strong'),
    ...body(confusion, classes, width),
    summaryText(confusion),
  ];
}

function body(
  confusion: Confusion,
  classes: readonly string[],
  width: TextWidth,
): readonly string[] {
  for (const heads of headings(classes)) {
    const matrix = matrixTable(confusion, heads, width);
    const scores = scoreTable(confusion, heads.rows, width);
    const beside = sideBySide(matrix, scores);
    if (widthOf(beside) <= width.columns) return linesOf(beside, width);
    if (widthOf(matrix) <= width.columns)
      return [...linesOf(matrix, width), '', ...linesOf(scores, width)];
  }
  const size = `${classes.length} by ${classes.length}`;
  return [
    ...linesOf(scoreTable(confusion, classes, width), width),
    '',
    ...linesOf(mistakesTable(confusion, classes), width),
    `-o FILE.csv has all ${size} counts`,
  ];
}

interface Headings {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}

/** Names over the columns, then shorter ones as long as they differ, then numbers. */
function headings(classes: readonly string[]): readonly Headings[] {
  const short = SHORTER.map((length) => classes.map((name) => clipped(name, length)));
  const named = [classes, ...short.filter((names) => new Set(names).size === names.length)];
  const isNumber = classes.every((name, at) => name === String(at));
  const numbered = isNumber ? classes : classes.map((name, at) => `${at} ${name}`);
  return [
    ...named.map((columns) => ({ rows: classes, columns })),
    { rows: numbered, columns: classes.map((_, at) => String(at)) },
  ];
}

function matrixTable({ counts }: Confusion, heads: Headings, { unicode }: TextWidth): Table {
  const cell = (count: number, row: number, column: number): Cell => {
    if (row === column) return [grouped(count), 'strong'];
    return count === 0 ? [unicode ? '·' : '.', 'faint'] : [grouped(count)];
  };
  return {
    rows: [
      ['', ...heads.columns].map((name): Cell => [name, 'strong']),
      ...counts.map((row, at): readonly Cell[] => [
        [heads.rows[at] ?? '', 'strong'],
        ...row.map((count, column) => cell(count, at, column)),
      ]),
    ],
    aligns: ['left', ...heads.columns.map((): Align => 'right')],
  };
}

function scoreTable(
  confusion: Confusion,
  classes: readonly string[],
  { unicode }: TextWidth,
): Table {
  const text = (score: number | undefined): string =>
    score === undefined ? (unicode ? '–' : '-') : score.toFixed(4);
  const row = ({ precision, recall, f1, support }: ClassScores, at: number): readonly Cell[] =>
    [classes[at] ?? '', text(precision), text(recall), text(f1), grouped(support)].map(
      (one, column): Cell => (column === 0 ? [one, 'strong'] : [one]),
    );
  const names = ['', 'precision', 'recall', 'f1', 'support'];
  return {
    rows: [
      names.map((name): Cell => [name, 'strong']),
      ...classScores(confusion).map((scores, at) => row(scores, at)),
    ],
    aligns: ['left', 'right', 'right', 'right', 'right'],
  };
}

/** Both have a line for each class; the second one's names are left out. */
const sideBySide = (left: Table, right: Table): Table => ({
  rows: left.rows.map((row, at) => [...row, [''], ...(right.rows[at] ?? []).slice(1)]),
  aligns: [...left.aligns, 'left', ...right.aligns.slice(1)],
});

function mistakesTable({ counts }: Confusion, classes: readonly string[]): Table {
  const mistakes = counts
    .flatMap((row, actual) => row.map((count, predicted) => ({ actual, predicted, count })))
    .filter(({ actual, predicted, count }) => actual !== predicted && count > 0)
    .sort((a, b) => b.count - a.count);
  const name = (at: number): string => classes[at] ?? '';
  const heads: readonly Cell[] = ['true', 'taken for', 'times'].map((one) => [one, 'strong']);
  return {
    rows: [
      heads,
      ...mistakes
        .slice(0, SHOWN_MISTAKES)
        .map(({ actual, predicted, count }): readonly Cell[] => [
          [name(actual)],
          [name(predicted)],
          [grouped(count)],
        ]),
    ],
    aligns: ['left', 'left', 'right'],
  };
}

function summaryText(confusion: Confusion): string {
  const { correct, total, ignored } = confusion;
  const accuracy = accuracyOf(confusion);
  const left = ignored === 0 ? '' : `; ${counted(ignored, 'label')} that the loss ignores left out`;
  if (accuracy === undefined) return `nothing to compare${left}`;
  return `accuracy ${accuracy.toFixed(4)}: ${grouped(correct)} of ${grouped(total)}${left}`;
}

const columnWidths = ({ rows, aligns }: Table): readonly number[] =>
  aligns.map((_, column) =>
    Math.max(0, ...rows.map((row) => visibleWidth(row[column]?.[0] ?? ''))),
  );

const widthOf = (table: Table): number =>
  columnWidths(table).reduce((sum, one) => sum + one + GAP, -GAP);

function linesOf(table: Table, { columns, paint }: TextWidth): readonly string[] {
  const natural = columnWidths(table);
  // The names give way where numbers need the room.
  const room = columns - (widthOf(table) - (natural[0] ?? 0));
  const widths = natural.map((one, column) =>
    column === 0 ? Math.min(one, Math.max(SHORTEST_NAME, room)) : one,
  );
  return table.rows.map((row) => {
    const cells = row.map(([text, style], column) => {
      const width = widths[column] ?? 0;
      const padded = pad(clipped(text, width), width, table.aligns[column] ?? 'left');
      return style === undefined
        ? padded
        : padded.replace(/\S(?:.*\S)?/, (word) => paint(word, style));
    });
    return cells.join(' '.repeat(GAP)).trimEnd();
  });
}
