import { model, nn, ops } from '../api/index.ts';

const { accuracy, dense, softmax, softmaxCrossentropy } = nn;
const { tanh } = ops;

export const digits = model('digits', (m) => {
  const pixels = m.input('pixels', 'u8[n, 64]');
  const label = m.input('label', 'u8[n]');
  const X = pixels.cast('f32').div(16);
  const logits = X.pipe(dense(100), tanh, dense(50), tanh, dense(10));
  m.output('y_hat', softmax(logits));
  m.loss(softmaxCrossentropy(logits, label));
  m.metric('accuracy', accuracy(logits, label));
  m.train({
    data: 'digits',
    optimizer: nn.adam({ lr: 1e-3 }),
    batch: 32,
    epochs: 100,
    shuffle: true,
    validation: 0.2,
    seed: 12345,
  });
});
