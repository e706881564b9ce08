/** The compiler as a library: text to model, model to plan. Pure: the same in Node and in a page. */
export {
  type Diagnostic,
  type File,
  type JsonDiagnostic,
  type JsonFile,
  type Note,
  type Paint,
  type Parsed,
  parse,
  renderAll,
  type Source,
  type SourceLookup,
  toJson,
} from '../grammar/index.ts';
export {
  type Compiled,
  type CompileOptions,
  compile,
  type ProgramChoice,
  programName,
  type Stage,
} from './compile.ts';
export { type Elaborated, type ElaborateOptions, elaborate } from './elaborate/elaborate.ts';
export type { ReadImport } from './elaborate/imports.ts';
export type { Graph } from './graph/graph.ts';
export type { NdArray } from './graph/nd-array.ts';
export type { Node } from './graph/node.ts';
export { initialValues } from './initial-values.ts';
export { type InterpretOptions, interpret } from './interpret/interpret.ts';
export type {
  Elaboration,
  Model,
  ModelInput,
  ModelTensor,
  NamedNode,
  Optimization,
} from './model.ts';
export { CapacityError } from './plan/capacity-error.ts';
export { batchSymbol, type ProgramKind } from './programs.ts';
export { type DeviceProfile, deviceProfile, portable } from './schedule/device.ts';
