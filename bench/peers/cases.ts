/** The cases: what is computed, and on which numbers. Every contestant is given the same bytes. */
import { uniform } from '../numbers.ts';
import { problem } from '../problem.ts';

export const SGD = { lr: 0.1 } as const;
export const ADAM = { lr: 1e-3, b1: 0.9, b2: 0.999, eps: 1e-8 } as const;

/** Of convolution weights. Channels-last libraries take [h, w, in, out] and dense rows in the order (h, w, channel). */
export type Layout = 'NCHW' | 'NHWC';

export type Numbers = Float32Array<ArrayBuffer>;

interface Measured {
  /** Multiply-adds count as two. */
  readonly flop?: number;
  /** What has to be read and written at least. */
  readonly bytes?: number;
}

export interface Matmul extends Measured {
  readonly op: 'matmul';
  readonly n: number;
  data(): { readonly A: Numbers; readonly B: Numbers };
}
/** x W1 + b1, relu, W2 + b2: 784-512-10. */
export interface MlpInference extends Measured {
  readonly op: 'mlpInfer';
  readonly batch: number;
  data(): MlpParameters & { readonly X: Numbers };
}
/** The step of the same network: mean softmax cross-entropy, gradients, update. */
export interface MlpTraining extends Measured {
  readonly op: 'mlpTrain';
  readonly batch: number;
  readonly opt: 'sgd' | 'adam';
  data(): MlpParameters & Labelled;
}
/** y = x; five times: y · 1.1, + x, relu, - 0.25. */
export interface Elementwise extends Measured {
  readonly op: 'elementwise20';
  readonly n: number;
  data(): { readonly X: Numbers };
}
export interface Softmax extends Measured {
  readonly op: 'softmax';
  readonly rows: number;
  readonly cols: number;
  data(): { readonly X: Numbers };
}
export interface LayerNorm extends Measured {
  readonly op: 'layernorm';
  readonly rows: number;
  readonly cols: number;
  readonly eps: number;
  data(): { readonly X: Numbers; readonly g: Numbers; readonly b: Numbers };
}
/** 28 x 28 x 1, conv 16, relu, pool, conv 32, relu, pool, dense 10; 3 x 3, padded to the same size. */
export interface CnnTraining extends Measured {
  readonly op: 'cnnTrain';
  readonly batch: number;
  readonly opt: 'sgd' | 'adam';
  data(layout?: Layout): CnnParameters & Labelled;
}
export type Case =
  | Matmul
  | MlpInference
  | MlpTraining
  | Elementwise
  | Softmax
  | LayerNorm
  | CnnTraining;
export type Operation = Case['op'];
export type CaseOf<Op extends Operation> = Extract<Case, { op: Op }>;
export type DataOf<Op extends Operation> = ReturnType<CaseOf<Op>['data']>;

/** Weights are [in, out], row by row. */
export interface MlpParameters {
  readonly W1: Numbers;
  readonly b1: Numbers;
  readonly W2: Numbers;
  readonly b2: Numbers;
}
/** K1 and K2 are [out, in, 3, 3], and W's rows in the order (channel, h, w), unless the layout is NHWC. */
export interface CnnParameters {
  readonly K1: Numbers;
  readonly c1: Numbers;
  readonly K2: Numbers;
  readonly c2: Numbers;
  readonly W: Numbers;
  readonly b: Numbers;
}
interface Labelled {
  readonly X: Numbers;
  readonly labels: Int32Array<ArrayBuffer>;
  /** The labels one-hot. */
  readonly Y: Numbers;
}

const CLASSES = 10;
const LARGE = 4096 * 1024;
const readAndWrite = { bytes: 2 * 4 * LARGE };

/** Whether steps are queued one behind the other before one value is read back; else each run is waited for. */
export const isTraining = (op: Operation): boolean => op === 'mlpTrain' || op === 'cnnTrain';

