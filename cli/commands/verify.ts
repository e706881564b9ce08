/** `nnc verify`: whether this device computes what the reference does, kernel by kernel; what is wrong goes to a report. */
import path from 'node:path';
import type { Command } from 'commander';
import { lineAt } from '../../grammar/index.ts';
import { describeAdapter } from '../../host/node.ts';
import { type Verification, verify } from '../../verify/verify.ts';
import { BISECT_ROWS, compilePrograms } from '../compile-programs.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT, UserError } from '../failure.ts';
import { type FindingContext, findingText, isOwnRule } from '../finding-text.ts';
import { deviceText, type Gpu, withGpu, withSession } from '../gpu.ts';
import { createLiveLine } from '../live-line.ts';
import { type LoadedModel, loadModel } from '../load-model.ts';
import { type SetOption, withSet } from '../model-options.ts';
import { positiveInteger, sizeSetting, wholeNumber } from '../option-values.ts';
import { type ScheduleOption, schedulesOf, withSchedule } from '../schedule-option.ts';
import { shownName } from '../shown-name.ts';
import { tableLines } from '../table.ts';
import type { Output } from '../terminal.ts';
import { reportText } from '../verify-report.ts';
import { verificationRows } from '../verify-table.ts';
import { readVersion } from '../version.ts';
import { checkWritable, writeWhole } from '../whole-file.ts';

interface Options extends SetOption, ScheduleOption {
  readonly batch?: number;
  readonly size?: Readonly<Record<string, number>>;
  readonly seed?: number;
  readonly portable?: boolean;
  readonly trustVjp?: boolean;
  readonly report?: string;
}

export function registerVerify(program: Command, context: Context): void {
  const command = program
    .command('verify')
    .description('check on this device what a model computes: each kernel, fusion, gradients')
    .argument('<file>', 'the model: a .nn file, or a program that exports it')
    .option(
      '--batch <n>',
      `rows of each program; ${BISECT_ROWS} unless given, since the reference is slow`,
      positiveInteger,
    )
    .option(
      '--size <name=n>',
      'another size that only data would tell; may be repeated',
      sizeSetting,
    )
    .option('--seed <n>', 'of the data', wholeNumber)
    .option('--portable', "within WebGPU's default limits")
    .option('--trust-vjp', 'rules of the file’s own need not be the derivatives of their fns')
    .option('--report <file>', 'where to write what is wrong; MODEL.verify.md unless given');
  withSchedule(withSet(command)).action((file: string, options: Options) =>
    run(file, options, context),
  );
}

async function run(file: string, options: Options, context: Context): Promise<void> {
  const loaded = await loadModel(file, options);
  const { model } = loaded;
  const programs = compilePrograms(model, options.batch ?? BISECT_ROWS, options.size ?? {});
  if (programs.length === 0)
    throw new UserError(
      `${loaded.given} computes nothing that could be checked`,
      'it needs an `output`, a `loss` or an `update`',
    );
  const report = options.report ?? `${path.basename(file, '.nn')}.verify.md`;
  if (options.report !== undefined)
    checkWritable(report, { option: '--report', what: 'report', example: 'report.md' });
  const { env, terminal } = context;
  const portable = options.portable === true;
  const measured = options.measured === true;
  await withGpu({ env, portable, measured }, async (gpu) => {
    const { results } = terminal;
    results.line(`${shownName(loaded.given)} on ${deviceText(gpu.opened)}`);
    const live = createLiveLine(terminal, context.now);
    const verification = await verify({
      model,
      programs,
      seed: options.seed ?? 0,
      profile: gpu.profile,
      ...schedulesOf(options),
      trustRules: options.trustVjp === true,
      withSession: (plan, body) => withSession(gpu, plan, body),
      onCheck: (what) => live.note(what),
    });
    live.clear();
    printTable(verification, results);
    if (verification.findings.length === 0) return;
    const found: FindingContext = {
      graph: model.graph,
      verification,
      sources: loaded.sources,
      declaredAt: (fn) => declaredAt(fn, loaded),
    };
    printFindings(found, results);
    if (verification.findings.every(isOwnRule)) throw new Ended(EXIT.error);
    const text = reportText({ ...found, ...reportFacts(file, options, loaded, gpu) });
    writeWhole(report, text, 'the report');
    results.line();
    results.line(`${report} has it all, with what is needed to see it again: please send it`);
    throw new Ended(EXIT.error);
  });
}

function printTable(verification: Verification, output: Output): void {
  const { paint } = output;
  const rows = verificationRows(verification).map(([sound, ...cells]) => [
    sound ? paint('✓', 'good') : paint('✗', 'error'),
    ...cells,
  ]);
  for (const line of tableLines(rows)) output.line(`  ${line}`);
  const { standIns } = verification.gradients;
  const names = [...new Set(standIns.map((rule) => `\`${rule.ownRule ?? ''}\``))];
  if (names.length > 0)
    output.line(
      `  the \`vjp\` of ${names.join(', ')} stands in for a derivative: parameters behind it were not compared`,
    );
  if (verification.findings.length === 0)
    output.line(paint('this device computes what the reference does', 'good'));
}

function printFindings(context: FindingContext, output: Output): void {
  for (const finding of context.verification.findings) {
    const { title, facts } = findingText(finding, context);
    output.line();
    output.line(`${output.paint('✗', 'error')} ${output.paint(title, 'strong')}`);
    for (const fact of facts) output.line(`    ${fact}`);
  }
}

/** `model.nn:3: fn square(x) = x * x`. */
function declaredAt(fn: string, { file, source }: LoadedModel): string | undefined {
  const item = file.items.find((one) => one.kind === 'fn' && one.name?.text === fn);
  if (item === undefined) return undefined;
  const line = lineAt(source.text, item.span.start);
  return `${source.name}:${line}: ${source.text.split('\n')[line - 1]?.trim() ?? ''}`;
}

function reportFacts(
  file: string,
  options: Options,
  { source, imported }: LoadedModel,
  { opened }: Gpu,
) {
  const { version, platform, arch } = process;
  return {
    model: path.basename(file),
    command: commandText(file, options),
    versions: `nnc ${readVersion()} on Node ${version}, ${platform} ${arch}`,
    adapter: describeAdapter(opened),
    texts: Object.fromEntries([source, ...imported].map(({ name, text }) => [name, text])),
  };
}

/** The words that run these checks again. */
function commandText(file: string, options: Options): string {
  const { batch, size = {}, seed, set = {}, schedule = {}, portable, measured, trustVjp } = options;
  const settings = (option: string, all: Readonly<Record<string, unknown>>): string[] =>
    Object.entries(all).map(([name, value]) => `${option} '${name}=${String(value)}'`);
  return [
    `nnc verify ${path.basename(file)}`,
    ...(batch === undefined ? [] : [`--batch ${batch}`]),
    ...settings('--size', size),
    ...(seed === undefined ? [] : [`--seed ${seed}`]),
    ...settings('--set', set),
    ...settings('--schedule', schedule),
    ...(portable === true ? ['--portable'] : []),
    ...(measured === true ? ['--measured'] : []),
    ...(trustVjp === true ? ['--trust-vjp'] : []),
  ].join(' ');
}
