/** Weights as the bytes of a safetensors file, the same as the command writes and reads. */
import type { Model } from '../../compiler/model.ts';
import { decodeSafetensors, encodeSafetensors } from '../../data/index.ts';
import { type Weights, weightsOnly } from '../../train/index.ts';

export const encodeWeights = (
  model: Model,
  weights: Weights,
  steps: number,
): Uint8Array<ArrayBuffer> =>
  encodeSafetensors(weights, { model: model.name, steps: String(steps) });

/** Of a weights file or a checkpoint. Throws DataError where it is no safetensors file. */
export const decodeWeights = (bytes: Uint8Array, file: string): Weights =>
  weightsOnly(decodeSafetensors(new Uint8Array(bytes), file).tensors);
