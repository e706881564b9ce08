/** The constants of the cost model for a device that was measured (`nnc doctor`), from the class's where it was not. */
import { type DeviceRates, ratesOfClass } from './device-rates.ts';

/** Nanoseconds of the whole device, all its cores at work; `compile` in milliseconds. */
export interface MeasuredTimes {
  /** Bytes a nanosecond. */
  readonly bandwidth: number;
  readonly launch: number;
  /** One access of one invocation to one element, and to four at once. */
  readonly narrow: number;
  readonly wide: number;
  /** One scalar operation of one invocation. */
  readonly operation: number;
  /** A kernel of eight accesses, from its text to the end of its first run. */
  readonly compile: number;
}

/** What `compile` is where the class's constants were fitted. */
const USUAL_COMPILE = { cpu: 120, gpu: 10 } as const;

export function measuredRates(
  times: MeasuredTimes,
  device: {
    readonly class: 'cpu' | 'gpu';
    readonly subgroupSize?: number;
    /** Of the machine; a GPU's are not told. */
    readonly cores: number;
  },
): DeviceRates {
  const usual = ratesOfClass[device.class];
  const cores = device.class === 'gpu' ? 1 : device.cores;
  const lanes = device.subgroupSize ?? (device.class === 'gpu' ? 32 : 4);
  const operation = times.operation * lanes * cores;
  const arithmetic = operation / usual.operation;
  const compile = times.compile / USUAL_COMPILE[device.class];
  const access = accessRates(times, cores, usual, device.class === 'gpu' ? arithmetic : undefined);
  return {
    ...access,
    bandwidth: device.class === 'gpu' ? 16 / times.wide : times.bandwidth,
    cores,
    launch: times.launch,
    operation,
    workgroup: usual.workgroup * arithmetic,
    exchange: usual.exchange * arithmetic,
    barrier: usual.barrier * arithmetic,
    compileSite: usual.compileSite * compile,
    compileElement: usual.compileElement * compile,
    compileStatement: usual.compileStatement * compile,
  };
}

/** A GPU's copies wait for memory, so they say nothing of the instruction: there the class's ratio to arithmetic holds. */
function accessRates(
  { narrow, wide }: MeasuredTimes,
  cores: number,
  usual: DeviceRates,
  ratio: number | undefined,
): Pick<DeviceRates, 'access' | 'component' | 'shared'> {
  if (ratio !== undefined)
    return {
      access: usual.access * ratio,
      component: usual.component * ratio,
      shared: usual.shared * ratio,
    };
  // One element costs access + component, four cost access + 4 components; neither is free.
  const least = (narrow * cores) / 10;
  const component = Math.max(least, ((wide - narrow) / 3) * cores);
  const access = Math.max(least, narrow * cores - component);
  return { access, component, shared: (usual.shared * access) / usual.access };
}
