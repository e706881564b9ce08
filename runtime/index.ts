/** The runtime's public face: read a plan, open a session on a device, run its programs. Works in Node and in a page. */
export { type AdapterClass, adapterClass } from './adapter-class.ts';
export { checkDevice, type DeviceOffer } from './check-device.ts';
export type { RuntimeHost } from './device-guard.ts';
export {
  type DeviceTraits,
  deviceDescriptor,
  deviceTraits,
  REQUESTED_LIMITS,
} from './device-request.ts';
export {
  DeviceFailure,
  DeviceLimitError,
  DeviceLostError,
  KernelError,
  PlanError,
  SessionError,
} from './errors.ts';
export type { TensorChoice } from './find-tensor.ts';
export type { MetricReport, Metrics } from './metrics.ts';
export { createPace, type Pace, SUBMIT_MS } from './pace.ts';
export { pageHost } from './page-host.ts';
export * from './plan.ts';
export { readPlan } from './read-plan.ts';
export type { Batch } from './ring.ts';
export type { Runner } from './runner.ts';
export {
  type Counts,
  openSession,
  type ReadChoice,
  type Session,
  type SessionOptions,
} from './session.ts';
export { type RunStatistics, totalOf } from './statistics.ts';
export { bytesOf, type TensorData } from './storage.ts';
