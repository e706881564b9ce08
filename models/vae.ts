import { layer, model, nn, ops, type Tensor } from '../api/index.ts';

const { dense, flatten, relu } = nn;

const latent = 20;
const encoder = layer(
  'encoder',
  { z: 'dim' },
  (_, { z }) =>
    (x: Tensor) => {
      const h = x.pipe(dense(400), relu);
      return [h.pipe(dense(z).as('mu')), h.pipe(dense(z).as('logvar'))] as const;
    },
  { tensors: ['x: f32[b, 784]'] },
);

export const vae = model('vae', (m) => {
  const decode = dense(latent, 400).pipe(relu, dense(784)).as('decode');

  const image = m.input('image', 'u8[batch, 28, 28]');
  const x = image.cast('f32').div(255).pipe(flatten);
  const [mu, logvar] = encoder(latent)(x);
  const noise = nn.normal(0, 1, { like: mu });
  const z = mu.add(ops.mul(0.5, logvar).exp().mul(noise));
  const logits = decode(z);
  m.output('restored', ops.sigmoid(logits));
  const cost = ops.softplus(logits).sub(x.mul(logits));
  m.loss('recon', cost.sum({ axis: -1 }).mean());
  const apart = ops.add(1, logvar).sub(mu.pow(2)).sub(logvar.exp());
  m.loss('kl', ops.mul(-0.5, apart.sum({ axis: -1 }).mean()));

  const code = m.input('code', `f32[k, ${latent}]`);
  m.output('drawn', decode(code).pipe(ops.sigmoid));
  m.train({ data: 'mnist', optimizer: nn.adam(), batch: 128, epochs: 20 });
});
