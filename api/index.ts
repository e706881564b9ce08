/**
 * The programmatic API: models, layers and tensors built by a program, sessions that train and use them, and data. This is the
 * entry for pages; that for Node (`node.ts`) adds files.
 */
export type { ReadImport } from '../compiler/elaborate/imports.ts';
export type { DType, StorageDType } from '../compiler/graph/dtype.ts';
export {
  type AnyColumn,
  type AnyDataset,
  type ColumnInfo,
  type ColumnValues,
  DataError,
  type DataSplits,
} from '../data/index.ts';
export type { Diagnostic, Fix, Note } from '../grammar/index.ts';
export type { Counts, RuntimeHost } from '../runtime/index.ts';
export { TrainingError } from '../train/index.ts';
export type { NestedArray, TensorArray } from './array-values.ts';
export * from './callbacks/index.ts';
export * from './data/index.ts';
export {
  type Config,
  type ConfigEntry,
  type ConfigSpec,
  type FnOptions,
  fn,
  type LayerBody,
  type LayerOptions,
  layer,
  type MakeLayer,
} from './declaration.ts';
export { graphHash } from './graph-hash.ts';
export { type ApiFiles, type ApiHost, type HostDevice, useHost } from './host.ts';
export type { Bound, Index } from './index-argument.ts';
export { type Layer, type Round, repeat } from './layer.ts';
export type { Applicable, Nn, Operand, Ops } from './library.ts';
export { type ChainShape, type LooseShape, Model, type ModelOptions, model } from './model.ts';
export { ModelError } from './model-error.ts';
export type { DimFacts, ModelScope } from './model-scope.ts';
export type { OutputNames, Outputs, Parts, PartValues, ShapeOf } from './model-shape.ts';
export { grad, nn, ops } from './nn.ts';
export * from './session/index.ts';
export { type AnySize, Size } from './size.ts';
export type { Initial, LayerScope } from './statements.ts';
export {
  type ReduceOptions,
  type Stage,
  Tensor,
  type TensorLike,
} from './tensor.ts';
export { type TensorOptions, tensor } from './tensor-data.ts';
export { compile, type TextOptions } from './text.ts';
export type { SectionOptions, TrainOptions } from './train-entries.ts';
export type { ElementOf, TensorType, TypeList, TypeText } from './types.ts';
export { UsageError } from './usage-error.ts';
