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

/**
 * By the adapter's own flag. Only where a browser leaves that out do the names decide: those of drivers that are
 * known to compute in software.
 */
export function adapterClass(info: AdapterNames): AdapterClass {
  if (info.isFallbackAdapter !== undefined) return info.isFallbackAdapter ? 'cpu' : 'gpu';
  const names = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return /llvmpipe|lavapipe|swiftshader|software|basic render|\bwarp\b/i.test(names)
    ? 'cpu'
    : 'gpu';
}
