/**
 * The built-in data set: handwritten-like digits, drawn from a seed, so that a first training
 * run needs no download. Same seed, same bytes, on every machine.
 */
import { createDataset, type DataSplits, type Dataset } from '../dataset.ts';
import { createRandom, pick, type Random } from '../random.ts';
import { renderGlyph } from './render.ts';
import { type HandStyle, writeGlyph } from './stroke.ts';
import { type GlyphTemplate, glyphTemplates } from './templates.ts';

/** Width and height of an image, as in MNIST. */
const glyphSize = 28;

/**
 * Tuned for a data set that needs more than one linear layer. Measured with seed 1, Adam: softmax
 * regression on the pixels ends at 90.8 % of the test set at best (60 epochs, three learning rates);
 * 784-256-10 passes 98 % in 6 epochs of batch 64, 784-128-10 reaches 97.7 % in 10 epochs of batch 128.
 */
const handwriting: HandStyle = {
  jitter: 1.7,
  warp: 0.055,
  rotation: 0.11,
  slant: 0.16,
  lean: 0.1,
  height: [17, 21],
  aspect: [0.72, 1.05],
  shift: 1.25,
  pen: [0.9, 1.8],
  wobble: 0.18,
};

export interface GlyphOptions {
  /** Another seed gives other hands; 1 when not given. */
  readonly seed?: number;
  /** Rows to train on and to test on; no test set when `test` is 0. */
  readonly train?: number;
  readonly test?: number;
}

/**
 * The data set `glyphs`: columns `image` u8 [28, 28] (0 background, 255 ink) and `label` u8 [],
 * 12,000 training and 2,000 test rows unless told otherwise, each class equally often.
 */
export function glyphs(options: GlyphOptions = {}): DataSplits {
  const seed = options.seed ?? 1;
  const train = drawSet(seed, 0, options.train ?? 12_000);
  const testRows = options.test ?? 2_000;
  return testRows === 0 ? { train } : { train, test: drawSet(seed, 1, testRows) };
}

function drawSet(seed: number, stream: number, rows: number): Dataset {
  const pixels = glyphSize * glyphSize;
  const images = new Uint8Array(rows * pixels);
  const labels = drawLabels(createRandom(seed, stream, -1), rows);
  const ink = new Float64Array(pixels);
  for (let row = 0; row < rows; row++) {
    const random = createRandom(seed, stream, row);
    const template = pickTemplate(glyphTemplates[labels[row] ?? 0] ?? [], random);
    const paths = writeGlyph(template, random, handwriting, glyphSize);
    renderGlyph(paths, random, glyphSize, images, row * pixels, ink);
  }
  return createDataset('glyphs', [
    {
      name: 'image',
      dtype: 'u8',
      kind: 'integer',
      rowShape: [glyphSize, glyphSize],
      values: images,
    },
    { name: 'label', dtype: 'u8', kind: 'integer', rowShape: [], values: labels },
  ]);
}

/** Blocks of the ten digits, each block in an order of its own: balanced in any first part. */
function drawLabels(random: Random, rows: number): Uint8Array<ArrayBuffer> {
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) labels[row] = row % 10;
  for (let block = 0; block < rows; block += 10) {
    for (let last = Math.min(9, rows - 1 - block); last > 0; last--) {
      const other = block + pick(random, last + 1);
      const swapped = labels[block + last] ?? 0;
      labels[block + last] = labels[other] ?? 0;
      labels[other] = swapped;
    }
  }
  return labels;
}

function pickTemplate(variants: readonly GlyphTemplate[], random: Random): GlyphTemplate {
  let left = random() * variants.reduce((sum, variant) => sum + variant.weight, 0);
  for (const variant of variants) {
    left -= variant.weight;
    if (left < 0) return variant;
  }
  return variants[0] ?? { weight: 1, strokes: [] };
}
