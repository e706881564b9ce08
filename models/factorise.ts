import { model, nn, ops } from '../api/index.ts';

const { embedding, mse } = nn;

const users = 6040;
const items = 3706;
const k = 32;

export const factorise = model('factorise', (m) => {
  const user = m.input('user', 'i32[batch]');
  const item = m.input('item', 'i32[batch]');
  const rating = m.input('rating', 'f32[batch]');
  const U = embedding(users, k).as('U');
  const V = embedding(items, k).as('V');
  const bu = m.param('bu', ['f32', users], 0);
  const bi = m.param('bi', ['f32', items], 0);
  const bias = m.param('bias', 'f32', 3.5);
  const similar = U(user).mul(V(item)).sum({ axis: -1 });
  const score = m.output('score', similar.add(bu.slice(user)).add(bi.slice(item)).add(bias));
  m.loss('fit', mse(score, rating));
  const squares = U(user).pow(2).add(V(item).pow(2));
  m.loss('ridge', ops.mul(1e-4, squares.sum({ axis: -1 }).mean()));
  m.metric('rmse', mse(score, rating).sqrt());
  m.train({ optimizer: nn.adagrad({ lr: 0.05 }), batch: 1024, epochs: 20 });
});
