/**
 * The pipeline, top to bottom: a model's programs are bound to sizes, simplified, cut into kernels,
 * scheduled, printed as WGSL, and put into one plan over shared parameters.
 */
import type { Plan } from '../runtime/plan.ts';
import { type KernelPlan, planKernels } from './fuse/plan-kernels.ts';
import type { Node } from './graph/node.ts';
import { InternalError } from './internal-error.ts';
import type { Model, ModelTensor } from './model.ts';
import { PlanBuilder, type ScheduledKernel } from './plan/plan-builder.ts';
import type { ProgramGraph, Result } from './program-graph.ts';
import { metricNames, type ProgramKind, programResults, STEP } from './programs.ts';
import { bindSizes } from './rewrite/bind.ts';
import { graphPasses, runPasses } from './rewrite/passes.ts';
import type { DeviceProfile } from './schedule/device.ts';

export interface CompileOptions {
  readonly device: DeviceProfile;
  readonly programs: readonly {
    readonly kind: ProgramKind;
    readonly dims: Readonly<Record<string, number>>;
  }[];
  /** Passes and rules to leave out, by name; `fuse` is one of them. */
  readonly off?: ReadonlySet<string>;
  /** Sees every stage of every program. */
  onStage?(stage: Stage): void;
}

export type Stage =
  | {
      readonly kind: 'graph';
      readonly program: string;
      readonly pass: string;
      readonly results: readonly Result[];
    }
  | { readonly kind: 'kernels'; readonly program: string; readonly plan: KernelPlan };

export interface Compiled {
  readonly plan: Plan;
  /** Every kernel with its spec and schedule, by the plan's kernel id. */
  readonly kernels: readonly ScheduledKernel[];
}

/** Names that `off` understands, in order. */
export const passNames: readonly string[] = [...graphPasses.map((p) => p.name), 'fuse'];

/** `train@128`; with several sizes `predict@batch=8,t=64`. */
export function programName(kind: ProgramKind, dims: Readonly<Record<string, number>>): string {
  const entries = Object.entries(dims);
  const [only] = entries;
  if (only === undefined) return kind;
  return entries.length === 1
    ? `${kind}@${only[1]}`
    : `${kind}@${entries.map(([n, v]) => `${n}=${v}`).join()}`;
}

/** Compiles a model for a device. Throws CapacityError where a tensor does not fit it. */
export function compile(model: Model, options: CompileOptions): Compiled {
  const builder = new PlanBuilder(options.device);
  declareState(builder, model);
  for (const { kind, dims } of options.programs) {
    const program = bindProgram(model, kind, dims, options);
    const plan = planKernels(program, {
      fuse: !options.off?.has('fuse'),
      maxBindings: options.device.maxBindings,
    });
    options.onStage?.({ kind: 'kernels', program: program.name, plan });
    builder.program(plan, { name: program.name, kind, dims, graph: model.graph });
  }
  return { plan: builder.finish(model.name), kernels: builder.scheduled };
}

/** A program's graph with numbers for sizes, after all passes. */
export function bindProgram(
  model: Model,
  kind: ProgramKind,
  dims: Readonly<Record<string, number>>,
  options: Pick<CompileOptions, 'off' | 'onStage'> = {},
): ProgramGraph {
  const { graph } = model;
  const name = programName(kind, dims);
  const symbolic = programResults(model, kind);
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

function declareState(builder: PlanBuilder, model: Model): void {
  const declare = (tensors: readonly ModelTensor[], role: 'param' | 'state'): void => {
    for (const t of tensors)
      builder.state(t.path, role, t.node.type.dtype, t.node.type.shape.map(Number));
  };
  declare(model.params, 'param');
  declare(model.states, 'state');
  declare(model.optimization?.slots ?? [], 'state');
  builder.state(STEP, 'counter', 'f32', []);
  for (const kind of ['train', 'eval'] as const)
    for (const name of metricNames(model, kind)) builder.state(name, 'metric', 'f32', []);
}
