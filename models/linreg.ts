import { model, nn } from '../api/index.ts';

export const linreg = model('linreg', (m) => {
  const x = m.input('x', 'f32[n]');
  const y = m.input('y', 'f32[n]');
  const slope = m.param('m', 'f32', 1);
  const b = m.param('b', 'f32', 0);
  const predicted = m.output('y_pred', slope.mul(x).add(b));
  m.loss(nn.mse(predicted, y));

  const dx = x.sub(x.mean());
  const best = m.output('m_best', dx.mul(y.sub(y.mean())).mean().div(dx.pow(2).mean()));
  m.output('b_best', y.mean().sub(best.mul(x.mean())));

  m.train({ optimizer: nn.sgd({ lr: 0.05 }), batch: 'all', steps: 100 });
});
