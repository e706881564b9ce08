/** `nnc compile --target module`: a compiled plan as one file of TypeScript, or of JavaScript with its types, that imports nothing. */

import type { Model } from '../compiler/model.ts';
import type { ScheduledKernel } from '../compiler/plan/plan-builder.ts';
import { LOSS } from '../compiler/programs.ts';
import type { Plan } from '../runtime/plan.ts';
import { assembleModule, type ScriptText, toScript } from './assemble.ts';
import { commented, inline, quoted } from './code.ts';
import { deviceNeeds } from './device-needs.ts';
import { moduleHeader } from './module-header.ts';
import { openStatement, takesInputs } from './module-open.ts';
import {
  type ModulePlan,
  type ModuleProgram,
  modulePlan,
  type SizedChoice,
} from './module-plan.ts';
import { tableStatements } from './module-tables.ts';
import {
  metricProperties,
  programProperties,
  rowsOf,
  TENSOR_TYPES,
  type TypedProperty,
  tensorProperties,
  union,
} from './module-types.ts';

export interface ModuleSource {
  /** As `inferenceModel` makes it, unless it is to be trained. */
  readonly model: Model;
  readonly plan: Plan;
  readonly kernels: readonly ScheduledKernel[];
  /** What the plan was compiled for, in its order. */
  readonly choices: readonly SizedChoice[];
  readonly train: boolean;
  /** For the header: the model's file, the module's own name, and who wrote it. */
  readonly file: string;
  readonly output: string;
  readonly version: string;
  /** The bytes of a weights file that become part of the module. */
  readonly embedded?: Uint8Array | undefined;
}

/** The same bytes for the same source. */
export async function writeModule(source: ModuleSource): Promise<string> {
  const { model, choices, train } = source;
  const plan = withPlainOrigins(modulePlan(model, source.plan, choices, train), source.file);
  const used = new Set<string>(['BufferPlan', 'KernelPlan', 'ProgramPlan', 'TensorPlans']);
  const use = (name: string): string => {
    used.add(name);
    return name;
  };
  const needs = deviceNeeds(source.plan, source.kernels);
  const { subgroupSize } = source.plan.requires;
  const predicting = plan.programs.filter(({ kind }) => kind === 'predict');
  const training = plan.programs.filter(({ kind }) => kind === 'train');
  const generic = rowsOf(predicting).length > 1 && takesInputs(predicting);
  const facts = {
    model: model.name,
    plan,
    programName: programNames(plan.programs),
    every: sectionPeriods(model),
    embedded: source.embedded !== undefined,
    needsFeatures: needs.requiredFeatures.length + Object.keys(needs.requiredLimits).length > 0,
    subgroupSize,
    generic,
    hasLoss: Object.hasOwn(plan.sums, LOSS),
  };
  const open = openStatement(facts, use);
  const statements = [
    `/** What to ask of an adapter: \`adapter.requestDevice(deviceDescriptor)\`. */
export const deviceDescriptor: GPUDeviceDescriptor = ${inline(needs)};`,
    ...TENSOR_TYPES,
    ...typeStatements(plan, { predicting, training, generic, hasLoss: facts.hasLoss }),
    open,
    ...(source.embedded === undefined
      ? []
      : [
          `/** A safetensors file. */\nconst embeddedWeights: string =\n  ${quoted(base64(source.embedded))};`,
        ]),
    ...tableStatements(plan, facts.programName),
  ];
  const header = moduleHeader({ ...source, plan, ...needs, subgroupSize });
  return await assembleModule({ header, statements, used });
}

/** As JavaScript with its types. */
export async function writeScript(source: ModuleSource): Promise<ScriptText> {
  return await toScript(await writeModule(source));
}

/** Lines of the model by the name of its file alone: the folder it lies in is nobody else's business. */
function withPlainOrigins(plan: ModulePlan, file: string): ModulePlan {
  const folder = file.replace(/[^/\\]*$/, '');
  const plain = (line: string): string =>
    folder !== '' && line.startsWith(folder)
      ? line.slice(folder.length)
      : line.replace(/^\S*[/\\](?=[^/\\\s]+:\d)/, '');
  const kernels = plan.kernels.map((one) => ({ ...one, origin: one.origin.map(plain) }));
  return { ...plan, kernels };
}

/** `predict32Plan`: the constant of each program. */
function programNames(programs: readonly ModuleProgram[]): (program: ModuleProgram) => string {
  const names = new Map<ModuleProgram, string>();
  const taken = new Set<string>();
  for (const program of programs) {
    const words = program.name.replaceAll('@', '').replaceAll(/[^A-Za-z0-9]+/g, '_');
    let name = `${words}Plan`;
    for (let number = 2; taken.has(name); number += 1) name = `${words}_${number}Plan`;
    taken.add(name);
    names.set(program, name);
  }
  return (program) => names.get(program) ?? '';
}

