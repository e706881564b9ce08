import { grad, model, nn, ops } from '../api/index.ts';

export const logreg = model('logreg', (m) => {
  const image = m.input('image', 'u8[batch, 28, 28]');
  const label = m.input('label', 'u8[batch]');
  const W = m.param('W', 'f32[784, 10]', 1);
  const b = m.param('b', 'f32[10]', 0);
  const x = image.cast('f32').div(255).pipe(nn.flatten);
  const target = nn.oneHot(label, 10);
  const probs = m.output('probs', nn.softmax(x.matmul(W).add(b)));
  const cost = nn.categoricalCrossentropy(probs, target);
  const [dW, db] = grad(cost, [W, b]);
  m.update(W, W.sub(ops.mul(0.1, dW)));
  m.update(b, b.sub(ops.mul(0.1, db)));
  m.metric('loss_now', cost);
  const hits = probs.argmax({ axis: -1 }).eq(target.argmax({ axis: -1 }));
  m.metric('accuracy', hits.mean());
  m.metric('threes', label.eq(3).cast('f32').sum());
  m.train({ data: 'mnist', batch: 'all', steps: 1000 });
});
