import { layer, model, nn, repeat, type Tensor } from '../api/index.ts';

const { accuracy, attention, dense, embedding, ffn, layerNorm, residual, softmaxCrossentropy } = nn;

const vocab = 65;
const ctx = 64;
const d = 64;
const heads = 4;
const depth = 1;

const block = layer('block', { d: 'dim', heads: 'int' }, (_, { d, heads }) =>
  residual(layerNorm().pipe(attention(heads, { causal: true }))).pipe(
    residual(layerNorm().pipe(ffn(4 * d, { activation: nn.geluTanh }))),
  ),
);

/** A transformer that foretells the next character of a text, with the norms before the layers. */
export const charTransformer = model('char_transformer', (m) => {
  const t = m.dim('t', { max: ctx });
  const text = m.input('text', 'u8[batch, t]');
  const next = m.input('next', 'u8[batch, t]');
  const position = m.param('position', ['f32', ctx, d], nn.normal(0, 0.02));
  const seen: Tensor = embedding(vocab, d)(text).add(position.slice([0, t]));
  const made = seen.pipe(repeat(depth, () => block(d, heads)).as('blocks'), layerNorm());
  const logits = m.output('logits', made.pipe(dense(vocab, { bias: false }).as('head')));
  m.loss(softmaxCrossentropy(logits, next));
  m.metric('accuracy', accuracy(logits, next));
  m.train({
    optimizer: nn.adamw({ lr: 3e-3, beta2: 0.95, decay: 0.1 }),
    batch: 32,
    epochs: 2,
    shuffle: true,
    validation: 0.1,
    clip: 1,
  });
});
