/** Opens a model on a device: what `model.open()` does. */
import { printSummary } from '../../compiler/elaborate/summary.ts';
import type { Model } from '../../compiler/model.ts';
import { LOSS } from '../../compiler/programs.ts';
import type { SourceLookup } from '../../grammar/index.ts';
import { createSingleSteps, readWeights, unknownSize, writeWeights } from '../../train/index.ts';
import { described } from '../data/numbers.ts';
import { tableOfBatch } from '../data/source.ts';
import { acquireDevice, type DeviceWish } from '../devices.ts';
import { checkOptions, type OptionNames } from '../options.ts';
import { UsageError } from '../usage-error.ts';
import { type Context, modelOf, nothing, readingOf, tableFeed } from './context.ts';
import { explain } from './explain.ts';
import { filesOf } from './files.ts';
import { runFit } from './fit.ts';
import { checkWhole } from './fit-settings.ts';
import { createGate } from './gate.ts';
import { record } from './listener.ts';
import { runEvaluate, runPredict } from './measure.ts';
import type { ModelSession } from './model-session.ts';
import { createParameters } from './parameters.ts';
import { createPrograms } from './programs.ts';
import { createRates } from './rates.ts';
import type { ModelShape } from './shape.ts';
import { decodeWeights, encodeWeights } from './weights-bytes.ts';

/** On which device, and for how many rows at a time. */
export interface OpenOptions extends DeviceWish {
  /** Rows of a training step, and of a part of a prediction, where a call does not say. */
  readonly batch?: number;
  /** Sizes of the inputs beside that of the batch, where flat arrays do not show them: `{ t: 64 }`. */
  readonly sizes?: Readonly<Record<string, number>>;
}

const optionNames: OptionNames<OpenOptions> = {
  device: true,
  adapter: true,
  gpu: true,
  portable: true,
  batch: true,
  sizes: true,
};

/** What whoever made the model knows of it beyond what it computes. */
export interface ModelOrigin {
  /** The same model with learning rates as states (`tunableRates`); made when a rate is to change. */
  tunable?(): Model;
  /** The name of its text, for messages that point into it. */
  readonly file?: string;
  readonly sources?: SourceLookup;
}

/**
 * The model on a device, with parameters as they begin. Its programs are compiled when they are needed. Throws what the host
 * throws where there is no adapter, CapacityError where parameters do not fit the device, and UsageError.
 */
export async function openModel<S extends ModelShape = ModelShape>(
  model: Model,
  options: OpenOptions = {},
  origin: ModelOrigin = {},
): Promise<ModelSession<S>> {
  checkOptions('open', options, optionNames);
  const { batch, sizes = {} } = options;
  if (batch !== undefined) checkWhole('batch', batch, 1);
  for (const [name, size] of Object.entries(sizes)) checkWhole(`sizes.${name}`, size, 1);
  const unknown = unknownSize(model, Object.keys(sizes));
  if (unknown !== undefined)
    throw new UsageError(`\`sizes\`: the model has no size \`${unknown.name}\``, unknown.help);
  const on = await acquireDevice(options);
  try {
    return await openOn<S>();
  } catch (error) {
    on.release();
    throw explain(error);
  }

  async function openOn<T extends ModelShape>(): Promise<ModelSession<T>> {
    const programs = await createPrograms(model, on);
    const gate = createGate(close);
    const { session } = programs;
    const context: Context = {
      programs,
      on,
      gate,
      rates: createRates(programs, origin.tunable?.bind(origin)),
      place: { file: origin.file ?? model.name, sources: origin.sources ?? (() => undefined) },
      sizes,
      batch,
      done: { steps: 0, epochs: 0 },
      classes: {},
      disturbed: false,
    };
    const single = createSingleSteps(session, model);
    const parameters = createParameters<T['params']>(model, session, gate);

    /** For everything that runs a program: steps of a loop of one's own have their sums on the device. */
    const apart = async <R>(body: () => Promise<R>): Promise<R> => {
      await single.settle();
      context.disturbed = true;
      return await body();
    };
    const write = async (
      path: string | undefined,
    ): Promise<Uint8Array<ArrayBuffer> | undefined> => {
      const files = path === undefined ? undefined : filesOf('save');
      const weights = await readWeights(session, modelOf(context));
      const bytes = encodeWeights(model, weights, {
        steps: context.done.steps,
        classes: context.classes,
      });
      if (files === undefined || path === undefined) return bytes;
      await files.replace(path, bytes);
      return undefined;
    };

    const opened: ModelSession = {
      name: model.name,
      device: on.device,
      get steps() {
        return context.done.steps;
      },
      parameters,
      get learningRate() {
        return context.rates.first;
      },
      fit: (data, options = {}) =>
        gate.train(() => apart(() => runFit(context, opened, data, options))),
      evaluate: (data, options = {}) =>
        gate.use('evaluate', () => apart(() => runEvaluate(context, data, options))),
      predict: (data, options = {}) =>
        gate.use('predict', () => apart(() => runPredict(context, data, options))),
      step: (given) =>
        gate.use(
          'step',
          async () => {
            const table =
              model.inputs.length === 0
                ? { table: nothing }
                : tableOfBatch(given, readingOf(context, 'the batch'));
            const feed = await tableFeed(context, 'train', table);
            await programs.ensure([{ kind: 'train', feed, batch: feed.rows }]);
            await single.run(feed, context.done.steps);
            context.done.steps += 1;
          },
          false,
        ),
      metrics: () => gate.use('metrics', async () => record(await single.averages()), false),
      async loss() {
        const values: Readonly<Record<string, number>> = await opened.metrics();
        const loss = values[LOSS];
        if (loss !== undefined) return loss;
        throw new UsageError(
          'there is no loss to tell',
          Object.keys(values).length === 0
            ? 'make a step first'
            : 'the model has none; ask for `metrics()`',
        );
      },
      setLearningRate: (rate, section) =>
        gate.use('setLearningRate', async () => {
          const { rates } = context;
          await rates.free();
          for (const path of chosenRates(rates.paths, section)) rates.set(path, rate);
        }),
      save: ((path?: string) => gate.use('save', () => write(path))) as ModelSession['save'],
      load: (from) =>
        gate.use('load', async () => {
          if (typeof from !== 'string' && !(from instanceof Uint8Array))
            throw new UsageError(
              `weights are loaded from a path or bytes, not from ${described(from)}`,
              'bytes are a Uint8Array: `new Uint8Array(await response.arrayBuffer())`',
            );
          const [bytes, name] =
            typeof from === 'string'
              ? [await filesOf('load').read(from), from]
              : [from, 'the weights given'];
          const { weights, classes } = decodeWeights(bytes, name);
          writeWeights(session, modelOf(context), weights, name);
          context.classes = classes;
        }),
      summary: () => printSummary(model),
      counts: () => session.counts(),
      close,
      async [Symbol.asyncDispose]() {
        await session.settle().catch(() => undefined);
        close();
      },
    };
    return opened as unknown as ModelSession<T>;

    function close(): void {
      gate.close();
      session.close();
      on.release();
    }
  }
}

function chosenRates(paths: readonly string[], section: string | undefined): readonly string[] {
  if (section === undefined) return paths;
  const path = `${section}/lr`;
  if (paths.includes(path)) return [path];
  const known = paths.map((one) => one.slice(0, -'/lr'.length)).filter((one) => one !== '');
  throw new UsageError(
    `no \`train\` section \`${section}\` has a learning rate that can change`,
    known.length === 0 ? 'leave the section out' : `those that have one are ${known.join(', ')}`,
  );
}