export const CASES: Readonly<Record<string, Case>> = {
  'matmul-256': matmul(256),
  'matmul-512': matmul(512),
  'matmul-1024': matmul(1024),
  'mlp-infer-1': mlpInference(1),
  'mlp-infer-128': mlpInference(128),
  'mlp-infer-1024': mlpInference(1024),
  'mlp-train-sgd': mlpTraining('sgd'),
  'mlp-train-adam': mlpTraining('adam'),
  'elementwise-20': {
    op: 'elementwise20',
    n: LARGE,
    ...readAndWrite,
    data: () => ({ X: uniform(LARGE, 3) }),
  },
  softmax: {
    op: 'softmax',
    rows: 4096,
    cols: 1024,
    ...readAndWrite,
    data: () => ({ X: uniform(LARGE, 4, -5, 5) }),
  },
  layernorm: {
    op: 'layernorm',
    rows: 4096,
    cols: 1024,
    eps: 1e-5,
    ...readAndWrite,
    data: () => ({ X: uniform(LARGE, 5, -2, 3), g: uniform(1024, 6), b: uniform(1024, 7) }),
  },
  'cnn-train-sgd': cnnTraining('sgd'),
  'cnn-train-adam': cnnTraining('adam'),
};

function matmul(n: number): Matmul {
  const data = () => ({ A: uniform(n * n, 1), B: uniform(n * n, 2) });
  return { op: 'matmul', n, flop: 2 * n ** 3, data };
}

function mlpInference(batch: number): MlpInference {
  const flop = 2 * batch * (784 * 512 + 512 * CLASSES);
  const data = () => ({ ...mlpParameters(), X: uniform(batch * 784, 31, 0, 1) });
  return { op: 'mlpInfer', batch, flop, data };
}

function mlpTraining(opt: 'sgd' | 'adam'): MlpTraining {
  const batch = 128;
  // The gradient by the images is not needed.
  const flop = 2 * batch * (784 * 512 * 2 + 512 * CLASSES * 3);
  const data = () => {
    const { images: X, labels } = problem();
    return { ...mlpParameters(), X, labels, Y: oneHot(labels) };
  };
  return { op: 'mlpTrain', batch, opt, flop, data };
}

function cnnTraining(opt: 'sgd' | 'adam'): CnnTraining {
  const batch = 64;
  const data = (layout: Layout = 'NCHW') => {
    const labels = Int32Array.from(uniform(batch, 42, 0, CLASSES), Math.floor);
    const X = uniform(batch * 784, 41, 0, 1);
    const parameters = cnnParameters();
    return {
      ...(layout === 'NHWC' ? channelsLast(parameters) : parameters),
      X,
      labels,
      Y: oneHot(labels),
    };
  };
  return { op: 'cnnTrain', batch, opt, data };
}

function mlpParameters(): MlpParameters {
  const { hiddenWeight, hiddenBias, outputWeight, outputBias } = problem().parameters;
  return { W1: hiddenWeight, b1: hiddenBias, W2: outputWeight, b2: outputBias };
}

function cnnParameters(): CnnParameters {
  const within = (n: number, seed: number, fanIn: number): Numbers =>
    uniform(n, seed, -Math.sqrt(1 / fanIn), Math.sqrt(1 / fanIn));
  return {
    K1: within(16 * 9, 21, 9),
    c1: within(16, 22, 9),
    K2: within(32 * 16 * 9, 23, 144),
    c2: within(32, 24, 144),
    W: within(1568 * CLASSES, 25, 1568),
    b: within(CLASSES, 26, 1568),
  };
}

function channelsLast(p: CnnParameters): CnnParameters {
  const kernel = (k: Numbers, outs: number, ins: number): Numbers => {
    const turned = new Float32Array(k.length);
    for (let o = 0; o < outs; o++)
      for (let i = 0; i < ins; i++)
        for (let t = 0; t < 9; t++)
          turned[(t * ins + i) * outs + o] = k[(o * ins + i) * 9 + t] ?? 0;
    return turned;
  };
  const W = new Float32Array(p.W.length);
  for (let channel = 0; channel < 32; channel++)
    for (let place = 0; place < 49; place++) {
      const row = (channel * 49 + place) * CLASSES;
      W.set(p.W.subarray(row, row + CLASSES), (place * 32 + channel) * CLASSES);
    }
  return { ...p, K1: kernel(p.K1, 16, 1), K2: kernel(p.K2, 32, 16), W };
}

function oneHot(labels: Int32Array): Numbers {
  const hot = new Float32Array(labels.length * CLASSES);
  for (const [row, label] of labels.entries()) hot[row * CLASSES + label] = 1;
  return hot;
}
