/** `nnc inspect`: a model as a page to look into: source with shapes, graph, kernels and memory, linked with each other. */
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import type { Model } from '../../compiler/model.ts';
import { type DeviceProfile, portable } from '../../compiler/schedule/device.ts';
import { AdapterNotFoundError, deviceTimes } from '../../host/node.ts';
import { inspect, type Measured } from '../../inspect/inspect.ts';
import { inspectionPage } from '../../inspect/page.ts';
import { measureDispatches } from '../../runtime/dispatch-times.ts';
import type { Plan } from '../../runtime/index.ts';
import { initialise } from '../../train/index.ts';
import { syntheticInputs } from '../../train/synthetic-inputs.ts';
import { compilePrograms, DEFAULT_ROWS } from '../compile-programs.ts';
import type { Context } from '../context.ts';
import { UserError } from '../failure.ts';
import { deviceText, type Gpu, withGpu } from '../gpu.ts';
import { loadModel } from '../load-model.ts';
import { type SetOption, withSet } from '../model-options.ts';
import { bytesText, counted } from '../numbers.ts';
import { positiveInteger, sizeSetting } from '../option-values.ts';
import { peaksOf } from '../profile-program.ts';
import { checkWritable, writeWhole } from '../whole-file.ts';

interface Options extends SetOption {
  readonly output?: string;
  readonly open?: boolean;
  readonly batch?: number;
  readonly size?: Readonly<Record<string, number>>;
  readonly portable?: boolean;
  readonly run?: boolean;
}

export function registerInspect(program: Command, context: Context): void {
  const command = program
    .command('inspect')
    .description('write a page to look into a model: source, graph, kernels, memory')
    .argument('<file>', 'the model: a .nn file, or a program that exports it')
    .option('-o, --output <file>', "the page; the model's name with .html unless given")
    .option('--open', 'show it in the browser')
    .option('--run', 'measure what each kernel takes, on data that are made up')
    .option(
      '--batch <n>',
      "rows of each program; the file's own batch unless given",
      positiveInteger,
    )
    .option(
      '--size <name=n>',
      'another size that only data would tell; may be repeated',
      sizeSetting,
    )
    .option('--portable', "for WebGPU's default limits, not for the device at hand");
  withSet(command).action((file: string, options: Options) => run(file, options, context));
}

async function run(file: string, options: Options, context: Context): Promise<void> {
  const { results } = context.terminal;
  const loaded = await loadModel(file, options);
  const { model, source, imported, traces } = loaded;
  const output = options.output ?? `${model.name}.html`;
  checkWritable(output, { option: '-o', what: 'page', example: 'model.html' });
  const own = model.train.batch;
  const rows = options.batch ?? (typeof own === 'number' ? own : DEFAULT_ROWS);
  const programs = compilePrograms(model, rows, options.size ?? {});
  if (programs.length === 0)
    throw new UserError(
      `${loaded.given} computes nothing that could be looked into`,
      'it needs an `output`, a `loss` or an `update`',
    );
  const page = await onDevice(options, context, async (profile, device, gpu) => {
    const sources = [source, ...imported];
    const compileOptions = { device: profile, programs };
    const made = inspect({ model, options: compileOptions, sources, traces, device });
    if (options.run !== true) return made.inspection();
    if (gpu === undefined)
      throw new UserError('--run needs a device', '`nnc doctor` says what was looked for');
    return made.inspection(await measure(gpu, made.plan, model, context));
  });
  const text = inspectionPage(page);
  writeWhole(output, text, 'page');
  const parts = page.programs.map(
    ({ name, kernels }) => `${name} in ${counted(kernels.length, 'kernel')}`,
  );
  results.line(`${output}: ${parts.join(', ')} (${bytesText(Buffer.byteLength(text))})`);
  if (options.open === true) show(output);
}

type Body<T> = (profile: DeviceProfile, device: string, gpu: Gpu | undefined) => Promise<T>;

/** On the device at hand; where there is none, for WebGPU's default limits. */
async function onDevice<T>(
  options: Options,
  { env, terminal }: Context,
  body: Body<T>,
): Promise<T> {
  const isPortable = options.portable === true;
  const limits = "WebGPU's default limits";
  if (isPortable && options.run !== true) return await body(portable, `for ${limits}`, undefined);
  try {
    return await withGpu({ env, portable: isPortable, exactClock: options.run === true }, (gpu) =>
      body(isPortable ? portable : gpu.profile, deviceText(gpu.opened), gpu),
    );
  } catch (error) {
    if (!(error instanceof AdapterNotFoundError)) throw error;
    terminal.errors.line(`there is no adapter here: compiled for ${limits}, as with --portable`);
    return await body(portable, `for ${limits}`, undefined);
  }
}

const REPEAT = 9;

/** What every dispatch takes, and what the device can do. */
async function measure(
  { opened, profile }: Gpu,
  plan: Plan,
  model: Model,
  { terminal }: Context,
): Promise<Measured> {
  const { device, host } = opened;
  const times = new Map<string, readonly number[]>();
  for (const { name } of plan.programs) {
    const { microseconds, clock } = await measureDispatches(plan, name, {
      device,
      host,
      repeat: REPEAT,
      inputs: syntheticInputs(model, plan, name),
      initial: (session) => initialise(session, model),
    });
    times.set(name, microseconds);
    if (clock === 'wall' && times.size === 1)
      terminal.errors.line('the device has no clock of its own: times are from submit to end');
  }
  return { times, peaks: peaksOf((await deviceTimes(opened)).times, profile) };
}

/** With the program that the system has for pages; where there is none, the file's name has been said. */
function show(output: string): void {
  const url = pathToFileURL(output).href;
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', url]]
        : ['xdg-open', [url]];
  spawn(command as string, args as string[], { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref();
}
