/** Every case in plain f64 loops, to check that a contestant computes the right thing. */
import {
  ADAM,
  type Case,
  type CnnParameters,
  type CnnTraining,
  type MlpParameters,
  type MlpTraining,
  SGD,
} from './cases.ts';
import { convolution, convolutionGradients, maxPool, unpool } from './reference-cnn.ts';

type Numbers = ArrayLike<number>;

/** Losses that are checked of a training case: a wrong update shows in the loss after it. */
export const CHECKED_STEPS = 3;

/** The whole result; of a training case the first losses, each before its update. */
export function reference(spec: Case): ArrayLike<number> {
  switch (spec.op) {
    case 'matmul': {
      const { A, B } = spec.data();
      return product(A, B, spec.n, spec.n, spec.n);
    }
    case 'mlpInfer': {
      const { X, ...p } = spec.data();
      return mlpForward(p, X, spec.batch).scores;
    }
    case 'mlpTrain':
      return mlpLosses(spec);
    case 'elementwise20':
      return Float64Array.from(spec.data().X, (x) => {
        let y = x;
        for (let round = 0; round < 5; round++) y = Math.max(y * 1.1 + x, 0) - 0.25;
        return y;
      });
    case 'softmax':
      return byRow(spec.data().X, spec.cols, (row) => {
        const top = row.reduce((a, b) => Math.max(a, b));
        const powers = Float64Array.from(row, (x) => Math.exp(x - top));
        const total = powers.reduce((a, b) => a + b);
        return powers.map((x) => x / total);
      });
    case 'layernorm': {
      const { X, g, b } = spec.data();
      return byRow(X, spec.cols, (row) => {
        const numbers = Float64Array.from(row);
        const mean = numbers.reduce((s, x) => s + x, 0) / row.length;
        const variance = numbers.reduce((s, x) => s + (x - mean) ** 2, 0) / row.length;
        const scale = 1 / Math.sqrt(variance + spec.eps);
        return numbers.map((x, j) => (x - mean) * scale * (g[j] ?? 0) + (b[j] ?? 0));
      });
    }
    case 'cnnTrain':
      return cnnLosses(spec);
    default:
      return spec satisfies never;
  }
}

function byRow(
  x: Float32Array,
  columns: number,
  rule: (row: Float32Array) => Float64Array,
): Float64Array {
  const result = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += columns)
    result.set(rule(x.subarray(start, start + columns)), start);
  return result;
}

function mlpForward(p: { [Name in keyof MlpParameters]: Numbers }, x: Numbers, batch: number) {
  const hidden = relu(addRow(product(x, p.W1, batch, 784, 512), p.b1));
  return { hidden, scores: addRow(product(hidden, p.W2, batch, 512, 10), p.b2) };
}

function mlpLosses({ batch, opt, data }: MlpTraining): number[] {
  const { X, labels, Y: _, ...start } = data();
  const { now, update } = updater(start, opt);
  return Array.from({ length: CHECKED_STEPS }, () => {
    const { hidden, scores } = mlpForward(now, X, batch);
    const { loss, gradient } = crossEntropy(scores, labels);
    const back = product(gradient, transposed(now.W2, 512, 10), batch, 10, 512);
    const hiddenGradient = back.map((g, i) => ((hidden[i] ?? 0) > 0 ? g : 0));
    update({
      W2: product(transposed(hidden, batch, 512), gradient, 512, batch, 10),
      b2: columnSums(gradient, 10),
      W1: product(transposed(X, batch, 784), hiddenGradient, 784, batch, 512),
      b1: columnSums(hiddenGradient, 512),
    });
    return loss;
  });
}

