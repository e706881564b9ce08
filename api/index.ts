/**
 * The programmatic API: models, layers and tensors built by a program, sessions that train and use them, and data. This is the
 * entry for pages; that for Node (`node.ts`) adds files.
 */
export * from './callbacks/index.ts';
export * from './data/index.ts';
export { fn, layer } from './declaration.ts';
export { graphHash } from './graph-hash.ts';
export { type ApiHost, useHost } from './host.ts';
export { type Layer, repeat } from './layer.ts';
export { type ChainShape, Model, type ModelOptions, model } from './model.ts';
export { ModelError } from './model-error.ts';
export type { ModelScope } from './model-scope.ts';
export type { Parts, ShapeOf } from './model-shape.ts';
export { grad, nn, ops } from './nn.ts';
export * from './session/index.ts';
export { type AnySize, Size } from './size.ts';
export type { Initial, LayerScope } from './statements.ts';
export { type ReduceOptions, type Stage, Tensor, type TensorLike } from './tensor.ts';
export { type TensorOptions, tensor } from './tensor-data.ts';
export { compile, type TextOptions } from './text.ts';
export type { SectionOptions, TrainOptions } from './train-entries.ts';
export type { TensorType, TypeText } from './types.ts';
export { UsageError } from './usage-error.ts';
