/** `nnc predict`: the outputs of trained weights for rows of data, as JSON lines, CSV, arrays or a table. */
import path from 'node:path';
import { type Command, Option } from 'commander';
import { type AnyColumn, type ClassNames, createDataset, residentRows } from '../../data/index.ts';
import { checkPrediction, type Prediction, predict } from '../../train/index.ts';
import { outputNames } from '../class-names.ts';
import type { Context } from '../context.ts';
import { EXIT, UserError } from '../failure.ts';
import { loadModel } from '../load-model.ts';
import { type RowOptions, withoutDash, withRows } from '../model-options.ts';
import { counted } from '../numbers.ts';
import { createOutputFile, type OutputFile } from '../output-file.ts';
import { npyWriter, npzWriter } from '../prediction-arrays.ts';
import { extraColumns } from '../prediction-text.ts';
import { csvWriter, jsonWriter, type PredictionWriter, tableWriter } from '../prediction-writer.ts';
import type { Output } from '../terminal.ts';
import { withTrainedModel } from '../trained-model.ts';
import { checkFolder, removeLeftovers } from '../whole-file.ts';

const formats = ['json', 'csv', 'npy', 'npz', 'table'] as const;
type Format = (typeof formats)[number];

interface Options extends RowOptions {
  readonly format?: Format;
  readonly output?: string;
  readonly only?: string;
}

export function registerPredict(program: Command, context: Context): void {
  const command = program
    .command('predict')
    .description('the outputs for rows of data: one JSON object a line, or a table on a terminal')
    .addOption(new Option('--format <kind>', 'in place of what fits the output').choices(formats))
    .option('--only <names>', 'only these outputs: --only probs,digit')
    .option('-o, --output <file>', 'write them to a file; its ending says the format');
  withRows(command).action((file: string, options: Options) =>
    run(file, withoutDash(options), context),
  );
}

async function run(file: string, options: Options, context: Context): Promise<void> {
  const { results } = context.terminal;
  const loaded = await loadModel(file, options);
  const { model } = loaded;
  const outputs = chosenOutputs(
    file,
    model.evaluation.outputs.map((output) => output.name),
    options.only,
  );
  const format = formatOf(options, results);
  if (options.output !== undefined) {
    checkFolder(options.output, '-o');
    removeLeftovers(options.output);
  }
  const work = { command: 'predict', kinds: ['predict'] } as const;
  await withTrainedModel(work, loaded, options, context, async (trained) => {
    const { session, batch } = trained;
    const feed = trained.feed('predict');
    const fed = feed.columns.flatMap(({ column }) => column.split(', '));
    const extra = extraColumns(trained.rows, fed, outputs);
    const target = options.output === undefined ? undefined : createOutputFile(options.output);
    const names = outputNames(model, feed, trained.classes);
    const writer = createWriter(format, target, results, { rows: feed.rows, batch, names });
    try {
      for await (const prediction of predict(session, model, feed, batch)) {
        const chosen = chosenPart(prediction, outputs);
        if (options.traceNan === true) await checkPrediction(loaded, session, feed, chosen);
        writer.write(chosen, await extraRows(extra, prediction));
      }
      writer.end();
      target?.finish();
    } catch (error) {
      target?.abandon();
      throw error;
    }
    if (target !== undefined)
      context.terminal.errors.line(
        `${options.output}: ${trained.rows === undefined ? 'written' : counted(feed.rows, 'row')}`,
      );
  });
}

function chosenOutputs(
  file: string,
  outputs: readonly string[],
  only: string | undefined,
): readonly string[] {
  if (outputs.length === 0)
    throw new UserError(
      `${file} has no \`output\`: there is nothing to predict`,
      'name one: `output y = …`',
    );
  if (only === undefined) return outputs;
  const chosen = only.split(',').map((name) => name.trim());
  const unknown = chosen.find((name) => !outputs.includes(name));
  if (unknown === undefined) return chosen;
  throw new UserError(
    `${file} has no output \`${unknown}\``,
    `it has ${outputs.join(', ')}`,
    EXIT.usage,
  );
}

const endings: Readonly<Record<string, Format>> = {
  '.json': 'json',
  '.jsonl': 'json',
  '.csv': 'csv',
  '.npy': 'npy',
  '.npz': 'npz',
};

function formatOf({ format, output }: Options, results: Output): Format {
  const byEnding = output === undefined ? undefined : endings[path.extname(output).toLowerCase()];
  const chosen =
    format ?? byEnding ?? (output === undefined && results.interactive ? 'table' : 'json');
  // The parts of an archive are not written in order.
  if (output === undefined && (chosen === 'npz' || (chosen === 'npy' && results.interactive)))
    throw new UserError(
      `--format ${chosen} is no text: it goes into a file`,
      `-o predictions.${chosen}`,
      EXIT.usage,
    );
  if (output !== undefined && chosen === 'table')
    throw new UserError('a table is for the terminal', 'leave -o out, or --format csv', EXIT.usage);
  return chosen;
}

function createWriter(
  format: Format,
  file: OutputFile | undefined,
  results: Output,
  {
    rows,
    batch,
    names,
  }: { readonly rows: number; readonly batch: number; readonly names: ClassNames },
): PredictionWriter {
  const sink = (text: string | Uint8Array): void => (file ?? results).write(text);
  if (format === 'csv') return csvWriter(sink, names);
  if (format === 'npy') return npyWriter(sink, rows, batch);
  if (format === 'npz' && file !== undefined) return npzWriter(file, rows, batch);
  return format === 'table' ? tableWriter(results, names) : jsonWriter(sink, names);
}

function chosenPart(prediction: Prediction, names: readonly string[]): Prediction {
  const outputs = names.flatMap((name) =>
    prediction.outputs.filter((output) => output.name === name),
  );
  return { ...prediction, outputs };
}

/** The rows of this batch of the columns that are printed beside the outputs. */
async function extraRows(extra: readonly AnyColumn[], { start, rows }: Prediction) {
  if (extra.length === 0) return [];
  return (await residentRows(createDataset('', extra), start, rows)).columns;
}
