/**
 * The pipeline, top to bottom: a model's programs are bound to sizes, simplified, cut into kernels,
 * scheduled, printed as WGSL, and put into one plan over shared parameters.
 */
import type { Plan } from '../runtime/plan.ts';
import { type KernelPlan, planKernels } from './fuse/plan-kernels.ts';
import type { Node } from './graph/node.ts';
import { InternalError } from './internal-error.ts';
import { orderKernels } from './memory/order-kernels.ts';
import { withinBudget } from './memory/within-budget.ts';
import type { Model, ModelTensor } from './model.ts';
import { storageOf, textOf } from './ops/leaf.ts';
import { type PlacedKernel, PlanBuilder, type ScheduledKernel } from './plan/plan-builder.ts';
import type { ProgramMemory } from './plan/program-memory.ts';
import { type ProgramChoice, programName } from './program-choice.ts';
import type { ProgramGraph, Result } from './program-graph.ts';
import { metricNames, programResults, STEP } from './programs.ts';
import { bindSizes } from './rewrite/bind.ts';
import { graphPasses, runPasses } from './rewrite/passes.ts';
import { type ChosenSchedules, chooseOnce } from './schedule/choose-schedule.ts';
import type { DeviceProfile } from './schedule/device.ts';
import type { Measure } from './schedule/measure.ts';
import { overridesFrom, type ScheduleSettings } from './schedule/schedule-settings.ts';
import { splitDepths } from './schedule/split-depth.ts';

export { type ProgramChoice, programName, withSections } from './program-choice.ts';

/** For which device and sizes to compile, and what to do otherwise than by itself. */
export interface CompileOptions {
  readonly device: DeviceProfile;
  readonly programs: readonly ProgramChoice[];
  /** Schedules by hand, by kernel. */
  readonly schedules?: ScheduleSettings;
  /** Times that a tuner measured; they beat estimates. */
  readonly measure?: Measure;
  /** What was chosen in earlier compilations for the same device and times; what this one chooses is added. */
  readonly chosen?: ChosenSchedules;
  /** Passes and rules to leave out, by name; `fuse` is one of them. */
  readonly off?: ReadonlySet<string>;
  /** Bytes that all buffers of the plan may take. Where it takes more, kernels are left apart until it does not, as far as that helps. */
  readonly budget?: number;
  /** Sees every stage of every program. */
  onStage?(stage: Stage): void;
}

/** What `onStage` sees: the graph after a pass, or the kernels that it was cut into. */
export type Stage =
  | {
      readonly kind: 'graph';
      readonly program: string;
      readonly pass: string;
      readonly results: readonly Result[];
    }
  | { readonly kind: 'kernels'; readonly program: string; readonly plan: KernelPlan };

/** A plan, and what it was made of. */
export interface Compiled {
  readonly plan: Plan;
  /** Every kernel with its spec and schedule, by the plan's kernel id. */
  readonly kernels: readonly ScheduledKernel[];
  /** The kernels of each program, in order, with the places of their operands. */
  readonly placed: readonly (readonly PlacedKernel[])[];
  /** What each program needs besides what outlives it. */
  readonly memory: readonly ProgramMemory[];
}

/** Names that `off` understands, in order. */
export const passNames: readonly string[] = [
  ...graphPasses.map((p) => p.name),
  'fuse',
  'side-by-side',
];

/**
 * Compiles a model for a device. Throws CapacityError where a tensor does not fit it, ScheduleError where a schedule
 * by hand is not legal.
 */
export function compile(model: Model, options: CompileOptions): Compiled {
  const programs = options.programs.map((choice) => bindProgram(model, choice, options));
  const { plans, ...compiled } = withinBudget(options.budget, (mostLive) =>
    attempt(model, programs, options, mostLive),
  );
  programs.forEach(({ name }, i) => {
    const plan = plans[i];
    if (plan !== undefined) options.onStage?.({ kind: 'kernels', program: name, plan });
  });
  return compiled;
}

