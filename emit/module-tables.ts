/** The plan as constants of a module: buffers, kernels with their WGSL, programs, and where each tensor lies. */
import { commented, indented, inline, key, quoted, template } from './code.ts';
import type { ModuleKernel, ModulePlan, ModuleProgram } from './module-plan.ts';
import type { ProgramPlan, TensorPlans } from './runtime/types.ts';

/** The constants as statements, in order. `programName` gives the constant that a program is. */
export function tableStatements(
  plan: ModulePlan,
  programName: (program: ModuleProgram) => string,
): readonly string[] {
  return [
    `/** By number. */\nconst buffers: readonly BufferPlan[] = [\n${plan.buffers
      .map(({ label, ...rest }, index) => `  ${inline(rest)}, // ${index}: ${commented(label)}\n`)
      .join('')}];`,
    ...(Object.keys(plan.weights).length === 0
      ? []
      : [
          tensorTable(
            'parameters',
            'Parameters and states, by the names in a weights file.',
            plan.weights,
          ),
        ]),
    ...(Object.keys(plan.training).length === 0
      ? []
      : [
          tensorTable(
            'trainingState',
            "What training needs besides: the optimizer's slots, and the step counter.",
            plan.training,
          ),
        ]),
    ...(Object.keys(plan.sums).length === 0
      ? []
      : [tensorTable('sums', 'Sums of losses and metrics over rows.', plan.sums)]),
    ...plan.programs.map((program) => programTable(program, programName(program), plan.kernels)),
    `/** Each with the lines of the model that it comes from. */\nconst kernels: readonly KernelPlan[] = [\n${plan.kernels
      .map(kernelEntry)
      .join('')}];`,
  ];
}

function tensorTable(name: string, doc: string, tensors: TensorPlans): string {
  return `/** ${doc} */\nconst ${name}: TensorPlans = {\n${tensorEntries(tensors)}};`;
}

const tensorEntries = (tensors: TensorPlans): string =>
  Object.entries(tensors)
    .map(([name, tensor]) => `  ${key(name)}: ${inline(tensor)}${typed(name)},\n`)
    .join('');

/** What is said of a name that every object has, such as `constructor`: TypeScript would take the type of that. */
const typed = (name: string): string => (name in Object.prototype ? ' satisfies TensorPlan' : '');

function programTable(
  { name, plan }: ModuleProgram,
  constant: string,
  kernels: readonly ModuleKernel[],
): string {
  const { inputs, outputs, dispatches, copies, ...rest } = plan;
  const lines = [
    ...Object.entries(rest).map(([field, value]) => `  ${field}: ${inline(value)},\n`),
    `  inputs: ${tensorsField(inputs)},\n`,
    `  outputs: ${tensorsField(outputs)},\n`,
    `  dispatches: [\n${dispatches.map((one) => dispatchEntry(one, kernels)).join('')}  ],\n`,
    ...(copies === undefined ? [] : [`  copies: ${inline(copies)},\n`]),
  ];
  return `/** ${commented(name)} */\nconst ${constant}: ProgramPlan = {\n${lines.join('')}};`;
}

const tensorsField = (tensors: TensorPlans): string =>
  Object.keys(tensors).length === 0 ? '{}' : `{\n${indented(tensorEntries(tensors))}  }`;

function dispatchEntry(
  dispatch: ProgramPlan['dispatches'][number],
  kernels: readonly ModuleKernel[],
): string {
  const name = kernels[dispatch.kernel]?.name ?? '';
  return `    // ${commented(name)}\n    ${inline(dispatch)},\n`;
}

function kernelEntry({ name, bindings, wgsl, origin }: ModuleKernel): string {
  const lines = origin.map((line) => `    // ${commented(line)}\n`);
  return [
    '  {\n',
    ...lines,
    `    name: ${quoted(name)},\n`,
    `    bindings: ${inline(bindings)},\n`,
    `    wgsl: ${template(`${wgsl.trim()}\n`)},\n`,
    '  },\n',
  ].join('');
}
