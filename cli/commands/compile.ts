/** `nnc compile`: a model as kernels, plan and summary in a folder, or any stage of the compiler on the terminal. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Compiled, type CompileOptions, compile, passNames } from '../../compiler/compile.ts';
import { planBytes } from '../../compiler/memory/within-budget.ts';
import { CapacityError } from '../../compiler/plan/capacity-error.ts';
import { type StageName, stageNames, stagePrinter } from '../../compiler/print-stages.ts';
import { graphPasses } from '../../compiler/rewrite/passes.ts';
import { type DeviceProfile, portable } from '../../compiler/schedule/device.ts';
import { nearest, parse, printAst } from '../../grammar/index.ts';
import { AdapterNotFoundError } from '../../host/node.ts';
import { reportBisection } from '../bisect-report.ts';
import {
  certificateText,
  type TargetName,
  targetNames,
  targets,
  targetText,
} from '../certificate-text.ts';
import { BISECT_ROWS, compilePrograms, DEFAULT_ROWS, programKinds } from '../compile-programs.ts';
import { writeCompiled } from '../compiled-folder.ts';
import type { Context } from '../context.ts';
import { DiagnosticsError, Ended, EXIT, UserError } from '../failure.ts';
import { withGpu } from '../gpu.ts';
import { graphText, writeText } from '../graph-target.ts';
import { type LoadedModel, loadModel } from '../load-model.ts';
import { type BytesAt, checkBudget } from '../memory-budget.ts';
import { memoryText } from '../memory-text.ts';
import { type SetOption, withSet } from '../model-options.ts';
import { checkTarget, type ModuleOptions, shipped, withModule } from '../module-options.ts';
import { bytesText, counted } from '../numbers.ts';
import { byteCount, rowCounts, sizeSetting, wholeNumber } from '../option-values.ts';
import { programFileOf } from '../program-file.ts';
import { type ScheduleOption, schedulesOf, withSchedule } from '../schedule-option.ts';
import { readSource } from '../source-file.ts';

interface Options extends SetOption, ScheduleOption, ModuleOptions {
  readonly output?: string;
  readonly batch?: readonly number[];
  readonly size?: Readonly<Record<string, number>>;
  readonly portable?: boolean;
  readonly emit?: StageName;
  /** Names given with `--no-pass`; true where there is none. */
  readonly pass: readonly string[] | true;
  readonly bisectPasses?: boolean;
  readonly seed?: number;
  readonly memory?: boolean;
  readonly budget?: number;
  readonly targetDevice?: TargetName;
}

export function registerCompile(program: Command, context: Context): void {
  const command = program
    .command('compile')
    .description(
      'write the kernels, the plan and a summary of a model, or print a stage of the compiler',
    )
    .argument('<file>', 'the model: a .nn file, or a program that exports it')
    .option(
      '-o, --output <folder>',
      'where to write numbered .wgsl files, plan.json and summary.txt; the file of another --target',
    )
    .addOption(new Option('--emit <stage>', 'print a stage').choices(stageNames))
    .option(
      '--batch <n>',
      "rows of each program; the file's own batch unless given; for a module also several: 1,32,128",
      rowCounts,
    )
    .option(
      '--size <name=n>',
      'another size that only data would tell; may be repeated',
      sizeSetting,
    )
    .option('--portable', "for WebGPU's default limits, not for the device at hand")
    .option(
      '--memory',
      'print what the plan takes of memory, and what is in use where it takes most',
    )
    .option(
      '--budget <bytes>',
      'such as 128MiB: make smaller kernels where they take less, and fail where the plan still takes more, with the largest batch that fits',
      byteCount,
    )
    .addOption(
      new Option(
        '--target-device <class>',
        'compile for a class of devices, and print what the plan asks of it limit by limit',
      )
        .choices(targetNames)
        .conflicts('portable'),
    )
    .option(
      '--no-pass <name>',
      'leave out a pass or rule of the compiler; may be repeated',
      passName,
    )
    .option(
      '--bisect-passes',
      'find the first pass after which results differ from the interpreter',
    )
    .option(
      '--seed <n>',
      'of initial and random values, and of the data for --bisect-passes',
      wholeNumber,
    );
  withSchedule(withSet(withModule(command))).action((file: string, options: Options) =>
    run(file, options, context),
  );
}

async function run(file: string, options: Options, context: Context): Promise<void> {
  const { emit, output, target } = options;
  const { results } = context.terminal;
  checkTarget(options);
  if (emit === 'ast') return results.write(astText(file));
  const loaded = await loadModel(file, options);
  if (options.bisectPasses === true) return await bisect(loaded, options, context);
  const drawn = target === 'dot' || target === 'mermaid';
  const step = emit === 'gradient' || (drawn && options.train === true);
  if (step && !programKinds(loaded.model).includes('train'))
    throw new UserError(`${loaded.given} trains nothing: it has no gradient`);
  if (drawn)
    return writeText(graphText(loaded.model, target, options.train === true), output, results);
  if (target === 'module') return await shipModule(loaded, options, context);
  const { memory = false, budget, targetDevice } = options;
  const inspects = memory || budget !== undefined || targetDevice !== undefined;
  if (emit === undefined && output === undefined && !inspects)
    throw new UserError(
      'nnc compile needs to know what to do with the result',
      `-o FOLDER writes it; --emit=STAGE prints a stage: ${stageNames.join(', ')}; --memory what it takes`,
      EXIT.usage,
    );
  const rows = rowsFor(loaded, options);
  const programsAt = (count: number) => compilePrograms(loaded.model, count, options.size ?? {});
  const compileOptions: CompileOptions = {
    device: await profileFor(options, context),
    programs: programsAt(rows),
    off: offOf(options),
    ...(budget === undefined ? {} : { budget }),
    ...schedulesOf(options),
  };
  if (emit !== undefined) results.write(stageOf(loaded, compileOptions, emit));
  if (budget !== undefined)
    checkBudget(
      bytesAt(loaded, (count) => ({ ...compileOptions, programs: programsAt(count) })),
      rows,
      budget,
    );
  if (output === undefined && !memory && targetDevice === undefined) {
    if (budget !== undefined) results.line(`fits: at most ${bytesText(budget)}`);
    return;
  }
  const compiled = compileFor(targetDevice, loaded, compileOptions, context);
  if (targetDevice !== undefined)
    results.line(certificateText(compiled, compileOptions.device, targetDevice));
  if (memory) results.line(memoryText(compiled));
  if (output === undefined) return;
  writeCompiled(output, loaded.model, compiled);
  if (emit === undefined) results.line(`${output}: ${contentText(compiled)}`);
}

