/** `nnc eval`: losses and metrics of trained weights on the rows for testing and, with `--confusion`, which class was taken for which. */
import path from 'node:path';
import { type Command, Option } from 'commander';
import { metricNames } from '../../compiler/programs.ts';
import { type Comparison, checkEvaluation, comparing, evaluate } from '../../train/index.ts';
import { chooseComparison } from '../confusion-choice.ts';
import { countConfusion } from '../confusion-run.ts';
import type { Context } from '../context.ts';
import {
  type Evaluated,
  evaluationCsv,
  evaluationJson,
  evaluationLines,
} from '../evaluation-text.ts';
import { EXIT, UserError } from '../failure.ts';
import { type LoadedModel, loadModel } from '../load-model.ts';
import { type RowOptions, withoutDash, withRows } from '../model-options.ts';
import { type RunKind, type TrainedModel, withTrainedModel } from '../trained-model.ts';
import { checkWritable, writeWhole } from '../whole-file.ts';

const formats = ['text', 'json', 'csv'] as const;
type Format = (typeof formats)[number];

interface Options extends RowOptions {
  /** True where the option stands without a name. */
  readonly confusion?: string | true;
  readonly format?: Format;
  readonly output?: string;
}

export function registerEval(program: Command, context: Context): void {
  const command = program
    .command('eval')
    .description(
      'losses and metrics of trained weights, on the rows for testing where there are some',
    )
    .option(
      '--confusion [output]',
      'also which class was taken for which; OUTPUT, or OUTPUT:LABEL, where several could be meant',
    )
    .addOption(new Option('--format <kind>', 'in place of text for people').choices(formats))
    .option('-o, --output <file>', 'write the result to a file; its ending says json or csv');
  withRows(command).action((file: string, options: Options) =>
    run(file, withoutDash(options), context),
  );
}

async function run(file: string, options: Options, context: Context): Promise<void> {
  const format = formatOf(options);
  const loaded = await loadModel(file, options);
  const comparison =
    options.confusion === undefined
      ? undefined
      : chooseComparison(loaded.model, options.confusion, file);
  const kinds = kindsFor(loaded, comparison);
  if (options.output !== undefined)
    checkWritable(options.output, { option: '-o', what: 'results', example: `eval.${format}` });
  const asked =
    comparison === undefined ? loaded : { ...loaded, model: comparing(loaded.model, comparison) };
  await withTrainedModel({ command: 'eval', kinds }, asked, options, context, async (trained) => {
    const evaluated = await measure(asked, comparison, trained);
    if (options.traceNan === true) {
      const feed = trained.feed('eval');
      await checkEvaluation(asked, { ...trained, feed }, evaluated.values);
    }
    print(evaluated, format, options.output, context);
  });
}

function kindsFor(
  { model, source }: LoadedModel,
  comparison: Comparison | undefined,
): readonly RunKind[] {
  const kinds: readonly RunKind[] = [
    ...(metricNames(model, 'eval').length === 0 ? [] : (['eval'] as const)),
    ...(comparison === undefined ? [] : (['predict'] as const)),
  ];
  if (kinds.length > 0) return kinds;
  throw new UserError(
    `${source.name} has neither a \`loss\` nor a \`metric\`: there is nothing to measure`,
    'nnc predict prints what its outputs are',
  );
}

async function measure(
  { model }: LoadedModel,
  comparison: Comparison | undefined,
  trained: TrainedModel,
): Promise<Evaluated> {
  const { session, rows, note, batch } = trained;
  const feed = trained.feed('eval');
  const values = trained.kinds.includes('eval')
    ? (await evaluate(session, model, feed, batch)).values
    : new Map<string, number>();
  const confusion = comparison && (await countConfusion(model, comparison, trained));
  return {
    data: rows?.name ?? feed.name,
    rows: rows?.rows ?? feed.rows,
    values,
    ...(confusion === undefined ? {} : { confusion }),
    ...(note === undefined ? {} : { note }),
  };
}

function formatOf({ format, output }: Options): Format {
  if (format !== undefined) {
    if (format !== 'text' || output === undefined) return format;
    throw new UserError('text is for the terminal', '-o FILE is JSON, or CSV', EXIT.usage);
  }
  if (output === undefined) return 'text';
  return path.extname(output).toLowerCase() === '.csv' ? 'csv' : 'json';
}

function print(
  evaluated: Evaluated,
  format: Format,
  file: string | undefined,
  { terminal }: Context,
): void {
  const { results, unicode } = terminal;
  if (format === 'text') {
    const { columns, paint } = results;
    for (const line of evaluationLines(evaluated, { columns, unicode, paint })) results.line(line);
    return;
  }
  const text = format === 'csv' ? evaluationCsv(evaluated) : `${evaluationJson(evaluated)}\n`;
  if (file === undefined) results.write(text);
  else writeWhole(file, text, 'the result');
}
