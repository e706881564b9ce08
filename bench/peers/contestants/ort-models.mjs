// The ONNX graphs of every case, shared by the two onnxruntime contestants. Inputs are fed, parameters are initialisers.
// ONNX Runtime does not train: the training cases are the whole step (forward, hand-derived backward, update) written out
// as one ONNX graph, with the parameters as inputs and outputs - what a compiler that targets ORT could reach, not an ORT feature.

import { ADAM, SGD } from '../cases.ts';
import { graph } from './onnx.mjs';

const f = (x) => Float32Array.of(x),
  i64 = (a) => BigInt64Array.from(a.map(BigInt));
export const models = {
  matmul({ n }, d) {
    const g = graph();
    g.node('MatMul', ['A', 'B'], ['y']);
    return {
      bytes: g.build({ A: [n, n], B: [n, n] }, { y: [n, n] }),
      feeds: { A: [d.A, [n, n]], B: [d.B, [n, n]] },
      out: { y: [n, n] },
    };
  },
  mlpInfer({ batch }, d) {
    const g = graph();
    g.init('W1', [784, 512], d.W1);
    g.init('b1', [512], d.b1);
    g.init('W2', [512, 10], d.W2);
    g.init('b2', [10], d.b2);
    g.node('Gemm', [g.node('Relu', [g.node('Gemm', ['X', 'W1', 'b1'])]), 'W2', 'b2'], ['y']);
    return {
      bytes: g.build({ X: [batch, 784] }, { y: [batch, 10] }),
      feeds: { X: [d.X, [batch, 784]] },
      out: { y: [batch, 10] },
    };
  },
  elementwise20({ n }, d) {
    const g = graph();
    g.init('a', [], f(1.1));
    g.init('q', [], f(0.25));
    let y = 'X';
    for (let i = 0; i < 5; i++)
      y = g.node(
        'Sub',
        [g.node('Relu', [g.node('Add', [g.node('Mul', [y, 'a']), 'X'])]), 'q'],
        i === 4 ? ['y'] : undefined,
      );
    return { bytes: g.build({ X: [n] }, { y: [n] }), feeds: { X: [d.X, [n]] }, out: { y: [n] } };
  },
  softmax({ rows, cols }, d) {
    const g = graph();
    g.node('Softmax', ['X'], ['y'], { axis: -1 });
    return {
      bytes: g.build({ X: [rows, cols] }, { y: [rows, cols] }),
      feeds: { X: [d.X, [rows, cols]] },
      out: { y: [rows, cols] },
    };
  },
  layernorm({ rows, cols, eps }, d) {
    const g = graph();
    g.init('g', [cols], d.g);
    g.init('b', [cols], d.b);
    g.node('LayerNormalization', ['X', 'g', 'b'], ['y'], { axis: -1, epsilon: { f: eps } });
    return {
      bytes: g.build({ X: [rows, cols] }, { y: [rows, cols] }),
      feeds: { X: [d.X, [rows, cols]] },
      out: { y: [rows, cols] },
    };
  },
  mlpTrain({ batch: B, opt }, d) {
    const g = graph(),
      P = { W1: [784, 512], b1: [512], W2: [512, 10], b2: [10] };
    g.init('zero', [], f(0));
    g.init('invB', [], f(1 / B));
    g.init('ax0', [1], i64([0]));
    const h = g.node('Relu', [g.node('Gemm', ['X', 'W1', 'b1'])]),
      z = g.node('Gemm', [h, 'W2', 'b2']);
    const p = g.node('Softmax', [z], undefined, { axis: -1 });
    const ll = g.node('Mul', [g.node('LogSoftmax', [z], undefined, { axis: -1 }), 'Y']);
    g.node(
      'Neg',
      [g.node('Mul', [g.node('ReduceSum', [ll], undefined, { keepdims: 0 }), 'invB'])],
      ['loss'],
    );
    const gz = g.node('Mul', [g.node('Sub', [p, 'Y']), 'invB']);
    const gh0 = g.node('Gemm', [gz, 'W2'], undefined, { transB: 1 });
    const gh = g.node('Where', [g.node('Greater', [h, 'zero']), gh0, 'zero']);
    const G = {
      W2: g.node('Gemm', [h, gz], undefined, { transA: 1 }),
      b2: g.node('ReduceSum', [gz, 'ax0'], undefined, { keepdims: 0 }),
      W1: g.node('Gemm', ['X', gh], undefined, { transA: 1 }),
      b1: g.node('ReduceSum', [gh, 'ax0'], undefined, { keepdims: 0 }),
    };
    const ins = {},
      outs = {},
      feeds = {},
      carry = {};
    update(g, opt, P, G, d, ins, outs, feeds, carry);
    return {
      bytes: g.build({ X: [B, 784], Y: [B, 10], ...ins }, { loss: [], ...outs }),
      feeds: { X: [d.X, [B, 784]], Y: [d.Y, [B, 10]], ...feeds },
      out: { loss: [], ...outs },
      carry,
      value: 'loss',
    };
  },
};
function update(g, opt, P, G, d, ins, outs, feeds, carry) {
  const state = (k, dims, data) => {
    ins[k] = dims;
    outs[`${k}_`] = dims;
    feeds[k] = [data, dims];
    carry[k] = `${k}_`;
  };
  const size = (s) => s.reduce((a, b) => a * b, 1);
  if (opt === 'sgd') {
    g.init('lr', [], f(SGD.lr));
    for (const k in P) {
      state(k, P[k], d[k]);
      g.node('Sub', [k, g.node('Mul', [G[k], 'lr'])], [`${k}_`]);
    }
    return;
  }
  const c = {
    lr: ADAM.lr,
    B1: ADAM.b1,
    B2: ADAM.b2,
    C1: 1 - ADAM.b1,
    C2: 1 - ADAM.b2,
    eps: ADAM.eps,
    one: 1,
  };
  for (const k in c) g.init(k, [], f(c[k]));
  state('t1', [], f(1));
  state('t2', [], f(1));
  const a = g.node('Sub', ['one', g.node('Mul', ['t1', 'B1'], ['t1_'])]),
    b = g.node('Sub', ['one', g.node('Mul', ['t2', 'B2'], ['t2_'])]);
  for (const k in P) {
    state(k, P[k], d[k]);
    state(`m${k}`, P[k], new Float32Array(size(P[k])));
    state(`v${k}`, P[k], new Float32Array(size(P[k])));
    const m = g.node(
      'Add',
      [g.node('Mul', [`m${k}`, 'B1']), g.node('Mul', [G[k], 'C1'])],
      [`m${k}_`],
    );
    const v = g.node(
      'Add',
      [g.node('Mul', [`v${k}`, 'B2']), g.node('Mul', [g.node('Mul', [G[k], G[k]]), 'C2'])],
      [`v${k}_`],
    );
    g.node(
      'Sub',
      [
        k,
        g.node('Div', [
          g.node('Mul', [g.node('Div', [m, a]), 'lr']),
          g.node('Add', [g.node('Sqrt', [g.node('Div', [v, b])]), 'eps']),
        ]),
      ],
      [`${k}_`],
    );
  }
}
