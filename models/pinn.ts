import { grad, model, nn, ops } from '../api/index.ts';

const { dense } = nn;
const { sin, tanh } = ops;

/** A network that learns the solution of u'' = -u from the equation alone. */
export const pinn = model('pinn', (m) => {
  const x = m.input('x', 'f32[n, 1]');
  const net = dense(1, 32).pipe(tanh, dense(32), tanh, dense(1)).as('net');
  const u = m.output('u', net(x));
  const du = grad(u, x);
  const d2u = grad(du, x);
  const zero = m.constant(ops.zeros([1, 1]));
  const u0 = net(zero);
  m.loss('ode', d2u.add(u).pow(2).mean());
  m.loss('start', u0.pow(2).add(grad(u0, zero).sub(1).pow(2)).sum());
  m.metric('error', u.sub(sin(x)).abs().mean());
  m.metric('worst', u.sub(sin(x)).abs().max());
  m.train({
    data: 'sine',
    limit: 128,
    optimizer: nn.adam({ lr: 1e-3 }),
    batch: 'all',
    steps: 5000,
  });
});
