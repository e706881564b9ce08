/** Weights as the bytes of a safetensors file, the same as the command writes and reads. */
import type { Model } from '../../compiler/model.ts';
import {
  type ClassNames,
  classesIn,
  classMetadata,
  decodeSafetensors,
  encodeSafetensors,
} from '../../data/index.ts';
import { type Weights, weightsOnly } from '../../train/index.ts';

/** `classes`: how the data that were trained on number theirs. */
export const encodeWeights = (
  model: Model,
  weights: Weights,
  { steps, classes }: { readonly steps: number; readonly classes: ClassNames },
): Uint8Array<ArrayBuffer> =>
  encodeSafetensors(weights, {
    model: model.name,
    steps: String(steps),
    ...classMetadata(classes),
  });

/** Of a weights file or a checkpoint. Throws DataError where it is no safetensors file. */
export function decodeWeights(
  bytes: Uint8Array,
  file: string,
): { readonly weights: Weights; readonly classes: ClassNames } {
  const { tensors, metadata } = decodeSafetensors(new Uint8Array(bytes), file);
  return { weights: weightsOnly(tensors), classes: classesIn(metadata, file) };
}
