import { model, nn, ops } from '../api/index.ts';

const { dense, flatten, relu, sigmoid } = { ...nn, ...ops };

export const autoencoder = model('autoencoder', (m) => {
  const image = m.input('image', 'u8[batch, 28, 28]');
  const x = image.cast('f32').div(255).pipe(flatten);
  const noisy = m.training ? x.add(nn.normal(0, 0.3, { like: x })) : x;
  const encoder = dense(784, 128).pipe(relu, dense(32), relu).as('encoder');
  const decoder = dense(32, 128).pipe(relu, dense(784), sigmoid).as('decoder');
  const code = m.output('code', encoder(noisy));
  const restored = m.output('restored', decoder(code));
  m.loss(nn.mse(restored, x));
  m.train({ data: 'mnist', optimizer: nn.adam(), batch: 128, epochs: 10 });
});
