/** Keeps the weights of a run in a file, as of the last moment at which all was well. */
import type { Model } from '../compiler/model.ts';
import type { ClassNames } from '../data/index.ts';
import { checkWeightsFinite, TrainingError, type Weights } from '../train/index.ts';
import { bytesText } from './numbers.ts';
import { writeWeightsFile } from './weights-file.ts';

export interface WeightsSaver {
  /** Writes the weights after so many steps; they are read only if there is a file to write. */
  save(step: number, weights: () => Promise<Weights>): Promise<void>;
  /** Whether the last time is long enough ago to save again before the end. */
  readonly due: boolean;
  /** `weights.safetensors, 814 kB`; what to do to get one where nothing is to be written. */
  readonly text: string;
  /** The error, with where the last good weights are. */
  explain(error: unknown): unknown;
}

export interface SaverOptions {
  readonly file: string | undefined;
  /** Of the data that are trained on. */
  readonly classes: ClassNames;
  readonly now: () => number;
}

/** Small models have many epochs a second. */
const PAUSE_MS = 1000;

export function createWeightsSaver(
  model: Model,
  { file, classes, now }: SaverOptions,
): WeightsSaver {
  let saved: { readonly step: number; readonly bytes: number; readonly at: number } | undefined;
  return {
    async save(step, weights) {
      if (file === undefined || saved?.step === step) return;
      const tensors = await weights();
      checkWeightsFinite(model, tensors, step);
      const facts = { model: model.name, steps: String(step) };
      const bytes = writeWeightsFile(file, { tensors, classes }, facts);
      saved = { step, bytes, at: now() };
    },
    get due() {
      return saved === undefined || now() - saved.at >= PAUSE_MS;
    },
    get text() {
      if (saved !== undefined) return `${file}, ${bytesText(saved.bytes)}`;
      if (file !== undefined) return `nothing has been written to ${file}`;
      return `not kept; \`-o ${model.name}.safetensors\` writes them to a file`;
    },
    explain(error) {
      if (!(error instanceof TrainingError) || file === undefined) return error;
      const where =
        saved === undefined
          ? `nothing has been written to ${file}`
          : `${file} holds the weights after step ${saved.step}`;
      return new TrainingError(error.code, `${error.message}\n  ${where}`, error.help);
    },
  };
}
