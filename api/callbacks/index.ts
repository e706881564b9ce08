/** Callbacks of `fit`: those that are built in, and the form of one's own. */
export { bestWeights } from './best-weights.ts';
export type {
  Callback,
  CheckpointWish,
  EpochReport,
  History,
  ProgressReport,
  RateSchedule,
  Run,
  StepReport,
  Watch,
  WatchOptions,
} from './callback.ts';
export { checkpoint } from './checkpoint.ts';
export { earlyStopping } from './early-stopping.ts';
export { learningRateSchedule } from './learning-rate-schedule.ts';
export { csvLog, jsonlLog } from './logs.ts';
