/** Where predictions go, batch by batch: JSON lines and CSV for programs, a table for people. */
import type { Column } from '../data/index.ts';
import type { Prediction } from '../train/index.ts';
import { UserError } from './failure.ts';
import {
  cellText,
  flatNames,
  flatValues,
  type PredictedRecord,
  recordsOf,
  shortestSingle,
} from './prediction-text.ts';
import { clipped, tableLines } from './table.ts';
import type { Output } from './terminal.ts';

export interface PredictionWriter {
  /** `extra`: columns of the data that go with the rows of this batch. */
  write(prediction: Prediction, extra: readonly Column[]): void;
  end(): void;
}

/** Takes pieces of text. */
export type TextSink = (text: string) => void;

export function jsonWriter(write: TextSink): PredictionWriter {
  return {
    write(prediction, extra) {
      for (const record of recordsOf(prediction, extra)) write(`${JSON.stringify(record)}\n`);
    },
    end: () => undefined,
  };
}

/** A header, then a line for each row; an output of several numbers takes as many columns. */
export function csvWriter(write: TextSink): PredictionWriter {
  let begun = false;
  return {
    write({ start, rows, outputs }, extra) {
      const whole = outputs.find((output) => !output.byRow);
      if (whole !== undefined)
        throw new UserError(
          `\`${whole.name}\` is one value for a whole batch, not one for each row`,
          'choose other outputs with --only, or another format: --format json',
        );
      if (!begun) {
        const names = ['row', ...extra.map(({ name }) => name), ...outputs.flatMap(flatNames)];
        write(`${names.map(csvField).join(',')}\n`);
      }
      begun = true;
      const lines: string[] = [];
      for (let row = 0; row < rows; row += 1) {
        const given = extra.map(({ dtype, values }) => numberText(values[row] ?? 0, dtype));
        const found = outputs.flatMap((output) =>
          flatValues(output, row).map((value) => numberText(value, output.dtype)),
        );
        lines.push([start + row, ...given, ...found].join(','));
      }
      write(`${lines.join('\n')}\n`);
    },
    end: () => undefined,
  };
}

const csvField = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

function numberText(value: number, dtype: string): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(dtype === 'f32' ? shortestSingle(value) : value);
}

/** Each batch is aligned by itself, so that the first rows are there before the last are computed. */
export function tableWriter(output: Output): PredictionWriter {
  return {
    write(prediction, extra) {
      printTable(recordsOf(prediction, extra), prediction.start === 0, output);
    },
    end: () => undefined,
  };
}

function printTable(records: readonly PredictedRecord[], first: boolean, output: Output): void {
  const plain = records.filter((record) => !('row' in record));
  for (const record of plain)
    for (const [name, value] of Object.entries(record)) output.line(`${name} = ${cellText(value)}`);
  const rows = records.filter((record) => 'row' in record);
  const [model] = rows;
  if (model === undefined) return;
  const names = Object.keys(model);
  const cells = rows.map((record) => names.map((name) => cellText(record[name] ?? null)));
  const numeric = names.map((name) => (typeof model[name] === 'number' ? 'right' : 'left'));
  const [head = '', ...lines] = tableLines([names, ...cells], numeric);
  if (first) output.line(output.paint(clipped(head, output.columns), 'strong'));
  for (const line of lines) output.line(clipped(line, output.columns));
}
