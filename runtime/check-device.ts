/** What a plan needs against what a device offers, told by the names of tensors and kernels. Before anything is created. */
import type { Plan, PlanBuffer } from './plan.ts';

/** The part of a GPUDevice (or GPUAdapter) that the check reads. */
export interface DeviceOffer {
  readonly features: Pick<GPUSupportedFeatures, 'has'>;
  readonly limits: GPUSupportedLimits;
  readonly adapterInfo?: Pick<GPUAdapterInfo, 'subgroupMinSize' | 'subgroupMaxSize'>;
}

/** One sentence for each thing that the plan needs and the device lacks; empty when it can run. */
export function checkDevice(plan: Plan, device: DeviceOffer): readonly string[] {
  return [
    ...checkRequirements(plan, device),
    ...checkBuffers(plan, device.limits),
    ...checkKernels(plan, device.limits),
    ...checkDispatches(plan, device.limits),
  ];
}

function* checkRequirements(plan: Plan, device: DeviceOffer): Iterable<string> {
  for (const feature of plan.requires.features) {
    if (!device.features.has(feature)) yield `it needs the feature \`${feature}\``;
  }
  const { subgroupSize } = plan.requires;
  const { subgroupMinSize: least, subgroupMaxSize: most } = device.adapterInfo ?? {};
  if (subgroupSize !== undefined && (least !== subgroupSize || most !== subgroupSize)) {
    yield `it was compiled for subgroups of ${subgroupSize} invocations; the device has ${least === undefined ? 'none of a known size' : `${least} to ${most}`}`;
  }
  const limits = device.limits as unknown as Readonly<Record<string, number | undefined>>;
  for (const [limit, needed] of Object.entries(plan.requires.limits)) {
    const offered = limits[limit];
    if (offered === undefined) {
      yield `it needs the limit ${limit} = ${needed}, which the device does not know`;
    } else if (limit.startsWith('min') ? offered > needed : offered < needed) {
      yield `it needs ${limit} = ${needed}; the device has ${offered}`;
    }
  }
}

/** `dense.W` (and 2 more): who lies in the buffer, for a reader who knows the model and not the plan. */
function contents(plan: Plan, buffer: PlanBuffer): string {
  const names = plan.tensors.filter((one) => one.buffer === buffer.id).map((one) => one.name);
  const [first] = names;
  if (first === undefined) return `buffer \`${buffer.label}\``;
  const more = names.length > 1 ? ` (and ${names.length - 1} more)` : '';
  return `tensor \`${first}\`${more}`;
}

function* checkBuffers(plan: Plan, limits: GPUSupportedLimits): Iterable<string> {
  for (const buffer of plan.buffers) {
    if (buffer.bytes > limits.maxBufferSize) {
      yield `${contents(plan, buffer)} takes ${buffer.bytes} bytes; maxBufferSize is ${limits.maxBufferSize}`;
    }
  }
}

function* checkKernels(plan: Plan, limits: GPUSupportedLimits): Iterable<string> {
  for (const kernel of plan.kernels) {
    const uniforms = kernel.bindings.filter((one) => one.access === 'uniform').length;
    const counts = [
      ['maxStorageBuffersPerShaderStage', kernel.bindings.length - uniforms, 'storage buffers'],
      ['maxUniformBuffersPerShaderStage', uniforms, 'uniform buffers'],
      ['maxBindingsPerBindGroup', kernel.bindings.length, 'buffers'],
    ] as const;
    for (const [limit, count, what] of counts) {
      if (count > limits[limit]) {
        yield `kernel ${kernel.name} binds ${count} ${what}; ${limit} is ${limits[limit]}`;
      }
    }
  }
}

function* checkDispatches(plan: Plan, limits: GPUSupportedLimits): Iterable<string> {
  const kernels = new Map(plan.kernels.map((kernel) => [kernel.id, kernel]));
  const buffers = new Map(plan.buffers.map((buffer) => [buffer.id, buffer]));
  const told = new Set<string>();
  for (const { kernel: id, binds, grid } of plan.programs.flatMap((one) => one.dispatches)) {
    const kernel = kernels.get(id);
    if (kernel === undefined) continue;
    const widest = Math.max(...grid);
    if (widest > limits.maxComputeWorkgroupsPerDimension) {
      yield `kernel ${kernel.name} runs ${widest} workgroups in one dimension; maxComputeWorkgroupsPerDimension is ${limits.maxComputeWorkgroupsPerDimension}`;
    }
    for (const [index, bind] of binds.entries()) {
      const uniform = kernel.bindings[index]?.access === 'uniform';
      const limit = uniform ? 'maxUniformBufferBindingSize' : 'maxStorageBufferBindingSize';
      const buffer = buffers.get(bind.buffer);
      if (buffer === undefined || bind.bytes <= limits[limit]) continue;
      const problem = `kernel ${kernel.name} binds ${bind.bytes} bytes of ${contents(plan, buffer)}; ${limit} is ${limits[limit]}`;
      if (!told.has(problem)) yield problem;
      told.add(problem);
    }
  }
}
