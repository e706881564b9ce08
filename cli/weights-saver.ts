/** Keeps the weights of a run in a file, as of the last moment at which all was well. */
import type { Model } from '../compiler/model.ts';
import type { Session } from '../runtime/index.ts';
import { readWeights, TrainingError } from '../train/index.ts';
import { bytesText } from './numbers.ts';
import { writeWeightsFile } from './weights-file.ts';

export interface WeightsSaver {
  /** Writes what the device holds after so many steps. */
  save(step: number): Promise<void>;
  /** `weights.safetensors, 814 kB`; what to do to get one where nothing is to be written. */
  readonly text: string;
  /** The error, with where the last good weights are. */
  explain(error: unknown): unknown;
}

export function createWeightsSaver(
  session: Session,
  model: Model,
  file: string | undefined,
): WeightsSaver {
  let saved: { readonly step: number; readonly bytes: number } | undefined;
  return {
    async save(step) {
      if (file === undefined) return;
      const weights = await readWeights(session, model);
      const bytes = writeWeightsFile(file, weights, { model: model.name, steps: String(step) });
      saved = { step, bytes };
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
