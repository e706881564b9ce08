/** A program: its dispatches, with what they bind, in one pass. */
import { at, type Gpu } from './gpu.ts';
import type { DispatchPlan, ProgramPlan } from './types.ts';

export interface Program {
  readonly plan: ProgramPlan;
  /** Adds one run to what the device will do. */
  encode(encoder: GPUCommandEncoder): void;
}

export function prepare(gpu: Gpu, plan: ProgramPlan): Program {
  const groups = plan.dispatches.map((dispatch) => bindGroup(gpu, dispatch));
  return { plan, encode: (encoder) => encodePass(gpu, plan, groups, encoder) };
}

export function bindGroup(gpu: Gpu, { kernel, binds }: DispatchPlan): GPUBindGroup {
  return gpu.device.createBindGroup({
    layout: at(gpu.pipelines, kernel).getBindGroupLayout(0),
    entries: binds.map(([buffer, offset, size], binding) => ({
      binding,
      resource: { buffer: at(gpu.buffers, buffer), offset, size },
    })),
  });
}

export function encodePass(
  gpu: Gpu,
  plan: ProgramPlan,
  groups: readonly GPUBindGroup[],
  encoder: GPUCommandEncoder,
): void {
  const pass = encoder.beginComputePass();
  for (const [index, { kernel, grid }] of plan.dispatches.entries()) {
    pass.setPipeline(at(gpu.pipelines, kernel));
    pass.setBindGroup(0, at(groups, index));
    pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
  }
  pass.end();
}
