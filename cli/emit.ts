/** The stages of the compiler as text, each what `--emit` prints and golden tests compare. */
import type { Compiled, Stage } from '../compiler/compile.ts';
import type { KernelPlan } from '../compiler/fuse/plan-kernels.ts';
import type { Graph } from '../compiler/graph/graph.ts';
import type { Node } from '../compiler/graph/node.ts';
import { type NamedResult, printGraph } from '../compiler/graph/print.ts';
import { printSpec, tensorName } from '../compiler/kernel/print-spec.ts';
import type { Model } from '../compiler/model.ts';
import type { Result } from '../compiler/program-graph.ts';
import { programResults } from '../compiler/programs.ts';
import { printSchedule } from '../compiler/schedule/schedule.ts';
import { kernelFiles } from './kernel-files.ts';

export const emitStages = ['ast', 'graph', 'gradient', 'fused', 'kernels', 'wgsl', 'plan'] as const;
export type EmitStage = (typeof emitStages)[number];

/** What the file says, with symbolic sizes: outputs, losses, metrics, updates by hand and expectations. */
export function graphText(model: Model): string {
  const { outputs, losses, metrics, updates, expects } = model.evaluation;
  const named = [
    ...outputs,
    ...losses,
    ...metrics,
    ...updates.map(({ path, node }) => ({ name: `${path}'`, node })),
    ...expects.map(({ node }, index) => ({ name: `expect_${index}`, node })),
  ];
  return printGraph(model.graph, named);
}

/** The training step with symbolic sizes: forward, gradients and updates, before any pass. */
export const gradientText = (model: Model): string =>
  printGraph(model.graph, named(programResults(model, 'train')));

/** Results by name; the next value of `dense.W` is `dense.W'`. */
const named = (results: readonly Result[]): readonly NamedResult[] =>
  results.map(({ node, target }) => ({
    name: target.kind === 'output' ? target.name : `${String(target.input.attrs['name'])}'`,
    node,
  }));

/** Which nodes share a kernel, and what each kernel stores. */
export function fusedText(graph: Graph, stages: readonly Stage[]): string {
  return stages
    .flatMap((stage) =>
      stage.kind === 'kernels' ? [programText(graph, stage.program, stage.plan)] : [],
    )
    .join('\n');
}

function programText(graph: Graph, program: string, plan: KernelPlan): string {
  const kernels = plan.kernels.map((spec, index) => {
    const stored = spec.operands
      .filter(({ access }) => access !== 'read')
      .map(({ tensor }) => tensorName(tensor));
    const nodes = spec.nodes.map((node) => `    ${nodeText(graph, node)}`);
    return [`  ${index + 1} ${spec.kind} -> ${stored.join(', ')}`, ...nodes].join('\n');
  });
  return `${program}: ${plan.kernels.length} kernels\n${kernels.join('\n')}\n`;
}

function nodeText(graph: Graph, node: Node): string {
  const { op, type } = node;
  const [origin] = graph.originsOf(node);
  const shape = `${type.dtype}[${type.shape.join(', ')}]`;
  const from = [origin?.line, origin?.path, origin?.rule && `(${origin.rule})`].filter(Boolean);
  return `${op.name} ${shape}${from.length === 0 ? '' : `  # ${from.join(' ')}`}`;
}

/** Specs with their schedules, in the order of the plan. */
export function kernelsText({ kernels }: Compiled): string {
  return kernels
    .map(
      ({ name, spec, schedule }) =>
        `${name}: ${printSpec(spec)}\n  schedule ${printSchedule(schedule)}\n`,
    )
    .join('\n');
}

export function wgslText({ plan, kernels }: Compiled): string {
  return kernelFiles(plan, kernels)
    .map((file) => file.text)
    .join('\n');
}

export const planText = ({ plan }: Compiled): string => `${JSON.stringify(plan, null, 2)}\n`;
