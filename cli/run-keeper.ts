/** What remains of a run: the weights of `-o`, the best ones, and checkpoints, each file replaced only by something good. */
import type { Model } from '../compiler/model.ts';
import type { ClassNames } from '../data/index.ts';
import type { Session } from '../runtime/index.ts';
import {
  captureCheckpoint,
  checkWeightsFinite,
  type FitEvent,
  type FitResult,
  type FitState,
  type RunIdentity,
  readWeights,
  TrainingError,
  type Weights,
  writeWeights,
} from '../train/index.ts';
import { writeCheckpointFile } from './checkpoint-file.ts';
import type { Kept } from './monitor-setting.ts';
import { bytesText } from './numbers.ts';
import type { RunLog } from './run-log.ts';
import { createWeightsSaver } from './weights-saver.ts';

export interface KeeperOptions {
  readonly model: Model;
  /** `-o`. */
  readonly output: string | undefined;
  readonly kept: Kept;
  /** The best weights of the part of the run before this one. */
  readonly best: Weights | undefined;
  /** Of the data that are trained on. */
  readonly classes: ClassNames;
  /** Absent where no checkpoints are written. */
  readonly checkpoints?: { readonly file: string; readonly run: RunIdentity };
  readonly log: RunLog | undefined;
  /** What to find again in a checkpoint. */
  notes(): unknown;
  now(): number;
}

export interface RunKeeper {
  on(event: FitEvent): Promise<void>;
  /** After the last step. The weights that are kept are then on the device, and in the file. */
  finish(result: FitResult): Promise<void>;
  /** Where the weights are, or how to get them. */
  readonly weightsText: string;
  /** `run.safetensors, 2.4 MB, after step 500`; undefined where there is no checkpoint. */
  readonly checkpointText: string | undefined;
  /** The error, with what is left of the run. */
  explain(error: unknown): unknown;
}

export function createRunKeeper(session: Session, options: KeeperOptions): RunKeeper {
  const { model, kept, checkpoints, log, now } = options;
  const { output: file, classes } = options;
  const weights = createWeightsSaver(model, { file, classes, now });
  let { best } = options;
  let checkpoint: { readonly step: number; readonly bytes: number } | undefined;
  const current = (): Promise<Weights> => readWeights(session, model);

  return {
    async on(event) {
      const { step } = event.place;
      switch (event.kind) {
        case 'best': {
          const found = await current();
          checkWeightsFinite(model, found, step);
          best = found;
          if (kept === 'best') await weights.save(step, async () => found);
          return;
        }
        case 'round':
          if (kept === 'last' && weights.due) await weights.save(step, current);
          return;
        case 'checkpoint':
          return await saveCheckpoint(event.state, event.complete, event.place.epoch);
        case 'progress':
        case 'step':
          return;
        default:
          return event satisfies never;
      }
    },
    async finish({ place, monitor }) {
      // Initial values are worth less than what the file may hold.
      if (place.step === 0) return;
      if (kept === 'best' && best !== undefined) {
        const found = best;
        writeWeights(session, model, found, options.output ?? model.name);
        await weights.save(monitor.best?.step ?? place.step, async () => found);
      } else if (options.output !== undefined) await weights.save(place.step, current);
      // Nobody keeps them, and nobody has looked at what the last update made.
      else checkWeightsFinite(model, await current(), place.step);
    },
    get weightsText() {
      return weights.text;
    },
    get checkpointText() {
      if (checkpoints === undefined || checkpoint === undefined) return undefined;
      return `${checkpoints.file}, ${bytesText(checkpoint.bytes)}, after step ${checkpoint.step}`;
    },
    explain(error) {
      const explained = weights.explain(error);
      if (checkpoints === undefined || !(explained instanceof TrainingError)) return explained;
      const { file } = checkpoints;
      const left =
        checkpoint === undefined
          ? `${file} is as it was`
          : `${file} holds the run after step ${checkpoint.step}`;
      return new TrainingError(explained.code, `${explained.message}\n  ${left}`, explained.help);
    },
  };

  async function saveCheckpoint(state: FitState, complete: boolean, epoch: number): Promise<void> {
    if (checkpoints === undefined) return;
    const record = { run: checkpoints.run, state, complete, notes: options.notes() };
    const captured = await captureCheckpoint(
      session,
      model,
      record,
      kept === 'best' ? best : undefined,
    );
    checkWeightsFinite(model, new Map([...captured.weights, ...captured.slots]), state.step);
    const bytes = writeCheckpointFile(checkpoints.file, captured, classes);
    checkpoint = { step: state.step, bytes };
    log?.write('checkpoint', { step: state.step, epoch, file: checkpoints.file, bytes });
  }
}
