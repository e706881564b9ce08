/** Where predictions go, batch by batch: JSON lines and CSV for programs, a table for people. */
import type { ClassNames, Column } from '../data/index.ts';
import type { Prediction } from '../train/index.ts';
import { csvLine } from './csv-line.ts';
import { UserError } from './failure.ts';
import {
  cellText,
  flatNames,
  flatValues,
  named,
  type PredictedRecord,
  recordsOf,
  shortestSingle,
} from './prediction-text.ts';
import { shownName } from './shown-name.ts';
import { clipped, tableLines } from './table.ts';
import type { Output } from './terminal.ts';

export interface PredictionWriter {
  /** `extra`: columns of the data that go with the rows of this batch. */
  write(prediction: Prediction, extra: readonly Column[]): void;
  end(): void;
}

/** Takes pieces of text. */
export type TextSink = (text: string) => void;

/** `names`: by output, those of the classes that it is the numbers of. */
export function jsonWriter(write: TextSink, names: ClassNames): PredictionWriter {
  return {
    write(prediction, extra) {
      for (const record of recordsOf(prediction, extra, names))
        write(`${JSON.stringify(record)}\n`);
    },
    end: () => undefined,
  };
}

/** A header, then a line for each row; an output of several numbers takes as many columns. */
export function csvWriter(write: TextSink, names: ClassNames): PredictionWriter {
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
        write(csvLine(['row', ...extra.map(({ name }) => name), ...outputs.flatMap(flatNames)]));
      }
      begun = true;
      let text = '';
      for (let row = 0; row < rows; row += 1) {
        const given = extra.map(({ dtype, values, classes }) =>
          fieldText(values[row] ?? 0, dtype, classes),
        );
        const found = outputs.flatMap((output) =>
          flatValues(output, row).map((value) =>
            fieldText(value, output.dtype, names[output.name]),
          ),
        );
        text += csvLine([start + row, ...given, ...found]);
      }
      write(text);
    },
    end: () => undefined,
  };
}

function fieldText(value: number, dtype: string, names: readonly string[] | undefined): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(dtype === 'f32' ? shortestSingle(value) : named(value, names));
}

/** Each batch is aligned by itself, so that the first rows are there before the last are computed. */
export function tableWriter(output: Output, names: ClassNames): PredictionWriter {
  return {
    write(prediction, extra) {
      printTable(recordsOf(prediction, extra, names), prediction.start === 0, output);
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
  const [head = '', ...lines] = tableLines([names.map(shownName), ...cells], numeric);
  if (first) output.line(output.paint(clipped(head, output.columns), 'strong'));
  for (const line of lines) output.line(clipped(line, output.columns));
}
