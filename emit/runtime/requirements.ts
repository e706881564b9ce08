/** What the kernels need of a device beyond what every WebGPU device has. */

/** Throws where the device was not asked for it, or cannot give it. */
export function checkDevice(device: GPUDevice, needed: GPUDeviceDescriptor): void {
  const limits = device.limits as unknown as Readonly<Record<string, number | undefined>>;
  const features = [...(needed.requiredFeatures ?? [])]
    .filter((feature) => !device.features.has(feature))
    .map((feature) => `the feature \`${feature}\``);
  const tooSmall = Object.entries(needed.requiredLimits ?? {}).flatMap(([limit, least]) =>
    least === undefined || (limits[limit] ?? 0) >= least
      ? []
      : [`${limit} = ${least}; it has ${limits[limit]}`],
  );
  const lacks = [...features, ...tooSmall];
  if (lacks.length > 0)
    throw new Error(
      `this device lacks what the module was compiled for: ${lacks.join('; ')}. ` +
        'Ask for it with `adapter.requestDevice(deviceDescriptor)`; where the adapter does not have it, ' +
        'compile the module without --target-device.',
    );
}

/** Throws unless every subgroup of the device has this many lanes, on which the kernels rely. */
export function checkSubgroups({ adapterInfo }: GPUDevice, size: number): void {
  const { subgroupMinSize: least, subgroupMaxSize: most } = adapterInfo;
  if (least !== size || most !== size)
    throw new Error(
      `the module was compiled for subgroups of ${size} lanes; those of this device have ${least} to ${most}. ` +
        'Compile it for this device, or without --target-device for every one.',
    );
}
