/** The trainer: a model, a session and rows of data in; trained weights, losses and outputs out. No files, no terminal. */
export type { Averages } from './averages.ts';
export { usualDirection } from './better.ts';
export { checkRanges } from './check-range.ts';
export {
  type Checkpoint,
  captureCheckpoint,
  checkCheckpoint,
  checkWeightsFinite,
  decodeCheckpoint,
  encodeCheckpoint,
  restoreCheckpoint,
  weightsOnly,
} from './checkpoint.ts';
export type { CheckpointInterval } from './checkpoint-interval.ts';
export { type CheckpointRecord, isCheckpoint } from './checkpoint-record.ts';
export {
  type Comparison,
  classCount,
  comparedByMetrics,
  comparedByShape,
  comparing,
} from './comparison.ts';
export {
  accuracyOf,
  type ClassScores,
  type Confusion,
  classScores,
  createConfusion,
  MOST_CLASSES,
  NoClassError,
} from './confusion.ts';
export { type EvaluatedPart, type Evaluation, evaluate, evaluateAll } from './evaluate.ts';
export { createFeed, type Feed, type FeedColumn, neededInputs, noData } from './feed.ts';
export { type FitOptions, fit } from './fit.ts';
export type { FitEvent, Place, RoundReport } from './fit-event.ts';
export type { FitState } from './fit-state.ts';
export {
  EmptyStreamError,
  fitStream,
  type StreamFitOptions,
  type StreamState,
} from './fit-stream.ts';
export { initialise, initialiseTensors } from './initial-values.ts';
export type { Best, Monitor, MonitorState } from './monitor.ts';
export { checkEvaluation, checkPrediction, watchForNaN } from './nan-watch.ts';
export { type PredictedTensor, type Prediction, predict } from './predict.ts';
export { checkedPrograms, evaluationBatch, prepare, type Workload } from './prepare.ts';
export {
  differences,
  type KernelChoice,
  kernelChoice,
  type RunIdentity,
  runIdentity,
} from './run-identity.ts';
export type { FitResult, RunOptions, StepDone, TrainedBefore } from './run-options.ts';
export { runProgram } from './run-program.ts';
export {
  type RunSettings,
  runSettings,
  type SettingsGiven,
  scheduleFor,
  stepsOf,
} from './run-settings.ts';
export { createSingleSteps, type SingleSteps } from './single-steps.ts';
export { checkGuards, sizeIn, unknownSize } from './sizes.ts';
export { type TensorValues, tensorValues, writeTensor } from './tensor-values.ts';
export { TrainingError } from './training-error.ts';
export { untilAborted } from './until-aborted.ts';
export { misfits, readWeights, type Weights, weightTensors, writeWeights } from './weights.ts';
