/** Attention and its surroundings out of the prelude. */
import { attr, type PreludeTable, shape } from './prelude-case.ts';

export const attentionCases: PreludeTable = {
  'sdpa(q, k, v)': () => 'output y = sdpa(q, k, v)',
  'sdpa(q, k, v, causal=True)': () => 'output y = sdpa(q, k, v, causal=true)',
  'sdpa(q, k, v, mask=mask)': () => 'output y = sdpa(q, k, v, mask=mask)',
  'sdpa(q, k, v, scale=scale)': (c) => `output y = sdpa(q, k, v, scale=${attr(c, 'scale')})`,
  'sdpa(x @ wq, x @ wk, x @ wv, causal=True)': () =>
    'output y = sdpa(x @ wq, x @ wk, x @ wv, causal=true)',
  'mha(x, wqkv, bqkv, wo, bo, heads, causal)': (c) => ({
    text: `output y = x |> attention(${attr(c, 'heads')}, causal=${attr(c, 'causal')})`,
    owned: {
      wqkv: 'attention.qkv.W',
      bqkv: 'attention.qkv.b',
      wo: 'attention.proj.W',
      bo: 'attention.proj.b',
    },
  }),
  'rope(x, base)': (c) => `output y = rope(x, base=${attr(c, 'base')})`,
  "x + F.gelu(F.layer_norm(x, (n,), g, b, 1e-5) @ w1 + b1, approximate='tanh') @ w2 + b2": (c) => ({
    text: `let body = layer_norm(eps=1e-5) |> ffn(${shape(c, 'b1')[0]}, activation=gelu_tanh)
           output y = x |> residual(body)`,
    owned: {
      g: 'body.layer_norm.gamma',
      b: 'body.layer_norm.beta',
      w1: 'body.ffn.dense.W',
      b1: 'body.ffn.dense.b',
      w2: 'body.ffn.dense_1.W',
      b2: 'body.ffn.dense_1.b',
    },
  }),
  '(F.silu(x @ w1) * (x @ w3)) @ w2': (c) => ({
    text: `output y = x |> swiglu(${shape(c, 'w1')[1]})`,
    owned: { w1: 'swiglu.gate.W', w3: 'swiglu.value.W', w2: 'swiglu.out.W' },
  }),
};