function attempt(
  model: Model,
  programs: readonly ProgramGraph[],
  options: CompileOptions,
  mostLive: number | undefined,
): Compiled & { readonly plans: readonly KernelPlan[] } {
  const { builder, plans } = planPrograms(model, programs, options, mostLive);
  programs.forEach(({ name }, i) => {
    const [plan, choice] = [plans[i], options.programs[i]];
    if (plan === undefined || choice === undefined) return;
    builder.program(plan, { name, kind: choice.kind, dims: choice.dims, graph: model.graph });
  });
  const plan = builder.finish(model.name);
  const { scheduled: kernels, placed, memory } = builder;
  return { plan, plans, kernels, placed, memory };
}

/**
 * The kernels of every program, over one set of states. Which states change places with a twin, and so lie
 * alone, shows when kernels are made, which count what they bind: then they are made again.
 */
function planPrograms(
  model: Model,
  programs: readonly ProgramGraph[],
  { device, off, schedules = new Map(), measure, chosen }: CompileOptions,
  mostLive: number | undefined,
): { builder: PlanBuilder; plans: readonly KernelPlan[] } {
  const swapped = new Set<string>();
  const choose = chooseOnce(measure, chosen);
  for (;;) {
    const builder = new PlanBuilder(device, choose, overridesFrom(schedules, device));
    declareState(builder, model, swapped);
    const { sharedBuffer } = builder;
    const { maxBindings, class: deviceClass } = device;
    const fusion = {
      fuse: !off?.has('fuse'),
      sideBySide: !off?.has('side-by-side'),
      maxBindings,
      sharedBuffer,
      deviceClass,
      ...(mostLive === undefined ? {} : { mostLive }),
    };
    const plans = programs.map((program) => splitDepths(planKernels(program, fusion), device));
    const before = swapped.size;
    for (const { state } of plans.flatMap((plan) => plan.swaps))
      swapped.add(textOf(state.node.attrs['name']));
    if (swapped.size === before) return { builder, plans: plans.map(orderKernels) };
  }
}

/** A program's graph with numbers for sizes, after all passes. */
export function bindProgram(
  model: Model,
  { kind, dims, sections }: ProgramChoice,
  options: Pick<CompileOptions, 'off' | 'onStage'> = {},
): ProgramGraph {
  const { graph } = model;
  const name = programName(kind, dims, sections);
  const symbolic = programResults(model, kind, sections);
  const show = (pass: string, nodes: readonly Node[]): void =>
    options.onStage?.({ kind: 'graph', program: name, pass, results: withNodes(symbolic, nodes) });
  show(
    'elaborate',
    symbolic.map((r) => r.node),
  );
  const bound = bindSizes(
    graph,
    symbolic.map((r) => r.node),
    dims,
  );
  show('bind', bound);
  const nodes = runPasses(graph, bound, {
    ...(options.off ? { off: options.off } : {}),
    onPass: show,
  });
  return { graph, name, results: withNodes(symbolic, nodes) };
}

function withNodes(results: readonly Result[], nodes: readonly Node[]): Result[] {
  return results.map((r, i) => {
    const node = nodes[i];
    if (node === undefined) throw new InternalError('compile', 'a pass lost a result');
    return { node, target: r.target };
  });
}

function declareState(builder: PlanBuilder, model: Model, swapped: ReadonlySet<string>): void {
  const declare = (tensors: readonly ModelTensor[], role: 'param' | 'state'): void => {
    for (const { path, node } of tensors) {
      const shape = node.type.shape.map(Number);
      builder.state(path, role, storageOf(node), shape, swapped.has(path));
    }
  };
  declare(model.params, 'param');
  declare(model.states, 'state');
  declare(model.optimization?.slots ?? [], 'state');
  builder.state(STEP, 'counter', 'f32', [], swapped.has(STEP));
  for (const kind of ['train', 'eval'] as const)
    for (const name of metricNames(model, kind))
      builder.state(name, 'metric', 'f32', [], swapped.has(name));
}
