/** What is measured: sizes, start values and data of the MLP, the same numbers for every contestant. */
import { mulberry32, uniform } from './numbers.ts';

export const BATCH = 128;
export const INPUTS = 784;
export const HIDDEN = 512;
export const CLASSES = 10;
export const LEARNING_RATE = 0.1;

/** Weights are [in, out], row by row. */
export interface Parameters {
  readonly hiddenWeight: Float32Array<ArrayBuffer>;
  readonly hiddenBias: Float32Array<ArrayBuffer>;
  readonly outputWeight: Float32Array<ArrayBuffer>;
  readonly outputBias: Float32Array<ArrayBuffer>;
}

export interface Problem {
  readonly parameters: Parameters;
  /** [128, 784], of 0 to 1. */
  readonly images: Float32Array<ArrayBuffer>;
  /** Other images, as bytes; a byte b stands for b / 255. */
  readonly byteImages: Uint8Array<ArrayBuffer>;
  readonly labels: Int32Array<ArrayBuffer>;
}

export function problem(): Problem {
  const hidden = Math.sqrt(1 / INPUTS);
  const output = Math.sqrt(1 / HIDDEN);
  const images = uniform(BATCH * INPUTS, 31, 0, 1);
  const drawLabel = mulberry32(32);
  return {
    parameters: {
      hiddenWeight: uniform(INPUTS * HIDDEN, 11, -hidden, hidden),
      hiddenBias: uniform(HIDDEN, 12, -hidden, hidden),
      outputWeight: uniform(HIDDEN * CLASSES, 13, -output, output),
      outputBias: uniform(CLASSES, 14, -output, output),
    },
    images,
    byteImages: Uint8Array.from(images, (x) => Math.floor(x * 256)),
    labels: Int32Array.from({ length: BATCH }, () => Math.floor(drawLabel() * CLASSES)),
  };
}

/** Multiply-adds count as two. The gradient by the images is not needed. */
export const TRAINING_FLOP = 2 * BATCH * (INPUTS * HIDDEN * 2 + HIDDEN * CLASSES * 3);
export const INFERENCE_FLOP = 2 * BATCH * (INPUTS * HIDDEN + HIDDEN * CLASSES);
