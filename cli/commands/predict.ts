/** `nnc predict`: the outputs of trained weights for rows of data, as JSON lines or a table. */
import { type Command, Option } from 'commander';
import { predict } from '../../train/index.ts';
import type { Context } from '../context.ts';
import { UserError } from '../failure.ts';
import { loadModel } from '../load-model.ts';
import { type RowOptions, withRows } from '../model-options.ts';
import { cellText, extraColumns, type PredictedRecord, recordsOf } from '../prediction-text.ts';
import { clipped, tableLines } from '../table.ts';
import type { Output } from '../terminal.ts';
import { withTrainedModel } from '../trained-model.ts';

interface Options extends RowOptions {
  readonly format?: 'json' | 'table';
}

export function registerPredict(program: Command, context: Context): void {
  const command = program
    .command('predict')
    .description('the outputs for rows of data, one JSON object a line, or a table on a terminal')
    .addOption(
      new Option('--format <kind>', 'in place of what fits the output').choices(['json', 'table']),
    );
  withRows(command).action((file: string, options: Options) => run(file, options, context));
}

async function run(file: string, options: Options, context: Context): Promise<void> {
  const { results } = context.terminal;
  const loaded = loadModel(file, options, context.terminal);
  const { model } = loaded;
  const outputs = model.evaluation.outputs.map((output) => output.name);
  if (outputs.length === 0)
    throw new UserError(
      `${file} has no \`output\`: there is nothing to predict`,
      'name one: `output y = …`',
    );
  const asTable = (options.format ?? (results.interactive ? 'table' : 'json')) === 'table';
  await withTrainedModel('predict', loaded, options, context, async (trained) => {
    const { session, feed, rows, batch } = trained;
    const fed = feed.columns.map((column) => column.column);
    const extra = extraColumns(rows, fed, outputs);
    for await (const prediction of predict(session, model, feed, batch)) {
      const records = recordsOf(prediction, extra);
      if (asTable) printTable(records, prediction.start === 0, results);
      else for (const record of records) results.line(JSON.stringify(record));
    }
  });
}

/** Each batch is aligned by itself, so that the first rows are there before the last are computed. */
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
