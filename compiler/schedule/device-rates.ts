/**
 * What things cost on a device: the constants of the cost model. Those of a class are measured values,
 * rounded; a measured profile (`host/measure-rates.ts`) replaces them for the device at hand.
 */

/** Times in nanoseconds, of one core of a software adapter or of a whole GPU. */
export interface DeviceRates {
  /** Bytes a nanosecond (GB/s) that all cores together read and write. */
  readonly bandwidth: number;
  /** Cores that take workgroups; of a GPU, whose other times are of the whole, 1. */
  readonly cores: number;
  /** One dispatch more in a pass. */
  readonly launch: number;
  /** Starting one workgroup. */
  readonly workgroup: number;
  /** One access to storage of an invocation: `access` + `component` for each of its elements. */
  readonly access: number;
  readonly component: number;
  /** One access of an invocation to workgroup memory. */
  readonly shared: number;
  /** One scalar operation of a whole subgroup. */
  readonly operation: number;
  /** One element taken from another lane, of a whole subgroup. */
  readonly exchange: number;
  /** One barrier, for each invocation that waits at it. */
  readonly barrier: number;
  /** Milliseconds of shader compilation: an access to storage in the text, an element of it, a statement. */
  readonly compileSite: number;
  readonly compileElement: number;
  readonly compileStatement: number;
}

/**
 * `cpu`: two cores of lavapipe (Mesa 25, subgroups of 8). A load costs every lane a branch, and each
 * component a bounds check and an insert, whether neighbours lie together or not; operations run on a
 * whole subgroup. `gpu`: a mid-range card, from public reports.
 */
export const ratesOfClass: Readonly<Record<'cpu' | 'gpu', DeviceRates>> = {
  cpu: {
    bandwidth: 12,
    cores: 2,
    launch: 12_000,
    workgroup: 200,
    access: 2.5,
    component: 1,
    shared: 2.5,
    operation: 0.3,
    exchange: 0.3,
    barrier: 20,
    compileSite: 8,
    compileElement: 6,
    compileStatement: 0.3,
  },
  gpu: {
    bandwidth: 400,
    cores: 1,
    launch: 4_000,
    workgroup: 0.5,
    access: 0.001,
    component: 0.0005,
    shared: 0.0002,
    operation: 0.004,
    exchange: 0.008,
    barrier: 0.005,
    compileSite: 0.1,
    compileElement: 0.1,
    compileStatement: 0.1,
  },
};
