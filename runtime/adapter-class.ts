/** Whether an adapter computes on the CPU. Schedules, waiting and the pace of submits depend on it. */

/** `cpu`: a Vulkan driver in software (llvmpipe, SwiftShader, WARP); `gpu`: the rest. */
export type AdapterClass = 'cpu' | 'gpu';

/** The fields of a GPUAdapterInfo that tell; browsers leave some of them empty. */
export type AdapterNames = Pick<
  GPUAdapterInfo,
  'vendor' | 'architecture' | 'device' | 'description'
> & {
  readonly isFallbackAdapter?: boolean;
};

export function adapterClass(info: AdapterNames): AdapterClass {
  const names = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  const software = /llvmpipe|lavapipe|swiftshader|software|basic render|\bwarp\b/i.test(names);
  return software || info.isFallbackAdapter === true ? 'cpu' : 'gpu';
}
