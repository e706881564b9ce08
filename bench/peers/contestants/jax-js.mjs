import { readFileSync } from 'node:fs';
import * as jax from '@jax-js/jax';
import { ADAM, SGD } from '../cases.ts';

const { numpy: np, nn, lax, jit, valueAndGrad, tree } = jax;
export const name = 'jax-js',
  version = JSON.parse(
    readFileSync(new URL('../node_modules/@jax-js/jax/package.json', import.meta.url)),
  ).version;
export async function setup() {
  const d = await jax.init('webgpu');
  if (!d.includes('webgpu')) throw new Error('jax-js: no webgpu backend');
  jax.defaultDevice('webgpu');
}
const arr = (x, shape) => np.array(x).reshape(shape);
// f is jitted and owns its arguments; every call gives it a fresh reference to each
function pure(f, args) {
  const g = jit(f);
  let y = null;
  return {
    async run(k) {
      for (let i = 0; i < k; i++) {
        y?.dispose();
        y = g(...args.map((a) => a.ref));
        if (k > 1) await y.blockUntilReady();
      }
    },
    sync: async () => (await y.ref.flatten().slice([0, 1]).data())[0],
    output: () => y.ref.data(),
    dispose() {
      y?.dispose();
      args.forEach((a) => void a.dispose());
      g.dispose?.();
    },
  };
}
function train(opt, p, lossFn, X, Y) {
  const sgd = (p, s, X, Y) => {
    const [l, g] = valueAndGrad(lossFn)(tree.ref(p), X, Y);
    return [tree.map((a, b) => a.sub(b.mul(SGD.lr)), p, g), s, l];
  };
  const adam = (p, s, X, Y) => {
    const [l, g] = valueAndGrad(lossFn)(tree.ref(p), X, Y);
    const b1t = s.b1t.mul(ADAM.b1),
      b2t = s.b2t.mul(ADAM.b2);
    const m = tree.map((m, g) => m.mul(ADAM.b1).add(g.mul(1 - ADAM.b1)), s.m, tree.ref(g));
    const v = tree.map((v, g) => v.mul(ADAM.b2).add(np.square(g).mul(1 - ADAM.b2)), s.v, g);
    const c1 = np.subtract(1, b1t.ref),
      c2 = np.subtract(1, b2t.ref);
    const q = tree.map(
      (p, m, v) =>
        p.sub(
          m
            .div(c1.ref)
            .mul(ADAM.lr)
            .div(np.sqrt(v.div(c2.ref)).add(ADAM.eps)),
        ),
      p,
      tree.ref(m),
      tree.ref(v),
    );
    c1.dispose();
    c2.dispose();
    return [q, { m, v, b1t, b2t }, l];
  };
  const step = jit(opt === 'sgd' ? sgd : adam);
  let s =
    opt === 'sgd'
      ? {}
      : {
          m: tree.map((a) => np.zeros(a.shape), p),
          v: tree.map((a) => np.zeros(a.shape), p),
          b1t: np.array(1),
          b2t: np.array(1),
        };
  let l = null;
  return {
    run(k) {
      for (let i = 0; i < k; i++) {
        l?.dispose();
        [p, s, l] = step(p, s, X.ref, Y.ref);
      }
    },
    sync: async () => (await l.ref.data())[0],
    dispose() {
      l?.dispose();
      tree.dispose(p);
      tree.dispose(s);
      X.dispose();
      Y.dispose();
      step.dispose?.();
    },
  };
}
const xent = (z, Y, batch) =>
  nn
    .logSoftmax(z, -1)
    .mul(Y)
    .sum()
    .mul(-1 / batch);
const mlp = (p, X) => np.matmul(nn.relu(np.matmul(X, p.W1).add(p.b1)), p.W2).add(p.b2);
const mlpP = (d) => ({
  W1: arr(d.W1, [784, 512]),
  b1: arr(d.b1, [512]),
  W2: arr(d.W2, [512, 10]),
  b2: arr(d.b2, [10]),
});
export const cases = {
  matmul: ({ n }, d) => pure((A, B) => np.matmul(A, B), [arr(d.A, [n, n]), arr(d.B, [n, n])]),
  mlpInfer({ batch }, d) {
    const p = mlpP(d);
    return pure(
      (X, W1, b1, W2, b2) => mlp({ W1, b1, W2, b2 }, X),
      [arr(d.X, [batch, 784]), p.W1, p.b1, p.W2, p.b2],
    );
  },
  mlpTrain: ({ batch, opt }, d) =>
    train(
      opt,
      mlpP(d),
      (p, X, Y) => xent(mlp(p, X), Y, batch),
      arr(d.X, [batch, 784]),
      arr(d.Y, [batch, 10]),
    ),
  elementwise20: ({ n }, d) =>
    pure(
      (X) => {
        let y = X.ref;
        for (let i = 0; i < 5; i++) y = nn.relu(y.mul(1.1).add(X.ref)).sub(0.25);
        X.dispose();
        return y;
      },
      [arr(d.X, [n])],
    ),
  softmax: ({ rows, cols }, d) => pure((X) => nn.softmax(X, -1), [arr(d.X, [rows, cols])]),
  layernorm: ({ rows, cols, eps }, d) =>
    pure(
      (X, g, b) => nn.standardize(X, -1, { epsilon: eps }).mul(g).add(b),
      [arr(d.X, [rows, cols]), arr(d.g, [cols]), arr(d.b, [cols])],
    ),
  cnnTrain({ batch, opt }, d) {
    const p = {
      K1: arr(d.K1, [16, 1, 3, 3]),
      c1: arr(d.c1, [16, 1, 1]),
      K2: arr(d.K2, [32, 16, 3, 3]),
      c2: arr(d.c2, [32, 1, 1]),
      W: arr(d.W, [1568, 10]),
      b: arr(d.b, [10]),
    };
    const block = (x, k, c) =>
      lax.reduceWindow(nn.relu(lax.conv(x, k, [1, 1], 'SAME').add(c)), np.max, [2, 2], [2, 2]);
    return train(
      opt,
      p,
      (p, X, Y) =>
        xent(
          np.matmul(block(block(X, p.K1, p.c1), p.K2, p.c2).reshape([batch, 1568]), p.W).add(p.b),
          Y,
          batch,
        ),
      arr(d.X, [batch, 1, 28, 28]),
      arr(d.Y, [batch, 10]),
    );
  },
};
