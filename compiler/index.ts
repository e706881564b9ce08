/** The compiler as a library: text to model, model to plan. Pure: the same in Node and in a page. */
export { parse, renderAll, toJson } from '../grammar/index.ts';
export { type Compiled, type CompileOptions, compile, programName } from './compile.ts';
export { elaborate } from './elaborate/elaborate.ts';
export { interpret } from './interpret/interpret.ts';
export type { Model } from './model.ts';
export { CapacityError } from './plan/capacity-error.ts';
export { batchSymbol } from './programs.ts';
export { type DeviceProfile, deviceProfile, portable } from './schedule/device.ts';
