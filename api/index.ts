/** The programmatic API: models, layers and tensors built by a program. */
export { fn, layer } from './declaration.ts';
export { graphHash } from './graph-hash.ts';
export { type Layer, repeat } from './layer.ts';
export { Model, model } from './model.ts';
export { ModelError } from './model-error.ts';
export type { ModelScope } from './model-scope.ts';
export { grad, nn, ops } from './nn.ts';
export { type AnySize, Size } from './size.ts';
export type { LayerScope } from './statements.ts';
export { Tensor, type TensorLike } from './tensor.ts';
export { tensor } from './tensor-data.ts';
export { compile } from './text.ts';
export { UsageError } from './usage-error.ts';