function sectionPeriods(model: Model): Readonly<Record<string, number>> | undefined {
  const sections = model.optimization?.sections ?? [];
  if (sections.length < 2) return undefined;
  return Object.fromEntries(sections.map(({ name = '', every }) => [name, every]));
}

interface TypeFacts {
  readonly predicting: readonly ModuleProgram[];
  readonly training: readonly ModuleProgram[];
  readonly generic: boolean;
  readonly hasLoss: boolean;
}

function typeStatements(
  plan: ModulePlan,
  { predicting, training, generic, hasLoss }: TypeFacts,
): readonly string[] {
  const rows = generic ? '<Rows extends BatchSize = BatchSize>' : '';
  const statements: string[] = [];
  const batchRows = [...new Set([...rowsOf(predicting), ...rowsOf(training)])];
  const needsRows = generic || (rowsOf(training).length > 1 && takesInputs(training));
  if (needsRows)
    statements.push(
      `/** Rows that a call may have. */\nexport type BatchSize = ${union(batchRows)};`,
    );
  if (takesInputs(predicting))
    statements.push(
      interfaceText(`Inputs${rows}`, 'Of `predict`.', programProperties(predicting, 'inputs')),
    );
  if (predicting.length > 0)
    statements.push(
      interfaceText(`Outputs${rows}`, 'Of `predict`.', programProperties(predicting, 'outputs')),
    );
  if (takesInputs(training))
    statements.push(
      interfaceText(
        `Batch${rowsOf(training).length > 1 ? '<Rows extends BatchSize = BatchSize>' : ''}`,
        'Of `step`.',
        programProperties(training, 'inputs'),
      ),
    );
  if (training.length > 0)
    statements.push(
      interfaceText(
        'Metrics',
        'Means over rows, before the update of each step.',
        metricProperties(plan),
      ),
    );
  const tensors = tensorProperties(plan.weights);
  if (tensors.length > 0)
    statements.push(interfaceText('Tensors', 'Parameters and states.', tensors));
  return [
    ...statements,
    networkText({ predicting, training, generic, hasLoss }, tensors.length > 0),
  ];
}

function interfaceText(name: string, doc: string, properties: readonly TypedProperty[]): string {
  const lines = properties.flatMap((one) => [
    ...(one.doc === '' ? [] : [`  /** ${commented(one.doc)} */`]),
    `  readonly ${one.name}: ${one.type};`,
  ]);
  return `/** ${doc} */\nexport interface ${name} {\n${lines.join('\n')}\n}`;
}

function networkText(
  { predicting, training, generic, hasLoss }: TypeFacts,
  hasTensors: boolean,
): string {
  const members: string[] = [];
  if (predicting.length > 0) {
    const call = !takesInputs(predicting)
      ? '(): Promise<Outputs>'
      : generic
        ? '<Rows extends BatchSize>(inputs: Inputs<Rows>): Promise<Outputs<Rows>>'
        : '(inputs: Inputs): Promise<Outputs>';
    members.push(`/** The outputs for these inputs. Calls may overlap. */\npredict${call};`);
  }
  if (training.length > 0) {
    members.push(
      `/** One training step. The promise resolves when the next step may follow, not when this one is done: await it before that. */
step(${takesInputs(training) ? 'batch: Batch' : ''}): Promise<void>;`,
    );
    if (hasLoss) members.push('/** `metrics().loss`. */\nloss(): Promise<number>;');
    members.push(
      `/** Means over all rows since they were asked last; without a step between, what was told then. Waits for the device. */
metrics(): Promise<Metrics>;`,
      `/** All of it as a safetensors file, from which \`open\` goes on with the next step. Waits for the device. */
save(): Promise<Uint8Array<ArrayBuffer>>;`,
    );
  }
  if (hasTensors)
    members.push(
      '/** A parameter or state as it is now. */\nread<Name extends keyof Tensors>(name: Name): Promise<Tensors[Name]>;',
    );
  members.push("/** Gives the network's memory back. The device stays open. */\nclose(): void;");
  const body = members.join('\n').replaceAll(/^/gm, '  ');
  return `export interface Network {\n${body}\n}`;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Without `btoa`, which takes a string. */
function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const word = (a << 16) | (b << 8) | c;
    const four = [18, 12, 6, 0].map((shift) => letters[(word >> shift) & 63]).join('');
    const missing = Math.max(0, at + 3 - bytes.length);
    pieces.push(four.slice(0, 4 - missing) + '='.repeat(missing));
  }
  return pieces.join('');
}
