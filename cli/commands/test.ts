/** `nnc test`: runs the `expect`s of model files in the interpreter and, with `--gpu`, on the device too. */
import type { Command } from 'commander';
import { compile, programName } from '../../compiler/compile.ts';
import { checkExpectations, testSizes, testValues } from '../../compiler/elaborate/expectations.ts';
import type { Model } from '../../compiler/model.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';
import { lineAt } from '../../grammar/index.ts';
import { runProgram } from '../../train/index.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../failure.ts';
import { type Gpu, withGpu, withSession } from '../gpu.ts';
import { type LoadedModel, loadModel } from '../load-model.ts';
import { type SetOption, withSet } from '../model-options.ts';
import { counted } from '../numbers.ts';
import { wholeNumber } from '../option-values.ts';

interface Options extends SetOption {
  readonly gpu?: boolean;
  readonly seed?: number;
}

/** Where an expectation was checked, and whether it held there. */
interface Check {
  readonly where: 'interpreter' | 'device';
  readonly holds: readonly boolean[];
}

export function registerTest(program: Command, context: Context): void {
  const command = program
    .command('test')
    .description('check the `expect`s of model files')
    .argument('<files...>', '.nn files, or programs that export models')
    .option('--gpu', 'on the device too, not only in the interpreter')
    .option('--seed <n>', 'of the data that inputs are filled with', wholeNumber);
  withSet(command).action(async (files: readonly string[], options: Options) => {
    const models: LoadedModel[] = [];
    for (const file of files) models.push(await loadModel(file, options));
    const run = async (gpu?: Gpu): Promise<void> => {
      let failed = 0;
      let count = 0;
      for (const loaded of models) {
        const checks = await check(loaded.model, options.seed ?? 0, gpu);
        failed += report(loaded, checks, context);
        count += loaded.model.evaluation.expects.length * checks.length;
      }
      summarise(count, failed, context);
    };
    const needsDevice = options.gpu === true && models.some(hasExpects);
    await (needsDevice ? withGpu({ env: context.env }, run) : run());
  });
}

const hasExpects = ({ model }: LoadedModel): boolean => model.evaluation.expects.length > 0;

async function check(model: Model, seed: number, gpu: Gpu | undefined): Promise<readonly Check[]> {
  if (model.evaluation.expects.length === 0) return [];
  const results = checkExpectations(model, { seed });
  const interpreter: Check = { where: 'interpreter', holds: results.map((one) => one.holds) };
  return gpu === undefined ? [interpreter] : [interpreter, await checkOnDevice(model, seed, gpu)];
}

/** The expectations as the outputs of a program. */
async function checkOnDevice(model: Model, seed: number, gpu: Gpu): Promise<Check> {
  const { expects } = model.evaluation;
  const outputs = expects.map(({ node }, index) => ({ name: `expect ${index}`, node }));
  const asked: Model = { ...model, evaluation: { ...model.evaluation, outputs } };
  const dims = testSizes(model);
  const bound = bindSizes(
    model.graph,
    outputs.map((output) => output.node),
    dims,
  );
  const values = testValues(model, bound, seed, dims);
  const { plan } = compile(asked, { device: gpu.profile, programs: [{ kind: 'predict', dims }] });
  const results = await withSession(gpu, plan, (session) =>
    runProgram(session, asked, { kind: 'predict', name: programName('predict', dims) }, values),
  );
  return { where: 'device', holds: results.map(({ data }) => data.every((x) => x !== 0)) };
}

/** Returns how many did not hold. */
function report(
  { model, source }: LoadedModel,
  checks: readonly Check[],
  context: Context,
): number {
  const { line, paint } = context.terminal.results;
  const { expects } = model.evaluation;
  line(expects.length === 0 ? `${source.name}: no expectations` : source.name);
  let failed = 0;
  for (const [index, { span, text }] of expects.entries()) {
    const broken = checks.filter(({ holds }) => holds[index] !== true);
    failed += broken.length;
    const sign = broken.length === 0 ? paint('✓', 'good') : paint('✗', 'error');
    const where =
      broken.length === 0 ? '' : `   does not hold ${broken.map(placeText).join(' and ')}`;
    line(`  ${sign} line ${lineAt(source.text, span.start)}: ${text}${paint(where, 'strong')}`);
  }
  return failed;
}

const placeText = ({ where }: Check): string =>
  where === 'interpreter' ? 'in the interpreter' : 'on the device';

function summarise(count: number, failed: number, context: Context): void {
  const { line, paint } = context.terminal.results;
  if (count === 0) return;
  const checks = counted(count, 'check');
  const all = count === 1 ? `${checks} holds` : `all ${checks} hold`;
  const text = failed === 0 ? all : `${failed} of ${checks} fail`;
  line(`\n${paint(text, failed === 0 ? 'good' : 'error')}`);
  if (failed > 0) throw new Ended(EXIT.error);
}
