/**
 * The MLP 784-512-10 at batch 128 by hand: a training step with SGD in 7 kernels, inference in 2. It is
 * what WebGPU reaches on a CPU adapter without a compiler, and the measure for what the compiler makes.
 */
import { BATCH, CLASSES, HIDDEN, INPUTS, LEARNING_RATE } from '../problem.ts';
import { backFromTen, crossEntropy, gradientByTen, rowsByTen, storeScores } from './narrow.ts';
import { subgroupTile } from './subgroup-tile.ts';
import { type Kernel, plainKernel } from './wgsl.ts';

/** Floats of each buffer by name. */
export const bufferLengths = {
  images: BATCH * INPUTS,
  labels: BATCH,
  hiddenWeight: INPUTS * HIDDEN,
  hiddenBias: HIDDEN,
  outputWeight: HIDDEN * CLASSES,
  outputBias: CLASSES,
  hidden: BATCH * HIDDEN,
  hiddenGradient: BATCH * HIDDEN,
  /** The gradient of the scores, then the loss of each row. */
  scoreGradient: BATCH * (CLASSES + 1),
  scores: BATCH * CLASSES,
  loss: 4,
} as const;
export type BufferName = keyof typeof bufferLengths;

/** A kernel and the buffers of its bindings, in order; `scoreGradient/rows` leaves the losses out. */
export interface HandDispatch {
  readonly kernel: Kernel;
  readonly binds: readonly (BufferName | 'scoreGradient/rows')[];
}

const descend = (index: string, sum: string): string => `C[${index}] -= ${LEARNING_RATE} * ${sum};`;

const hiddenLayer = (lanes: number): HandDispatch => ({
  kernel: subgroupTile({
    name: 'hidden layer',
    m: BATCH,
    n: HIDDEN,
    k: INPUTS,
    lanes,
    rows: 4 * lanes,
    bindings: ['A: vec4f', 'B: vec4f', 'bias: vec4f', '!C: vec4f'],
    start: 'bias[column]',
    store: (index, sum) => `C[${index}] = max(${sum}, vec4f());`,
  }),
  binds: ['images', 'hiddenWeight', 'hiddenBias', 'hidden'],
});

export const inference = (lanes: number): readonly HandDispatch[] => [
  hiddenLayer(lanes),
  {
    kernel: rowsByTen({
      name: 'scores',
      m: BATCH,
      k: HIDDEN,
      lanes,
      bindings: ['!Z: f32'],
      finish: storeScores,
    }),
    binds: ['hidden', 'outputWeight', 'outputBias', 'scores'],
  },
];

export const training = (lanes: number): readonly HandDispatch[] => [
  hiddenLayer(lanes),
  {
    kernel: rowsByTen({
      name: 'scores and loss gradient',
      m: BATCH,
      k: HIDDEN,
      lanes,
      bindings: ['Y: i32', '!D: f32'],
      finish: crossEntropy(BATCH),
    }),
    binds: ['hidden', 'outputWeight', 'outputBias', 'labels', 'scoreGradient'],
  },
  {
    kernel: backFromTen({ m: BATCH, n: HIDDEN, lanes }),
    binds: ['scoreGradient/rows', 'outputWeight', 'hidden', 'hiddenGradient'],
  },
  {
    kernel: gradientByTen({ m: BATCH, n: HIDDEN, lanes, store: descend }),
    binds: ['hidden', 'scoreGradient/rows', 'outputWeight'],
  },
  {
    kernel: subgroupTile({
      name: 'hidden weight update',
      m: INPUTS,
      n: HIDDEN,
      k: BATCH,
      lanes,
      rows: 16,
      transposed: true,
      bindings: ['A: vec4f', 'B: vec4f', '!C: vec4f'],
      store: descend,
    }),
    binds: ['images', 'hiddenGradient', 'hiddenWeight'],
  },
  { kernel: hiddenBiasUpdate, binds: ['hiddenGradient', 'hiddenBias'] },
  { kernel: outputBiasAndLoss, binds: ['scoreGradient', 'outputBias', 'loss'] },
];

const hiddenBiasUpdate: Kernel = {
  name: 'hidden bias update',
  wgsl: plainKernel(
    8,
    ['G: vec4f', '!C: vec4f'],
    `var sum = vec4f();
for (var row = 0u; row < ${BATCH}u; row++) { sum += G[row * ${HIDDEN / 4}u + i]; }
${descend('i', 'sum')}`,
  ),
  grid: [HIDDEN / 4 / 8, 1],
};

/** One workgroup: invocations 0 to 9 sum the columns of the gradient, the last one the losses. */
const outputBiasAndLoss: Kernel = {
  name: 'output bias update, loss',
  wgsl: plainKernel(
    CLASSES + 1,
    ['D: f32', '!C: f32', '!loss: f32'],
    `let place = select(vec2u(${CLASSES}u, i), vec2u(1u, ${BATCH * CLASSES}u), i == ${CLASSES}u);
var sum = 0.0;
for (var row = 0u; row < ${BATCH}u; row++) { sum += D[row * place.x + place.y]; }
if (i < ${CLASSES}u) { ${descend('i', 'sum')} } else { loss[0] = sum / ${BATCH}.0; }`,
  ),
  grid: [1, 1],
};
