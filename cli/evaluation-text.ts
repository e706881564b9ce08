/** What `nnc eval` has measured, for people and as JSON or CSV. Pure. */
import { type Averages, accuracyOf, type Confusion, classScores } from '../train/index.ts';
import { type ConfusionTitle, confusionLines, type TextWidth } from './confusion-text.ts';
import { csvLine } from './csv-line.ts';
import { counted } from './numbers.ts';
import { valuesText } from './progress-line.ts';

export interface Evaluated {
  readonly data: string;
  readonly rows: number;
  /** Losses and metrics; empty where the file has none. */
  readonly values: Averages;
  readonly confusion?: { readonly found: Confusion; readonly title: ConfusionTitle };
  /** What to know of the rows. */
  readonly note?: string;
}

export function evaluationLines(
  { data, rows, values, confusion, note }: Evaluated,
  width: TextWidth,
): readonly string[] {
  const measured = values.size === 0 ? '' : `${valuesText(values)}   `;
  const aside = note === undefined ? '' : ` (${note})`;
  const first = `${measured}${counted(rows, 'sample')} of ${data}${aside}`;
  if (confusion === undefined) return [first];
  return [first, '', ...confusionLines(confusion.found, confusion.title, width)];
}

/** An object; shares that are not defined, as nothing was counted, are null. */
export function evaluationJson({ data, rows, values, confusion }: Evaluated): string {
  const base = { data, rows, values: Object.fromEntries(values) };
  if (confusion === undefined) return JSON.stringify(base);
  const { found, title } = confusion;
  const scores = classScores(found).map((one, at) => ({
    class: title.classes[at],
    precision: one.precision ?? null,
    recall: one.recall ?? null,
    f1: one.f1 ?? null,
    support: one.support,
  }));
  return JSON.stringify({
    ...base,
    confusion: {
      output: title.predicted,
      label: title.actual,
      classes: title.classes,
      matrix: found.counts,
      total: found.total,
      correct: found.correct,
      ignored: found.ignored,
      accuracy: accuracyOf(found) ?? null,
      perClass: scores,
    },
  });
}

/** The values in a line under their names or, with a confusion, a line for each true class. */
export function evaluationCsv({ data, rows, values, confusion }: Evaluated): string {
  if (confusion === undefined)
    return csvLine(['data', 'rows', ...values.keys()]) + csvLine([data, rows, ...values.values()]);
  const { found, title } = confusion;
  const head = [
    'true',
    ...title.classes.map((name) => `predicted.${name}`),
    'precision',
    'recall',
    'f1',
    'support',
  ];
  const scores = classScores(found);
  const lines = found.counts.map((counts, at) => {
    const { precision = '', recall = '', f1 = '', support = 0 } = scores[at] ?? {};
    return csvLine([title.classes[at] ?? at, ...counts, precision, recall, f1, support]);
  });
  return csvLine(head) + lines.join('');
}
