import { fn, layer, model, nn, ops, type Tensor } from '../api/index.ts';

const relu = fn('relu', (x: Tensor) => ops.maximum(x, 0));
const logSoftmax = fn('log_softmax', (x: Tensor) =>
  x.sub(x.exp().sum({ axis: -1, keepdims: true }).log()),
);
const softmax = fn('softmax', (z: Tensor) => {
  const e = z.sub(z.max({ axis: -1, keepdims: true })).exp();
  return e.div(e.sum({ axis: -1, keepdims: true }));
});

const linear = layer(
  'linear',
  { inputs: 'dim', units: 'dim' },
  (l, { inputs, units }) =>
    (x: Tensor) =>
      x.matmul(l.param('w', ['f32', inputs, units], nn.normal(0, 1).mul(0.0001))),
  { tensors: ['x: f32[..., inputs]'] },
);
const twoLinear = layer(
  'two_linear',
  { inputs: 'dim', h1: 'dim', h2: 'dim' },
  (_, { inputs, h1, h2 }) => linear(inputs, h1).pipe(relu, linear(h1, h2), relu),
);

export const byHand = model('by_hand', (m) => {
  const t = m.input('t', 'f32[n, 784]');
  const [n] = t.shape;
  const net = twoLinear(784, 100, 50).as('net');
  const probs = m.output('probs', net(t).pipe(softmax));
  m.output('logp', net(t).pipe(logSoftmax)); // same weights: same instance
  const patch = t.reshape([n ?? 0, 28, 28]).slice(':, 7:-7, 7:-7');
  m.output('centre_mean', patch.mean({ axis: [1, 2] }));
  m.output('gram', ops.tensordot(t, t.T, { axes: 1 }));
  m.expect(nn.allclose(probs.sum({ axis: 1 }), 1));
});
