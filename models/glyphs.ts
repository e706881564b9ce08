import { model, nn } from '../api/index.ts';

const { accuracy, dense, flatten, relu, softmax, softmaxCrossentropy } = nn;

/** Handwritten-like digits, 28 by 28, made by a generator that is built in: nothing to download. */
export const glyphs = model('glyphs', (m) => {
  const image = m.input('image', 'u8[batch, 28, 28]');
  const label = m.input('label', 'u8[batch]');
  const logits = image.cast('f32').div(255).pipe(flatten, dense(256), relu, dense(10).as('scores'));
  m.output('probs', softmax(logits));
  m.output('digit', logits.argmax({ axis: -1 }));
  m.loss(softmaxCrossentropy(logits, label));
  m.metric('accuracy', accuracy(logits, label));
  m.train({
    data: 'glyphs',
    optimizer: nn.adam({ lr: 1e-3 }),
    batch: 64,
    epochs: 6,
    shuffle: true,
    validation: 'test',
  });
});
