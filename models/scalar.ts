import { grad, model, nn, ops } from '../api/index.ts';

export const scalar = model('scalar', (m) => {
  const x = m.constant(2);
  const w = m.param('w', 'f32', 3);
  const b = m.param('b', 'f32', 1);
  const x1 = x.mul(w);
  const x2 = x1.add(b);
  const loss = m.loss(ops.abs(ops.sub(4, x2)));
  const dw = m.output('dw', grad(loss, w));
  const db = m.output('db', grad(loss, b));
  m.expect(dw.eq(2).and(db.eq(1)).and(loss.eq(3)));

  const v = m.constant([5, 4, 3, 2, 1, 0]);
  const dv = m.output('dv', grad(v.pow(2), v)); // 10 8 6 4 2 0
  m.expect(nn.allclose(dv, ops.mul(2, v)));
  m.expect(grad(grad(x.pow(3), x), x).eq(12));
});
