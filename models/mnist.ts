import { model, nn, ops } from '../api/index.ts';

const { accuracy, dense, flatten, relu, softmax, softmaxCrossentropy } = nn;

export const mnist = model(
  'mnist',
  {
    inputs: { image: 'u8[batch, 28, 28]', label: 'u8[batch]' },
    layers: { dense: dense(512), scores: dense(10) },
  },
  ({ image, label, dense, scores }, m) => {
    const logits = image.cast('f32').div(255).pipe(flatten, dense, relu, scores);
    m.loss(softmaxCrossentropy(logits, label));
    m.metric('accuracy', accuracy(logits, label));
    m.train({
      data: 'mnist',
      optimizer: nn.rmsprop({ lr: 1e-3 }),
      batch: 128,
      epochs: 5,
      shuffle: true,
      validation: 'test',
    });
    return { probs: softmax(logits), digit: ops.argmax(logits, { axis: -1 }) };
  },
);