/** Only here is loaded what writes modules. */
async function shipModule(loaded: LoadedModel, options: Options, context: Context): Promise<void> {
  const { compileModule } = await import('../module-target.ts');
  const rows = options.batch ?? [ownRows(loaded)];
  const line = await compileModule(loaded, options, rows, {
    device: await profileFor(options, context),
    off: offOf(options),
    ...schedulesOf(options),
  });
  context.terminal.results.line(line);
}

/** Compiles; where that fails for want of room, says first for which class of devices. */
function compileFor(
  target: TargetName | undefined,
  { model }: LoadedModel,
  options: CompileOptions,
  { terminal }: Context,
): Compiled {
  try {
    return compile(model, options);
  } catch (error) {
    if (target !== undefined && error instanceof CapacityError)
      terminal.errors.line(`does not fit ${target} (${targetText(target)})`);
    throw error;
  }
}

const bytesAt =
  ({ model }: LoadedModel, optionsAt: (rows: number) => CompileOptions): BytesAt =>
  (rows) => {
    try {
      return planBytes(compile(model, optionsAt(rows)).plan);
    } catch (error) {
      if (error instanceof CapacityError) return undefined;
      throw error;
    }
  };

const stageOf = ({ model, source }: LoadedModel, options: CompileOptions, stage: StageName) =>
  stagePrinter({ file: parse(source).file, model, options })(stage);

/** Of any file that parses, whatever it means. */
function astText(path: string): string {
  if (programFileOf(path) !== undefined)
    throw new UserError(
      `${path} is a program`,
      'only a text of the language has a syntax tree of it',
    );
  const source = readSource(path);
  const { file, diagnostics } = parse(source);
  if (diagnostics.some((one) => one.severity === 'error'))
    throw new DiagnosticsError(diagnostics, () => source);
  return printAst(file);
}

function contentText({ plan: { kernels, programs } }: Compiled): string {
  const names = programs.map((program) => program.name).join(', ');
  return `${counted(kernels.length, 'kernel')}, plan.json with ${names}, summary.txt`;
}

async function bisect(loaded: LoadedModel, options: Options, context: Context): Promise<void> {
  const { model } = loaded;
  const { results } = context.terminal;
  const programs = compilePrograms(model, oneCount(options) ?? BISECT_ROWS, options.size ?? {});
  const task = { model, programs, seed: options.seed ?? 0, off: offOf(options) };
  const { env } = context;
  const portable = options.portable === true;
  const sound = await withGpu({ env, portable }, (gpu) => reportBisection(task, gpu, results));
  if (!sound) throw new Ended(EXIT.error);
}

/** The device at hand; where there is none, the portable class does. */
async function profileFor(options: Options, { env, terminal }: Context): Promise<DeviceProfile> {
  const { targetDevice } = options;
  if (targetDevice !== undefined && targetDevice !== 'adapter')
    return targets[targetDevice].profile;
  if (options.portable === true) return portable;
  if (options.target === 'module') return shipped;
  try {
    return await withGpu(
      { env, measured: options.measured === true },
      async ({ profile }) => profile,
    );
  } catch (error) {
    if (!(error instanceof AdapterNotFoundError) || targetDevice === 'adapter') throw error;
    terminal.errors.line(
      "there is no adapter here: compiled for WebGPU's default limits, as with --portable",
    );
    return portable;
  }
}

const rowsFor = (loaded: LoadedModel, options: Options): number =>
  oneCount(options) ?? ownRows(loaded);

function ownRows({ model }: LoadedModel): number {
  const own = model.train.batch;
  return typeof own === 'number' ? own : DEFAULT_ROWS;
}

function oneCount({ batch = [] }: Options): number | undefined {
  if (batch.length <= 1) return batch[0];
  throw new UserError(
    `--batch ${batch.join(',')}: several numbers of rows are for --target module`,
    `--batch ${batch[0]}`,
    EXIT.usage,
  );
}

const offOf = ({ pass }: Options): ReadonlySet<string> => new Set(pass === true ? [] : pass);

/** commander begins a `--no-…` option at true. */
function passName(text: string, earlier: readonly string[] | true): readonly string[] {
  const known = [...passNames, ...graphPasses.flatMap((pass) => pass.rules ?? [])];
  if (!known.includes(text)) {
    const near = nearest(text, known);
    const hint =
      near === undefined ? `Passes are ${passNames.join(', ')}.` : `Did you mean ${near}?`;
    throw new InvalidArgumentError(`There is no such pass. ${hint}`);
  }
  return [...(earlier === true ? [] : earlier), text];
}
