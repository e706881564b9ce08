/** `session.fit`: from data and options to a training run, over a table of rows or over a stream of batches. */
import { metricNames } from '../../compiler/programs.ts';
import type { History } from '../callbacks/callback.ts';
import { checkOptions, type OptionNames } from '../options.ts';
import { UsageError } from '../usage-error.ts';
import { checkCallbacks } from './check-callbacks.ts';
import { type Context, modelOf, readData } from './context.ts';
import { divideData } from './fit-data.ts';
import { fitSettings } from './fit-settings.ts';
import { overStream } from './fit-stream.ts';
import { overTable } from './fit-table.ts';
import type { FitOptions, ModelSession } from './model-session.ts';
import { hasRates, readResumed } from './resume.ts';

export async function runFit(
  context: Context,
  session: ModelSession,
  data: unknown,
  options: FitOptions,
): Promise<History> {
  checkOptions('fit', options, optionNames);
  const { callbacks = [] } = options;
  checkCallbacks(callbacks);
  const model = modelOf(context);
  checkTrainable(context);
  const settings = fitSettings(model.train, options, context.batch);
  const given = readData(context, data, 'training data');
  const { train, validation } = divideData(context, given, options, settings);
  const resumed = options.resume === undefined ? undefined : await readResumed(options.resume);
  const tunes = callbacks.some((callback) => callback.learningRate !== undefined);
  if (tunes || (resumed !== undefined && hasRates(resumed))) await context.rates.free();
  const measured = metricNames(model, 'eval').length > 0 ? validation : undefined;
  const task = { context, options, settings, callbacks, validation: measured, resumed, session };
  return train.kind === 'table' ? await overTable(task, train) : await overStream(task, train);
}

const optionNames: OptionNames<FitOptions> = {
  epochs: true,
  steps: true,
  batch: true,
  shuffle: true,
  seed: true,
  validation: true,
  callbacks: true,
  signal: true,
  traceNan: true,
  resume: true,
};

function checkTrainable(context: Context): void {
  const { optimization, training, params } = modelOf(context);
  const paths = new Set(params.map((param) => param.path));
  if (optimization !== undefined || training.updates.some(({ path }) => paths.has(path))) return;
  throw new UsageError(
    'the model has nothing to train: neither an optimizer nor an `update` of a parameter',
    'give it a loss and an optimizer: `train { optimizer: adam() }`',
  );
}
