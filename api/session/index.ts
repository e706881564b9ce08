/** Using a model: sessions, and the types of what goes in and comes out. */
export type { InputValues, NestedNumbers, NumberArray, ShapedNumbers } from '../data/values.ts';
export { DataMismatchError, type ModelPlace } from './data-feed.ts';
export type { EvaluateOptions, FitOptions, ModelSession } from './model-session.ts';
export { type ModelOrigin, type OpenOptions, openModel } from './open.ts';
export type { Parameter, Parameters, ParameterValues } from './parameters.ts';
export type {
  Batch,
  Columns,
  Data,
  ModelShape,
  PredictData,
  Predictions,
  Row,
  TensorValues,
  Values,
} from './shape.ts';
