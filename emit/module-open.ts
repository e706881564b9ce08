/** The function that opens a network, written for one plan: it calls those parts of the runtime that this plan needs, and no others. */
import { inline, quoted } from './code.ts';
import type { ModulePlan, ModuleProgram } from './module-plan.ts';

/** What decides how a module is opened. */
export interface OpenFacts {
  readonly model: string;
  readonly plan: ModulePlan;
  readonly programName: (program: ModuleProgram) => string;
  /** Of several `train` sections, by name. */
  readonly every: Readonly<Record<string, number>> | undefined;
  /** The module has weights in itself. */
  readonly embedded: boolean;
  readonly needsFeatures: boolean;
  readonly subgroupSize: number | undefined;
  /** Inputs and outputs are the same whatever the rows. */
  readonly generic: boolean;
  /** Whether there is one `loss` to report. */
  readonly hasLoss: boolean;
}

/** `use` is told of every part of the runtime that the text names, and gives its name back. */
export function openStatement(facts: OpenFacts, use: (name: string) => string): string {
  const { plan, embedded, subgroupSize } = facts;
  const hasWeights = Object.keys(plan.weights).length > 0;
  const trains = plan.programs.some(({ kind }) => kind === 'train');
  const stored = trains ? '{ ...parameters, ...trainingState }' : 'parameters';
  const hasState = hasWeights || trains;
  const weightsParameter = `weights: ArrayBuffer | Uint8Array${embedded ? ` = ${use('fromBase64')}(embeddedWeights)` : ''}`;
  const narrow = Object.values({ ...plan.weights, ...plan.training }).some(
    ({ dtype }) => !['f32', 'i32', 'u32', 'bool'].includes(dtype),
  );
  const lines = [
    ...(facts.needsFeatures ? [`${use('checkDevice')}(device, deviceDescriptor);`] : []),
    ...(subgroupSize === undefined ? [] : [`${use('checkSubgroups')}(device, ${subgroupSize});`]),
    ...(hasState ? [`const tensors: ${use('TensorPlans')} = ${stored};`] : []),
    ...(hasWeights
      ? [`const found = ${use('checkWeights')}(${use('readSafetensors')}(weights), tensors);`]
      : trains
        ? [
            `const found = ${use('checkWeights')}(weights === undefined ? new Map() : ${use('readSafetensors')}(weights), tensors);`,
          ]
        : []),
    `const gpu = await ${use('createGpu')}(device, buffers, kernels);`,
    ...(hasState
      ? [`${use('writeWeights')}(gpu, found, tensors${narrow ? `, ${use('narrow')}` : ''});`]
      : []),
    ...programLines(facts, use),
    ...(trains
      ? [
          `const training: ${use('Training')} = { step: ${use('savedStep')}(found.get('train/step')), rows: 0, pending: [] };`,
          `const metrics = ${use('createMetrics')}(gpu, sums, training);`,
        ]
      : []),
    'return {',
    ...methods(facts, { hasWeights, trains, narrow }, use).map((line) => `  ${line}`),
    '};',
  ];
  const parameters = [
    'device: GPUDevice',
    ...(hasWeights ? [weightsParameter] : trains ? ['weights?: ArrayBuffer | Uint8Array'] : []),
  ];
  const doc = [
    "Makes the network on a device, which stays its owner's. Throws where the device cannot run it,",
    hasWeights ? 'or the weights are not those of this network.' : 'or is lost.',
  ];
  return `/** ${doc.join(' ')} */
export async function open(${parameters.join(', ')}): Promise<Network> {
${lines.map((line) => `  ${line}`).join('\n')}
}`;
}

/** `const predict32 = prepare(gpu, predict32Plan);` */
function programLines({ plan, programName }: OpenFacts, use: (name: string) => string): string[] {
  const swapping = plan.programs.some((program) => program.plan.swaps !== undefined);
  const lines = plan.programs.map((program) => {
    const table = programName(program);
    const prepared = swapping
      ? `${use('prepareSwapping')}(gpu, ${table}, exchanged)`
      : `${use('prepare')}(gpu, ${table})`;
    const copying = program.plan.copies !== undefined;
    return `const ${runName(table)} = ${copying ? `${use('withCopies')}(gpu, ${prepared})` : prepared};`;
  });
  return [...(swapping ? [`const exchanged: ${use('Exchanged')} = new Set();`] : []), ...lines];
}

