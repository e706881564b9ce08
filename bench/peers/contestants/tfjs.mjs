import { createRequire } from 'node:module';
import { ADAM, SGD } from '../cases.ts';

const require = createRequire(import.meta.url);
// The union package: in Node it is what registers the gradients and the chained methods (tfjs-core's own CommonJS build does not).
const tf = require('@tensorflow/tfjs');
require('@tensorflow/tfjs-backend-webgpu');
export const name = 'tfjs-webgpu',
  version = tf.version_core,
  layout = 'NHWC';
export async function setup() {
  await tf.setBackend('webgpu');
  await tf.ready();
  if (tf.getBackend() !== 'webgpu') throw new Error(`backend is ${tf.getBackend()}`);
}
const one = async (t) => {
  const s = tf.tidy(() => t.flatten().slice([0], [1]));
  const v = (await s.data())[0];
  s.dispose();
  return v;
};
// f: () => tensor, without side effects
function pure(f, keep) {
  let y = null;
  return {
    run(k) {
      for (let i = 0; i < k; i++) {
        y?.dispose();
        y = tf.tidy(f);
      }
    },
    sync: () => one(y),
    output: () => y.data(),
    dispose() {
      y?.dispose();
      keep.forEach((t) => void t.dispose());
    },
  };
}
function train(opt, vars, loss, keep) {
  const o =
    opt === 'sgd' ? tf.train.sgd(SGD.lr) : tf.train.adam(ADAM.lr, ADAM.b1, ADAM.b2, ADAM.eps);
  let l = null;
  return {
    run(k) {
      for (let i = 0; i < k; i++) {
        l?.dispose();
        l = o.minimize(loss, true, vars);
      }
    },
    sync: async () => (await l.data())[0],
    dispose() {
      l?.dispose();
      o.dispose();
      vars.forEach((v) => void v.dispose());
      keep.forEach((t) => void t.dispose());
    },
  };
}
export const cases = {
  matmul({ n }, d) {
    const A = tf.tensor(d.A, [n, n]),
      B = tf.tensor(d.B, [n, n]);
    return pure(() => tf.matMul(A, B), [A, B]);
  },
  mlpInfer({ batch }, d) {
    const X = tf.tensor(d.X, [batch, 784]),
      W1 = tf.tensor(d.W1, [784, 512]),
      b1 = tf.tensor(d.b1),
      W2 = tf.tensor(d.W2, [512, 10]),
      b2 = tf.tensor(d.b2);
    return pure(
      () =>
        tf.fused.matMul({
          a: tf.fused.matMul({ a: X, b: W1, bias: b1, activation: 'relu' }),
          b: W2,
          bias: b2,
        }),
      [X, W1, b1, W2, b2],
    );
  },
  mlpTrain({ batch, opt }, d) {
    const X = tf.tensor(d.X, [batch, 784]),
      Y = tf.tensor(d.Y, [batch, 10]);
    const v = [
      tf.variable(tf.tensor(d.W1, [784, 512])),
      tf.variable(tf.tensor(d.b1)),
      tf.variable(tf.tensor(d.W2, [512, 10])),
      tf.variable(tf.tensor(d.b2)),
    ];
    return train(
      opt,
      v,
      () =>
        tf.losses.softmaxCrossEntropy(
          Y,
          tf.fused.matMul({
            a: tf.fused.matMul({ a: X, b: v[0], bias: v[1], activation: 'relu' }),
            b: v[2],
            bias: v[3],
          }),
        ),
      [X, Y],
    );
  },
  elementwise20({ n }, d) {
    const X = tf.tensor(d.X, [n]);
    return pure(() => {
      let y = X;
      for (let i = 0; i < 5; i++) y = tf.sub(tf.relu(tf.add(tf.mul(y, 1.1), X)), 0.25);
      return y;
    }, [X]);
  },
  softmax({ rows, cols }, d) {
    const X = tf.tensor(d.X, [rows, cols]);
    return pure(() => tf.softmax(X), [X]);
  },
  layernorm({ rows, cols, eps }, d) {
    // tfjs has no layer-norm kernel: moments + batchNorm's formula, as tfjs-layers writes it
    const X = tf.tensor(d.X, [rows, cols]),
      g = tf.tensor(d.g),
      b = tf.tensor(d.b);
    return pure(() => {
      const { mean, variance } = tf.moments(X, 1, true);
      return tf.add(tf.mul(tf.mul(tf.sub(X, mean), tf.rsqrt(tf.add(variance, eps))), g), b);
    }, [X, g, b]);
  },
  cnnTrain({ batch, opt }, d) {
    const X = tf.tensor(d.X, [batch, 28, 28, 1]),
      Y = tf.tensor(d.Y, [batch, 10]);
    const v = [
      tf.variable(tf.tensor(d.K1, [3, 3, 1, 16])),
      tf.variable(tf.tensor(d.c1)),
      tf.variable(tf.tensor(d.K2, [3, 3, 16, 32])),
      tf.variable(tf.tensor(d.c2)),
      tf.variable(tf.tensor(d.W, [1568, 10])),
      tf.variable(tf.tensor(d.b)),
    ];
    const block = (x, k, c) =>
      tf.maxPool(
        tf.fused.conv2d({ x, filter: k, strides: 1, pad: 'same', bias: c, activation: 'relu' }),
        2,
        2,
        'valid',
      );
    return train(
      opt,
      v,
      () =>
        tf.losses.softmaxCrossEntropy(
          Y,
          tf.fused.matMul({
            a: tf.reshape(block(block(X, v[0], v[1]), v[2], v[3]), [batch, 1568]),
            b: v[4],
            bias: v[5],
          }),
        ),
      [X, Y],
    );
  },
};
