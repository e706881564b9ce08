/** The trainer: a model, a session and rows of data in; trained weights, losses and outputs out. No files, no terminal. */
export type { Averages } from './averages.ts';
export { type BisectOptions, bisectPasses, type StageReport } from './bisect.ts';
export { checkRanges } from './check-range.ts';
export { type Evaluation, evaluate } from './evaluate.ts';
export { createFeed, type Feed, type FeedColumn, neededInputs, noData } from './feed.ts';
export { type FitOptions, type FitResult, fit, stepsOf } from './fit.ts';
export type { FitEvent, Place, RoundReport } from './fit-event.ts';
export { initialise } from './initial-values.ts';
export { type PredictedTensor, type Prediction, predict } from './predict.ts';
export { evaluationBatch, prepare, type Workload } from './prepare.ts';
export { runProgram } from './run-program.ts';
export { TrainingError } from './training-error.ts';
export { misfits, readWeights, type Weights, writeWeights } from './weights.ts';
