/** `nnc train`: from a file to trained weights and a test result. */
import type { Command } from 'commander';
import { checkTrainable } from '../check-trainable.ts';
import { planCheckpoints } from '../checkpoint-plan.ts';
import type { Context } from '../context.ts';
import { withGpu } from '../gpu.ts';
import { catchInterrupts } from '../interrupt.ts';
import { loadModel } from '../load-model.ts';
import { parametersText } from '../model-text.ts';
import { keptWeights, monitorFor, monitorText } from '../monitor-setting.ts';
import { drawCourse } from '../plot/draw-course.ts';
import { createRunLog } from '../run-log.ts';
import { schedulesOf } from '../schedule-option.ts';
import { prepareTrainData } from '../train-data.ts';
import { type TrainOptions, withTrainOptions } from '../train-options.ts';
import { createTrainReport } from '../train-report.ts';
import { trainOn } from '../train-run.ts';
import { trainSettings } from '../train-settings.ts';
import { showWarnings } from '../warnings.ts';
import { readWeightsFile } from '../weights-file.ts';
import { checkWritable, removeLeftovers, type Written } from '../whole-file.ts';

export function registerTrain(program: Command, context: Context): void {
  const command = program
    .command('train')
    .description('train a model as its `train { … }` says; options win over the file')
    .argument('<file>', 'the model: a .nn file, or a program that exports it');
  withTrainOptions(command).action(async (file: string, flags: TrainOptions, command: Command) => {
    if (flags.epochs !== undefined && flags.steps !== undefined)
      command.error('error: give --epochs or --steps, not both');
    if (flags.weights !== undefined && flags.resume !== undefined)
      command.error('error: give --weights or --resume, not both: a checkpoint has its own');
    // commander gives `shuffle: true` where nobody asked for anything.
    const { shuffle, ...others } = flags;
    await train(file, shuffle === false ? flags : others, context);
  });
}

async function train(file: string, flags: TrainOptions, context: Context): Promise<void> {
  const { env, terminal, now } = context;
  const loaded = await loadModel(file, flags);
  const { model } = loaded;
  showWarnings(loaded, flags, terminal);
  checkTrainable(loaded, flags);
  checkFiles(flags);
  const settings = trainSettings(model.train, flags);
  const checkpoints = planCheckpoints(flags, model.train.checkpoint, model.name);
  const weights =
    flags.weights === undefined
      ? undefined
      : { file: flags.weights, ...readWeightsFile(flags.weights) };
  const { data: named, window } = flags;
  const data = await prepareTrainData(
    loaded,
    settings,
    { data: named, window, classes: weights?.classes },
    env,
  );
  const monitor = monitorFor(model, settings, data.validation !== undefined);
  const report = createTrainReport(terminal, now);
  report.fact('model', `${file}: ${parametersText(model)}`);
  report.fact('data', data.text);
  if (monitor !== undefined) report.fact('watched', monitorText(monitor));
  const resumedAt = checkpoints.from?.checkpoint.record.state.step;
  const log =
    flags.log === undefined
      ? undefined
      : createRunLog(flags.log, resumedAt, () => new Date().toISOString());
  const stopping = 'stopping after the steps under way … (Ctrl-C again ends at once)';
  const interrupt = catchInterrupts(() => report.line(stopping), now);
  try {
    await withGpu({ env, measured: flags.measured === true }, (gpu) =>
      trainOn(gpu, {
        schedules: schedulesOf(flags),
        measured: flags.measured === true,
        loaded,
        settings,
        data,
        monitor,
        kept: keptWeights(settings),
        checkpoints,
        weights,
        output: flags.output,
        logEvery: flags.logEvery,
        report,
        log,
        cache: flags.cache !== false,
        stats: flags.stats === true,
        traceNan: flags.traceNan === true,
        draw: (course, stepsInEpoch) =>
          drawCourse(course, stepsInEpoch, {
            terminal,
            report,
            file: flags.plot,
            title:
              model.name === data.train.name ? model.name : `${model.name}: ${data.train.name}`,
          }),
        signal: interrupt.signal,
        now,
      }),
    );
  } catch (error) {
    log?.failed(error);
    throw error;
  } finally {
    report.live.clear();
    await interrupt.release();
  }
}

const outputs: Readonly<Record<'output' | 'log' | 'plot', Written>> = {
  output: { option: '-o', what: 'weights', example: 'weights.safetensors' },
  log: { option: '--log', what: 'lines', example: 'run.jsonl' },
  plot: { option: '--plot', what: 'curves', example: 'run.svg' },
};

/** Before the long part: whether everything that is to be written can be. */
function checkFiles(flags: TrainOptions): void {
  for (const name of ['output', 'log', 'plot'] as const) {
    const file = flags[name];
    if (file === undefined) continue;
    checkWritable(file, outputs[name]);
    removeLeftovers(file);
  }
}
