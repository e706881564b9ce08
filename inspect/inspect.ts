/** A compiled model as what its page shows. */
import { type CompileOptions, compile } from '../compiler/compile.ts';
import type { Trace } from '../compiler/elaborate/trace.ts';
import type { KernelPlan } from '../compiler/fuse/plan-kernels.ts';
import type { Model } from '../compiler/model.ts';
import type { Source } from '../grammar/source.ts';
import type { Plan } from '../runtime/plan.ts';
import { graphOf } from './graph-of.ts';
import type { InspectedProgram, Inspection } from './inspection.ts';
import { kernelsOf } from './kernels-of.ts';
import { lineValues } from './line-values.ts';
import { memoryOf } from './memory-of.ts';
import type { Peaks } from './peaks.ts';
import { lineFinder } from './roles.ts';
import { shownNodes } from './shown-nodes.ts';

export interface InspectTask {
  readonly model: Model;
  readonly options: CompileOptions;
  /** The model's own first, then those that it imports. */
  readonly sources: readonly Source[];
  readonly traces: readonly Trace[];
  /** The device, in words. */
  readonly device: string;
}

/** What was measured on a device. */
export interface Measured {
  /** Microseconds of the dispatches, by program. */
  readonly times: ReadonlyMap<string, readonly number[]>;
  readonly peaks: Peaks;
}

export interface Inspected {
  readonly plan: Plan;
  /** With times where the plan has been run by now. */
  inspection(measured?: Measured): Inspection;
}

/** Compiles the model, and puts together what is known of it. Throws what `compile` throws. */
export function inspect({ model, options, sources, traces, device }: InspectTask): Inspected {
  const kernelPlans: KernelPlan[] = [];
  const { plan, placed, kernels, memory } = compile(model, {
    ...options,
    onStage(stage) {
      if (stage.kind === 'kernels') kernelPlans.push(stage.plan);
    },
  });
  const { graph } = model;
  const lineOf = lineFinder(graph, sources);
  const inspectProgram = (i: number, measured: Measured | undefined): InspectedProgram[] => {
    const program = plan.programs[i];
    const kernelPlan = kernelPlans[i];
    if (program === undefined || kernelPlan === undefined) return [];
    const own = placed[i] ?? [];
    const shown = shownNodes(kernelPlan.results.map((result) => result.node));
    const { buffers, regionOf } = memoryOf(graph, plan, own, lineOf);
    const inspected = kernelsOf({
      graph,
      plan,
      program,
      placed: own,
      scheduled: kernels,
      fusion: kernelPlan.explain(),
      numberOf: shown.numberOf,
      lineOf,
      regionOf,
      times: measured?.times.get(program.name),
      peaks: measured?.peaks,
    });
    const drawn = graphOf(graph, shown, own, lineOf);
    const live = memory[i]?.live ?? [];
    return [{ name: program.name, ...drawn, kernels: inspected, buffers, live }];
  };
  return {
    plan,
    inspection: (measured) => ({
      model: model.name,
      device,
      sources: sources.map((source) => ({
        name: source.name,
        lines: source.text.replace(/\n$/, '').split('\n'),
        values: lineValues(source, traces),
      })),
      texts: plan.kernels.map((kernel) => kernel.wgsl.trimEnd()),
      programs: plan.programs.flatMap((_, i) => inspectProgram(i, measured)),
    }),
  };
}
