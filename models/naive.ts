import { layer, model, nn, type Tensor } from '../api/index.ts';

const naiveDense = layer(
  'naive_dense',
  { inputs: 'dim', units: 'dim', activation: 'fn' },
  (l, { inputs, units, activation }) =>
    (x: Tensor) => {
      const W = l.param('W', ['f32', inputs, units], nn.uniform(0, 0.1));
      const b = l.param('b', ['f32', units], 0);
      return activation(x.matmul(W).add(b));
    },
  { tensors: ['x: f32[batch, inputs]'] },
);
const naiveSequential = layer(
  'naive_sequential',
  { layers: 'list' },
  (_, { layers }) =>
    (x: Tensor) =>
      (layers as readonly ((x: Tensor) => Tensor)[]).reduce((value, f) => f(value), x),
);

export const naive = model(
  'naive',
  naiveSequential([naiveDense(28 * 28, 512, nn.relu), naiveDense(512, 10, nn.softmax)]),
);
