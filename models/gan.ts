import { grad, model, nn, ops, type Tensor } from '../api/index.ts';

const { dense, leakyRelu, relu } = nn;
const { tanh } = ops;

export const gan = model('gan', (m) => {
  const image = m.input('image', 'u8[batch, 784]');
  const [batch = 0] = image.shape;
  const real = image.cast('f32').div(127.5).sub(1); // between -1 and 1, as tanh gives it
  const G = dense(64, 256).pipe(relu, dense(784), tanh).as('G');
  const leaky = (x: Tensor) => leakyRelu(x, 0.2);
  const D = dense(784, 256).pipe(leaky, dense(256), leaky, dense(1)).as('D');
  const fake = G(nn.normal(0, 1, { shape: [batch, 64] }));
  const mix = nn.uniform(0, 1, { shape: [batch, 1] });
  const between = ops.stopGradient(mix.mul(real).add(ops.sub(1, mix).mul(fake)));
  const slope = grad(D(between), between).pow(2).sum({ axis: -1 }).add(1e-12).sqrt();
  const apart = D(ops.stopGradient(fake)).mean().sub(D(real).mean());
  const dLoss = m.loss('d_loss', apart.add(ops.mul(10, slope.sub(1).pow(2).mean())));
  const gLoss = m.loss('g_loss', D(fake).mean().neg());
  m.output('sample', G(nn.normal(0, 1, { shape: [100, 64] }))); // a hundred new digits
  const optimizer = nn.adam({ lr: 4e-4, beta1: 0.5, beta2: 0.9 });
  m.train({ data: 'mnist_flat', batch: 64, epochs: 100, shuffle: true });
  m.train('critic', { minimize: dLoss, params: D, optimizer });
  m.train('generator', { minimize: gLoss, params: G, optimizer, every: 5 });
});