const runName = (table: string): string => table.replace(/Plan$/, '');

function methods(
  facts: OpenFacts,
  has: { readonly hasWeights: boolean; readonly trains: boolean; readonly narrow: boolean },
  use: (name: string) => string,
): string[] {
  const { plan, programName, every } = facts;
  const of = (kind: ModuleProgram['kind']) => plan.programs.filter((one) => one.kind === kind);
  const names = (programs: readonly ModuleProgram[]) =>
    programs.map((program) => runName(programName(program)));
  const rows = facts.generic ? '<Rows extends BatchSize>' : '';
  const [predicting, training] = [of('predict'), of('train')];
  const lines: string[] = [];
  if (predicting.length > 0) {
    const [inputs, results] = [takesInputs(predicting), `Outputs${facts.generic ? '<Rows>' : ''}`];
    const given = facts.generic ? 'inputs: Inputs<Rows>' : 'inputs: Inputs';
    lines.push(
      `async predict${inputs ? rows : ''}(${inputs ? given : ''}): Promise<${results}> {`,
      ...indent(
        checkLines(predicting, 'inputs', use, runName(programName(predicting[0] as ModuleProgram))),
      ),
      `  const program = ${choice(names(predicting), inputs ? 'inputs' : '{}', use)};`,
      `  return (await ${use('runPrediction')}(gpu, program, ${inputs ? `{ ...inputs }` : '{}'})) as unknown as ${results};`,
      '},',
    );
  }
  if (has.trains) {
    const inputs = takesInputs(training);
    const first = training[0] as ModuleProgram;
    const running =
      every === undefined
        ? undefined
        : `${use('programsAt')}(training.step, ${inline(every)}, [${names(training).join(', ')}])`;
    lines.push(
      `async step(${inputs ? `batch: Batch` : ''}): Promise<void> {`,
      ...indent(checkLines(training, 'batch', use, runName(programName(first)))),
      running === undefined
        ? `  const program = ${choice(names(training), inputs ? 'batch' : '{}', use)};`
        : `  const program = ${use('chooseProgram')}(${running}, ${inputs ? '{ ...batch }' : '{}'});`,
      `  await ${use('runStep')}(gpu, training, program, ${inputs ? '{ ...batch }' : '{}'});`,
      '},',
      ...(facts.hasLoss ? ["loss: async () => (await metrics())['loss'] ?? Number.NaN,"] : []),
      'metrics: async () => (await metrics()) as unknown as Metrics,',
      'save: async () =>',
      `  await ${use('saveWeights')}(gpu, tensors, { model: ${quoted(facts.model)}, steps: String(training.step) }${has.narrow ? `, ${use('widen')}` : ''}),`,
    );
  }
  if (has.hasWeights)
    lines.push(
      'async read<Name extends keyof Tensors>(name: Name): Promise<Tensors[Name]> {',
      `  return (await ${use('readOne')}(gpu, parameters, name)) as unknown as Tensors[Name];`,
      '},',
    );
  return [...lines, `close: () => ${use('closeGpu')}(gpu),`];
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

export const takesInputs = ([first]: readonly ModuleProgram[]): boolean =>
  Object.keys(first?.plan.inputs ?? {}).length > 0;

function choice(names: readonly string[], given: string, use: (name: string) => string): string {
  const [only = ''] = names;
  if (names.length === 1) return only;
  const spread = given === '{}' ? given : `{ ...${given} }`;
  return `${use('chooseProgram')}([${names.join(', ')}], ${spread})`;
}

function checkLines(
  programs: readonly ModuleProgram[],
  given: string,
  use: (name: string) => string,
  first: string,
): string[] {
  const bounded = programs.some(({ plan }) =>
    Object.values(plan.inputs).some(({ below }) => below !== undefined),
  );
  return bounded ? [`${use('checkRanges')}(${first}.plan, { ...${given} });`] : [];
}
