/**
 * Every stage of the compiler as text: what `nnc compile --emit` prints and the golden prints compare.
 * The graphs among them read back with `parseGraph`.
 */
import type { File } from '../grammar/ast.ts';
import { printAst } from '../grammar/print-ast.ts';
import { type Compiled, type CompileOptions, compile } from './compile.ts';
import type { KernelPlan } from './fuse/plan-kernels.ts';
import type { Graph } from './graph/graph.ts';
import { type NamedResult, printGraph } from './graph/print.ts';
import { reachable } from './graph/walk.ts';
import { printSpec } from './kernel/print-spec.ts';
import type { KernelSpec } from './kernel/spec.ts';
import type { Elaboration, Model } from './model.ts';
import { kernelFiles } from './plan/kernel-files.ts';
import { printPlan } from './plan/print-plan.ts';
import type { Result } from './program-graph.ts';
import { programResults } from './programs.ts';
import type { DeviceProfile } from './schedule/device.ts';
import { printRanking } from './schedule/print-ranking.ts';
import { printSchedule } from './schedule/schedule.ts';

/** In the order of the data flow. */
export const stageNames = [
  'ast',
  'graph',
  'gradient',
  'fused',
  'fusion',
  'kernels',
  'schedules',
  'wgsl',
  'plan',
] as const;
export type StageName = (typeof stageNames)[number];

export interface StageSource {
  readonly file: File;
  readonly model: Model;
  readonly options: CompileOptions;
}

/**
 * A function that prints stages; it compiles at most once. A stage that the model does not have (the
 * gradient where nothing is trained) prints as nothing.
 */
export function stagePrinter({ file, model, options }: StageSource): (stage: StageName) => string {
  let compilation: Compilation | undefined;
  const compiled = (): Compilation => {
    compilation ??= compileWatched(model, options);
    return compilation;
  };
  return (stage) => {
    switch (stage) {
      case 'ast':
        return printAst(file);
      case 'graph':
        return printForward(model);
      case 'gradient':
        return printGradient(model);
      case 'fused':
        return printFused(model.graph, compiled());
      case 'fusion':
        return printFusion(compiled());
      case 'kernels':
        return printKernels(compiled());
      case 'schedules':
        return printSchedules(compiled(), options.device);
      case 'wgsl':
        return printWgsl(compiled());
      case 'plan':
        return printPlan(compiled().plan);
      default:
        return stage satisfies never;
    }
  };
}

const printWgsl = ({ plan, kernels }: Compilation): string =>
  kernelFiles(plan, kernels)
    .map((file) => file.text)
    .join('\n');

interface Compilation extends Compiled {
  /** The kernel plan of each program, in the plan's order. */
  readonly programs: readonly KernelPlan[];
}

function compileWatched(model: Model, options: CompileOptions): Compilation {
  const programs: KernelPlan[] = [];
  const compiled = compile(model, {
    ...options,
    onStage(stage) {
      if (stage.kind === 'kernels') programs.push(stage.plan);
      options.onStage?.(stage);
    },
  });
  return { ...compiled, programs };
}

/** What the file says, over symbolic sizes; twice where `training` makes a difference. */
function printForward({ graph, training, evaluation }: Model): string {
  const [first, second] = [forwardResults(training), forwardResults(evaluation)];
  const same = first.length === second.length && first.every((r, i) => r.node === second[i]?.node);
  if (same) return printGraph(graph, first);
  return `# training\n${printGraph(graph, first)}\n# evaluation\n${printGraph(graph, second)}`;
}

export const forwardResults = (e: Elaboration): NamedResult[] => [
  ...e.outputs,
  ...e.losses,
  ...e.metrics,
  ...e.updates.map(({ path, node }) => ({ name: path, node })),
  ...e.expects.map(({ node }, i) => ({ name: `expect.${i}`, node })),
];

/** A whole training step: sums of loss and metrics, next values of parameters and slots. */
function printGradient(model: Model): string {
  const trained = model.optimization !== undefined || model.training.updates.length > 0;
  return trained ? printGraph(model.graph, namedResults(programResults(model, 'train'))) : '';
}

/** Results by the name of the output, or of the tensor that they replace. */
export const namedResults = (results: readonly Result[]): NamedResult[] =>
  results.map(({ node, target }) => ({
    name: target.kind === 'output' ? target.name : String(target.input.attrs['name']),
    node,
  }));

/** Each program after all passes, and as comments which kernel computes which nodes. */
function printFused(graph: Graph, { plan, programs }: Compilation): string {
  const sections = programs.map((kernelPlan, i) => {
    const program = plan.programs[i];
    const results = namedResults(kernelPlan.results);
    const nodes = reachable(results.map((r) => r.node));
    const number = new Map(nodes.map((node, n) => [node, `%${n}`]));
    const kernels = kernelPlan.kernels.map((spec, k) => {
      const id = program?.dispatches[k]?.kernel;
      const name = plan.kernels.find((one) => one.id === id)?.name ?? '';
      const list = spec.nodes.map((node) => number.get(node) ?? node.op.name);
      return `# ${name}: ${list.join(' ')} -> ${storedNodes(spec, number).join(' ')}`;
    });
    return [`# ${program?.name ?? ''}`, printGraph(graph, results) + kernels.join('\n'), ''];
  });
  return sections.map((lines) => lines.join('\n')).join('\n');
}

/** Which ops went into which kernel, what that saves, and why kernels that depend on each other are not one. */
function printFusion({ plan, programs }: Compilation): string {
  const sections = programs.map((kernelPlan, i) => {
    const program = plan.programs[i];
    const table = kernelPlan.explain();
    const number = (dispatch: number, part: number): string => {
      const id = program?.dispatches[dispatch]?.kernel ?? 0;
      const beside = (table[dispatch]?.length ?? 1) > 1;
      return `k${String(id).padStart(2, '0')}${beside ? `.${part}` : ''}`;
    };
    const lines = table.flatMap((rows, dispatch) =>
      rows.flatMap(({ nodes, saved, apart }, part) => [
        `${number(dispatch, part)}  ${nodes.map((n) => n.op.name).join(' ')}`,
        ...(nodes.length > 1
          ? [`  saves ${saved.bytes} bytes, ${saved.microseconds.toPrecision(3)} us a step`]
          : []),
        ...apart.map((a) => `  apart from ${number(a.dispatch, a.part)}: ${a.reason}`),
      ]),
    );
    return [`# ${program?.name ?? ''}: ${table.length} dispatches`, ...lines, ''];
  });
  return sections.map((lines) => lines.join('\n')).join('\n');
}

const storedNodes = (spec: KernelSpec, number: ReadonlyMap<unknown, string>): string[] =>
  spec.stores.map((store) => {
    const node = spec.operands[store.operand]?.tensor.node;
    return number.get(node) ?? String(node?.attrs['name'] ?? '');
  });

const printSchedules = ({ kernels }: Compilation, device: DeviceProfile): string =>
  kernels
    .map(({ name, spec, schedule }) => `${printRanking(name, spec, schedule, device)}\n`)
    .join('\n');

const printKernels = ({ kernels }: Compilation): string =>
  kernels
    .map(({ name, spec, schedule }) => {
      const lines = [printSchedule(schedule), ...printSpec(spec).split('\n')];
      return [name, ...lines.map((line) => `  ${line}`), ''].join('\n');
    })
    .join('\n');
