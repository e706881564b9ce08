/**
 * The compute pipelines of a plan. All are compiled at the same time; kernels with the same text
 * share one, and bind group layouts are explicit and shared, so that bind groups are too.
 */
import type { DeviceGuard } from './device-guard.ts';
import { KernelError } from './errors.ts';
import type { Plan, PlanKernel } from './plan.ts';

export interface Kernel {
  readonly plan: PlanKernel;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** Equal for kernels that share the layout. */
  readonly layoutKey: string;
}

/** What was compiled for a device, so that plans with kernels in common compile them once. */
export interface Pipelines {
  readonly layouts: Map<string, Layout>;
  readonly pipelines: Map<string, Promise<GPUComputePipeline>>;
}

export const createPipelines = (): Pipelines => ({ layouts: new Map(), pipelines: new Map() });

/**
 * Compiles every kernel of the plan that `known` does not have, and keeps it there; rejects with a KernelError for the first
 * one that fails. `onPipeline` is told how many of the different ones are ready.
 */
export async function createKernels(
  device: GPUDevice,
  plan: Plan,
  guard: DeviceGuard,
  known: Pipelines,
  onPipeline?: (ready: number, all: number) => void,
): Promise<ReadonlyMap<number, Kernel>> {
  const { layouts, pipelines } = known;
  let ready = 0;
  let missing = 0;
  const compiled = plan.kernels.map(async (kernel): Promise<[number, Kernel]> => {
    const layoutKey = keyOf(kernel);
    const layout = shared(layouts, layoutKey, () => createLayout(device, kernel));
    const key = `${layoutKey}|${kernel.entry}|${kernel.wgsl}`;
    const pipeline = await shared(pipelines, key, async () => {
      missing += 1;
      const made = await compile(device, kernel, layout.pipeline).catch((error: unknown) => {
        pipelines.delete(key);
        throw error;
      });
      ready += 1;
      onPipeline?.(ready, missing);
      return made;
    });
    return [kernel.id, { plan: kernel, pipeline, layout: layout.group, layoutKey }];
  });
  return new Map(await guard.wait(Promise.all(compiled)));
}

function shared<T>(cache: Map<string, T>, key: string, create: () => T): T {
  const existing = cache.get(key);
  if (existing !== undefined) return existing;
  const created = create();
  cache.set(key, created);
  return created;
}

export interface Layout {
  readonly group: GPUBindGroupLayout;
  readonly pipeline: GPUPipelineLayout;
}

function keyOf(kernel: PlanKernel): string {
  return kernel.bindings.map((binding) => `${binding.access} ${binding.minBytes}`).join();
}

const bindingTypes = {
  read: 'read-only-storage',
  read_write: 'storage',
  uniform: 'uniform',
} as const;

function createLayout(device: GPUDevice, kernel: PlanKernel): Layout {
  const group = device.createBindGroupLayout({
    label: keyOf(kernel),
    entries: kernel.bindings.map(({ access, minBytes }, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: bindingTypes[access], minBindingSize: minBytes },
    })),
  });
  return { group, pipeline: device.createPipelineLayout({ bindGroupLayouts: [group] }) };
}

async function compile(
  device: GPUDevice,
  kernel: PlanKernel,
  layout: GPUPipelineLayout,
): Promise<GPUComputePipeline> {
  // A module that does not parse is reported to the error scope; the pipeline's promise tells the rest.
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: kernel.name, code: kernel.wgsl });
  const parsed = device.popErrorScope();
  try {
    const compute = { module, entryPoint: kernel.entry };
    return await device.createComputePipelineAsync({ label: kernel.name, layout, compute });
  } catch (cause) {
    const { messages } = await module.getCompilationInfo();
    const error = messages.find((message) => message.type === 'error');
    throw new KernelError(kernel.name, explain(kernel, error, cause), { cause });
  } finally {
    await parsed;
  }
}

/** Kernel, model lines, and the line of WGSL that the device objects to. */
function explain(
  kernel: PlanKernel,
  error: GPUCompilationMessage | undefined,
  cause: unknown,
): string {
  const origin = kernel.origin.map((line) => `  from ${line}`);
  const head = [`kernel ${kernel.name} does not compile: this is a bug in nnc`, ...origin];
  if (error === undefined) {
    return [...head, `  ${cause instanceof Error ? cause.message.trim() : String(cause)}`].join(
      '\n',
    );
  }
  const code = kernel.wgsl.split('\n').flatMap((line, index) => {
    const number = index + 1;
    if (Math.abs(number - error.lineNum) > 1) return [];
    const mark = number === error.lineNum ? '>' : ' ';
    return [`  ${mark} ${String(number).padStart(4)} | ${line}`];
  });
  return [...head, `  WGSL line ${error.lineNum}: ${error.message}`, ...code].join('\n');
}