function cnnLosses({ batch, opt, data }: CnnTraining): number[] {
  const { X, labels, Y: _, ...start } = data('NCHW');
  const { now, update } = updater<keyof CnnParameters>(start, opt);
  const first = { batch, ins: 1, outs: 16, side: 28 };
  const second = { batch, ins: 16, outs: 32, side: 14 };
  return Array.from({ length: CHECKED_STEPS }, () => {
    const active1 = relu(convolution(X, now.K1, now.c1, first));
    const pool1 = maxPool(active1, batch * 16, 28);
    const active2 = relu(convolution(pool1.values, now.K2, now.c2, second));
    const pool2 = maxPool(active2, batch * 32, 14);
    const scores = addRow(product(pool2.values, now.W, batch, 1568, 10), now.b);
    const { loss, gradient } = crossEntropy(scores, labels);
    const back = product(gradient, transposed(now.W, 1568, 10), batch, 10, 1568);
    const of2 = convolutionGradients(
      pool1.values,
      now.K2,
      unpool(back, pool2.winners, active2),
      second,
    );
    const of1 = convolutionGradients(X, now.K1, unpool(of2.input, pool1.winners, active1), first);
    update({
      W: product(transposed(pool2.values, batch, 1568), gradient, 1568, batch, 10),
      b: columnSums(gradient, 10),
      K2: of2.kernel,
      c2: of2.bias,
      K1: of1.kernel,
      c1: of1.bias,
    });
    return loss;
  });
}

/** Parameters, and what a step does to them. */
function updater<Name extends string>(
  start: Readonly<Record<Name, Numbers>>,
  opt: 'sgd' | 'adam',
): {
  readonly now: Readonly<Record<Name, Float64Array>>;
  update(gradients: Readonly<Record<Name, Float64Array>>): void;
} {
  const names = Object.keys(start) as Name[];
  const fill = (value: (name: Name) => Float64Array): Record<Name, Float64Array> =>
    Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Float64Array>;
  const now = fill((name) => Float64Array.from(start[name]));
  const first = fill((name) => new Float64Array(start[name].length));
  const second = fill((name) => new Float64Array(start[name].length));
  let step = 0;
  return {
    now,
    update(gradients) {
      step += 1;
      for (const name of names) {
        const [p, m, v] = [now[name], first[name], second[name]];
        for (const [i, g] of gradients[name].entries()) {
          if (opt === 'sgd') {
            p[i] = (p[i] ?? 0) - SGD.lr * g;
            continue;
          }
          const m1 = ADAM.b1 * (m[i] ?? 0) + (1 - ADAM.b1) * g;
          const v1 = ADAM.b2 * (v[i] ?? 0) + (1 - ADAM.b2) * g * g;
          m[i] = m1;
          v[i] = v1;
          const spread = Math.sqrt(v1 / (1 - ADAM.b2 ** step)) + ADAM.eps;
          p[i] = (p[i] ?? 0) - (ADAM.lr * (m1 / (1 - ADAM.b1 ** step))) / spread;
        }
      }
    },
  };
}

/** Mean over the rows of ten scores, and the gradient of the mean by the scores. */
function crossEntropy(scores: Float64Array, labels: Numbers) {
  const rows = labels.length;
  let loss = 0;
  const gradient = new Float64Array(scores.length);
  for (let row = 0; row < rows; row++) {
    const z = scores.subarray(row * 10, (row + 1) * 10);
    const label = labels[row] ?? 0;
    const top = Math.max(...z);
    const total = z.reduce((sum, x) => sum + Math.exp(x - top), 0);
    loss += Math.log(total) + top - (z[label] ?? 0);
    for (const [j, x] of z.entries())
      gradient[row * 10 + j] = (Math.exp(x - top) / total - (j === label ? 1 : 0)) / rows;
  }
  return { loss: loss / rows, gradient };
}

function product(a: Numbers, b: Numbers, m: number, k: number, n: number): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let p = 0; p < k; p++) {
      const factor = a[i * k + p] ?? 0;
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) c[i * n + j] = (c[i * n + j] ?? 0) + factor * (b[p * n + j] ?? 0);
    }
  return c;
}

const transposed = (a: Numbers, m: number, n: number): Float64Array =>
  Float64Array.from({ length: m * n }, (_, i) => a[(i % m) * n + Math.floor(i / m)] ?? 0);

const relu = (x: Float64Array): Float64Array => x.map((v) => Math.max(v, 0));

const addRow = (a: Float64Array, row: Numbers): Float64Array =>
  a.map((x, i) => x + (row[i % row.length] ?? 0));

function columnSums(a: Float64Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (const [i, x] of a.entries()) sums[i % columns] = (sums[i % columns] ?? 0) + x;
  return sums;
}
