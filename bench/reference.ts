/** The MLP in plain f64 loops: what every contestant's first results are checked against before anything is timed. */
import { BATCH, CLASSES, HIDDEN, INPUTS, LEARNING_RATE, type Parameters } from './problem.ts';

/** Scores [128, 10] of the images. */
export function inferenceReference(start: Parameters, images: ArrayLike<number>): Float64Array {
  return forward(start, images).scores;
}

/** Loss of each of the first steps of SGD, before its update. */
export function trainingReference(
  start: Parameters,
  images: ArrayLike<number>,
  labels: ArrayLike<number>,
  steps: number,
): number[] {
  const now = {
    hiddenWeight: Float64Array.from(start.hiddenWeight),
    hiddenBias: Float64Array.from(start.hiddenBias),
    outputWeight: Float64Array.from(start.outputWeight),
    outputBias: Float64Array.from(start.outputBias),
  };
  return Array.from({ length: steps }, () => {
    const { hidden, scores } = forward(now, images);
    const { loss, gradient } = crossEntropy(scores, labels);
    const back = product(
      gradient,
      transposed(now.outputWeight, HIDDEN, CLASSES),
      BATCH,
      CLASSES,
      HIDDEN,
    );
    const hiddenGradient = back.map((g, i) => ((hidden[i] ?? 0) > 0 ? g : 0));
    descend(
      now.outputWeight,
      product(transposed(hidden, BATCH, HIDDEN), gradient, HIDDEN, BATCH, CLASSES),
    );
    descend(now.outputBias, columnSums(gradient, CLASSES));
    descend(
      now.hiddenWeight,
      product(transposed(images, BATCH, INPUTS), hiddenGradient, INPUTS, BATCH, HIDDEN),
    );
    descend(now.hiddenBias, columnSums(hiddenGradient, HIDDEN));
    return loss;
  });
}

type Numbers = ArrayLike<number>;
type AnyParameters = { readonly [Name in keyof Parameters]: Numbers };

function forward(
  p: AnyParameters,
  images: Numbers,
): { hidden: Float64Array; scores: Float64Array } {
  const sums = addRow(product(images, p.hiddenWeight, BATCH, INPUTS, HIDDEN), p.hiddenBias);
  const hidden = sums.map((x) => Math.max(x, 0));
  const scores = addRow(product(hidden, p.outputWeight, BATCH, HIDDEN, CLASSES), p.outputBias);
  return { hidden, scores };
}

/** Mean over the rows, and the gradient of the mean by the scores. */
function crossEntropy(
  scores: Float64Array,
  labels: Numbers,
): { loss: number; gradient: Float64Array } {
  let loss = 0;
  const gradient = new Float64Array(scores.length);
  for (let row = 0; row < BATCH; row++) {
    const z = scores.subarray(row * CLASSES, (row + 1) * CLASSES);
    const label = labels[row] ?? 0;
    const top = Math.max(...z);
    const total = z.reduce((sum, x) => sum + Math.exp(x - top), 0);
    loss += Math.log(total) + top - (z[label] ?? 0);
    z.forEach((x, j) => {
      gradient[row * CLASSES + j] = (Math.exp(x - top) / total - (j === label ? 1 : 0)) / BATCH;
    });
  }
  return { loss: loss / BATCH, gradient };
}

function product(a: Numbers, b: Numbers, m: number, k: number, n: number): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let p = 0; p < k; p++) {
      const factor = a[i * k + p] ?? 0;
      for (let j = 0; j < n; j++) c[i * n + j] = (c[i * n + j] ?? 0) + factor * (b[p * n + j] ?? 0);
    }
  return c;
}

const transposed = (a: Numbers, m: number, n: number): Float64Array =>
  Float64Array.from({ length: m * n }, (_, i) => a[(i % m) * n + Math.floor(i / m)] ?? 0);

const addRow = (a: Float64Array, row: Numbers): Float64Array =>
  a.map((x, i) => x + (row[i % row.length] ?? 0));

function columnSums(a: Float64Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  a.forEach((x, i) => {
    sums[i % columns] = (sums[i % columns] ?? 0) + x;
  });
  return sums;
}

function descend(parameter: Float64Array, gradient: Float64Array): void {
  gradient.forEach((g, i) => {
    parameter[i] = (parameter[i] ?? 0) - LEARNING_RATE * g;
  });
}
