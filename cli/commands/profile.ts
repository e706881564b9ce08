/** `nnc profile`: where the time of a step goes, kernel by kernel, beside what this device can do. */
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { type Compiled, compile, type ProgramChoice } from '../../compiler/compile.ts';
import type { ProgramKind } from '../../compiler/programs.ts';
import { measuredRates } from '../../compiler/schedule/measured-rates.ts';
import { deviceTimes } from '../../host/node.ts';
import type { Peaks } from '../../inspect/peaks.ts';
import { checkGuards } from '../../train/index.ts';
import { compilePrograms, DEFAULT_ROWS, programKinds } from '../compile-programs.ts';
import type { Context } from '../context.ts';
import { EXIT, UserError } from '../failure.ts';
import { deviceText, type Gpu, withGpu } from '../gpu.ts';
import { createLiveLine } from '../live-line.ts';
import { type LoadedModel, loadModel } from '../load-model.ts';
import { type SetOption, withSet } from '../model-options.ts';
import { positiveInteger, sizeSetting, wholeNumber } from '../option-values.ts';
import { type ProgramProfile, peaksOf, profileProgram } from '../profile-program.ts';
import { peaksText, profileLines } from '../profile-text.ts';
import { type ScheduleOption, schedulesOf, withSchedule } from '../schedule-option.ts';
import { shownName } from '../shown-name.ts';
import { type StageTime, traceOf } from '../trace-events.ts';
import { checkWritable, writeWhole } from '../whole-file.ts';

interface Options extends SetOption, ScheduleOption {
  readonly program?: ProgramKind;
  readonly batch?: number;
  readonly size?: Readonly<Record<string, number>>;
  readonly repeat: number;
  readonly seed?: number;
  readonly portable?: boolean;
  readonly json?: boolean;
  readonly trace?: string;
}

/** Enough for a median that stays. */
const REPEAT = 20;

export function registerProfile(program: Command, context: Context): void {
  const command = program
    .command('profile')
    .description('where the time of a step goes: each kernel, beside what the device can do')
    .argument('<file>', 'the model: a .nn file, or a program that exports it')
    .addOption(
      new Option('--program <kind>', 'train unless there is nothing to train').choices([
        'train',
        'eval',
        'predict',
      ]),
    )
    .option(
      '--batch <n>',
      `rows of a step; the file's own batch unless given, or ${DEFAULT_ROWS}`,
      positiveInteger,
    )
    .option(
      '--size <name=n>',
      'another size that only data would tell; may be repeated',
      sizeSetting,
    )
    .option('--repeat <n>', 'how often each kernel is timed', positiveInteger, REPEAT)
    .option('--seed <n>', 'of the data, which are random', wholeNumber)
    .option('--portable', "within WebGPU's default limits")
    .option('--json', 'print it as JSON')
    .option('--trace <file>', "also write it for Perfetto, in Chrome's trace format");
  withSchedule(withSet(command)).action((file: string, options: Options) =>
    run(file, options, context),
  );
}

async function run(file: string, options: Options, context: Context): Promise<void> {
  const { trace, json = false, repeat, seed = 0 } = options;
  const { env, terminal } = context;
  if (trace !== undefined)
    checkWritable(trace, { option: '--trace', what: 'events', example: 'trace.json' });
  const stages: StageTime[] = [];
  const timed = stageClock(stages);
  const loaded = await loadModel(file, options);
  timed('parse and elaborate');
  const programs = programsOf(loaded, options);
  const portable = options.portable === true;
  await withGpu(
    { env, portable, measured: options.measured === true, exactClock: true },
    async (gpu) => {
      const compiled = compiledFor(loaded, programs, gpu, options, stages);
      const live = createLiveLine(terminal, context.now);
      live.note('what this device can do');
      const { times } = await deviceTimes(gpu.opened);
      const peaks = peaksOf(times, gpu.profile);
      const rates = measuredRates(times, { ...gpu.profile, cores: availableParallelism() });
      const profiles: ProgramProfile[] = [];
      for (const [index, { name }] of compiled.plan.programs.entries())
        profiles.push(
          await profileProgram(gpu, {
            model: loaded.model,
            compiled,
            index,
            repeat,
            seed,
            peaks,
            profile: { ...gpu.profile, rates },
            onRun: (done, all) => live.note(`${name} ${done}/${all}`),
          }),
        );
      live.clear();
      if (trace !== undefined)
        writeWhole(
          trace,
          JSON.stringify(traceOf(loaded.model.name, stages, profiles)),
          'the trace',
        );
      if (json) terminal.results.line(jsonText(loaded, gpu, peaks, profiles));
      else printText(loaded, gpu, peaks, profiles, context);
      if (trace !== undefined && !json)
        terminal.results.line(`\n${trace}: open it at https://ui.perfetto.dev or chrome://tracing`);
    },
  );
}

/** All of one kind: a training step has one for each set of `train` sections that meet in a step. */
function programsOf({ model, given }: LoadedModel, options: Options): readonly ProgramChoice[] {
  const kinds = programKinds(model);
  const usual = (['train', 'predict', 'eval'] as const).find((kind) => kinds.includes(kind));
  const kind = options.program ?? usual;
  if (kind === undefined)
    throw new UserError(
      `${given} computes nothing that could be measured`,
      'it needs an `output`, a `loss` or an `update`',
    );
  if (!kinds.includes(kind))
    throw new UserError(
      `--program ${kind}: ${given} has no such program`,
      `it has ${kinds.join(', ')}`,
      EXIT.usage,
    );
  const own = model.train.batch;
  const rows = options.batch ?? (typeof own === 'number' ? own : DEFAULT_ROWS);
  const programs = compilePrograms(model, rows, options.size ?? {}, [kind]);
  for (const { dims } of programs) checkGuards(model, dims);
  return programs;
}

function compiledFor(
  { model }: LoadedModel,
  programs: readonly ProgramChoice[],
  gpu: Gpu,
  options: Options,
  stages: StageTime[],
): Compiled {
  const timed = stageClock(stages);
  let kernels = false;
  const compiled = compile(model, {
    device: gpu.profile,
    programs,
    ...schedulesOf(options),
    onStage: (stage) => {
      if (stage.kind === 'graph') timed(`${stage.program} ${stage.pass}`);
      // Of all programs together, told when they are done.
      else if (!kernels) timed('kernels, schedules, memory');
      kernels ||= stage.kind === 'kernels';
    },
  });
  return compiled;
}

/** Each call ends a stage that began with the one before. */
function stageClock(stages: StageTime[]): (name: string) => void {
  let from = performance.now();
  return (name) => {
    const to = performance.now();
    stages.push({ name, from, to });
    from = to;
  };
}

function printText(
  { given }: LoadedModel,
  { opened }: Gpu,
  peaks: Peaks,
  profiles: readonly ProgramProfile[],
  { terminal: { results } }: Context,
): void {
  results.line(`${shownName(given)} on ${deviceText(opened)}`);
  results.line(peaksText(peaks));
  for (const profile of profiles) {
    const [title = '', head = '', ...rows] = profileLines(profile, results.columns);
    results.line();
    results.line(results.paint(title, 'strong'));
    results.line(results.paint(head, 'faint'));
    for (const row of rows) results.line(row);
  }
}

const jsonText = (
  { model }: LoadedModel,
  { opened }: Gpu,
  peaks: Peaks,
  programs: readonly ProgramProfile[],
): string =>
  JSON.stringify({ model: model.name, device: deviceText(opened), peaks, programs }, null, 2);
