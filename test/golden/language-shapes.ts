/**
 * Golden cases written in the language: what a user would write for the torch expression. Statements
 * over the inputs of the case, with outputs o0, o1, ….
 */
import type { GoldenCase } from './load.ts';

type Write = (c: GoldenCase) => string;

const numbers = (c: GoldenCase, name: string): readonly number[] => {
  const value = c.attrs[name];
  if (typeof value === 'number') return [value];
  if (!Array.isArray(value)) throw new Error(`${c.id}: ${name} is ${JSON.stringify(value)}`);
  return value;
};
const number = (c: GoldenCase, name: string): number => numbers(c, name)[0] ?? 0;
const list = (c: GoldenCase, name: string): string => `[${numbers(c, name).join(', ')}]`;
const rankOf = (c: GoldenCase): number => c.inputs[0]?.shape.length ?? 0;

const one =
  (expression: string | Write): Write =>
  (c) =>
    `output o0 = ${typeof expression === 'string' ? expression : expression(c)}`;
/** One output for each part of a tuple. */
const parts =
  (tuple: Write): Write =>
  (c) =>
    [`let parts = ${tuple(c)}`, ...c.outputs.map((_, i) => `output o${i} = parts[${i}]`)].join(
      '\n',
    );

/** The first case of a pattern names its axes with spaces, the second letter by letter. */
const einsum: Write = (c) => {
  const pattern = String(c.attrs['eq']);
  const spaced = pattern.replace(/[a-z](?=[a-z])/g, '$& ');
  const names = c.inputs.map((x) => x.name).join(', ');
  return `einsum("${c.id.endsWith('.1') ? spaced : pattern}", ${names})`;
};

/** `x[:, 1:, :]`. */
const slice: Write = (c) => {
  const bound = (name: string): string => String(c.attrs[name] ?? '');
  const axes = Array<string>(number(c, 'axis')).fill(':');
  return `x[${[...axes, `${bound('start')}:${bound('stop')}:${bound('step')}`].join(', ')}]`;
};

/** torch lists pads from the last axis on; a negative one takes elements away. */
const padded =
  (options: (c: GoldenCase) => string): Write =>
  (c) => {
    const pads = numbers(c, 'pad');
    const pairs = Array.from({ length: rankOf(c) }, (_, i) => {
      const at = 2 * (rankOf(c) - 1 - i);
      return [pads[at] ?? 0, pads[at + 1] ?? 0] as const;
    });
    const cut = pairs.map(([lo, hi]) => `${lo < 0 ? -lo : ''}:${hi < 0 ? hi : ''}`);
    const widths = pairs.map(([lo, hi]) => `[${Math.max(0, lo)}, ${Math.max(0, hi)}]`);
    return `pad(x[${cut.join(', ')}], [${widths.join(', ')}], ${options(c)})`;
  };

export const languageExpressions: Readonly<Record<string, Write>> = {
  'torch.einsum(eq, x)': one(einsum),
  'torch.einsum(eq, x, y)': one(einsum),
  'torch.einsum(eq, x, y, z)': one(einsum),
  'torch.tensordot(x, y, dims=1)': one('tensordot(x, y, axes=1)'),
  'torch.tensordot(x, y, dims=(ax, ay))': one(
    (c) => `tensordot(x, y, axes=[${list(c, 'ax')}, ${list(c, 'ay')}])`,
  ),

  'x.reshape(shape)': one((c) => `reshape(x, ${list(c, 'shape')})`),
  'x.flatten(1)': one('flatten(x)'),
  'x.T': one('x.T'),
  'x.permute(perm)': one((c) => `transpose(x, ${list(c, 'perm')})`),
  'x.permute(2, 0, 1).reshape(shape)': one(
    (c) => `reshape(transpose(x, [2, 0, 1]), ${list(c, 'shape')})`,
  ),
  'x.squeeze(1)': one('squeeze(x, 1)'),
  'x.unsqueeze(1)': one('x[:, None]'),
  'sl(x, axis, start, stop, step)': one(slice),
  'sl(sl(x, 0, 1, None, 1), 1, None, None, -2)': one('x[1:, ::-2]'),
  'torch.cat([x, y, z], axis)': one((c) => `concat([x, y, z], axis=${number(c, 'axis')})`),
  'torch.cat([x, y], axis)': one((c) => `concat([x, y], axis=${number(c, 'axis')})`),
  'torch.cat([x, x], axis)': one((c) => `concat([x, x], axis=${number(c, 'axis')})`),
  'torch.stack([x, y, z], axis)': one((c) => `stack([x, y, z], axis=${number(c, 'axis')})`),
  'torch.stack([x, y], axis)': one((c) => `stack([x, y], axis=${number(c, 'axis')})`),
  'x.split(sizes, axis)': parts((c) => `split(x, ${list(c, 'sizes')}, axis=${number(c, 'axis')})`),
  'x.chunk(n, axis)': parts((c) => `split(x, ${number(c, 'n')}, axis=${number(c, 'axis')})`),
  'F.pad(x, pad, value=v)': one(padded((c) => `value=${number(c, 'v')}`)),
  "F.pad(x, pad, mode='reflect')": one(padded(() => 'mode="reflect"')),
  "F.pad(x, pad, mode='replicate')": one(padded(() => 'mode="edge"')),
  "F.pad(x, pad, mode='circular')": one(padded(() => 'mode="wrap"')),
  'x.flip(axes)': one((c) => `flip(x, axis=${list(c, 'axes')})`),
  'torch.roll(x, shifts, axes)': one(
    (c) => `roll(x, ${list(c, 'shifts')}, axis=${list(c, 'axes')})`,
  ),
  'x.repeat(reps)': one((c) => `tile(x, ${list(c, 'reps')})`),
  'x.repeat_interleave(n, axis)': one(
    (c) => `repeat_interleave(x, ${number(c, 'n')}, axis=${number(c, 'axis')})`,
  ),
  'x.expand(shape)': one((c) => `broadcast_to(x, ${list(c, 'shape')})`),
  'x.tril(k)': one((c) => `tril(x, k=${number(c, 'k')})`),
  'x.triu(k)': one((c) => `triu(x, k=${number(c, 'k')})`),
  'x.diagonal()': one('diagonal(x)'),
  'F.pixel_shuffle(x, r)': one(
    (c) =>
      `rearrange(x, "b (c u v) h w -> b c (h u) (w v)", u=${number(c, 'r')}, v=${number(c, 'r')})`,
  ),
  '(x[:, None] * y[None]).transpose(0, 1).reshape(-1).cumsum(0)': one(
    'cumsum(reshape((x[:, None] * y[None, :]).T, [-1]))',
  ),

  'x.index_select(axis, i)': one((c) => `take(x, i, axis=${number(c, 'axis')})`),
  'x.gather(axis, i)': one((c) => `take_along(x, i, axis=${number(c, 'axis')})`),
  'x[i]': one('x[i]'),
  'x.gather(1, i[:, None])[:, 0]': one('take_along(x, i[:, None], axis=1)[:, 0]'),
  'F.embedding(i, w)': one('w[i]'),
  'F.one_hot(i, n)': one((c) => `cast(one_hot(i, ${number(c, 'n')}), i32)`),
  'x.scatter_add(axis, i, y)': one('x + einsum("b k n, b k -> b n", one_hot(i, size(x, 1)), y)'),
  'x.index_add(0, i, y)': one('x + scatter_add(i, y, size(x, 0))'),
  'x.scatter(axis, i, y)': () =>
    'let hit = one_hot(i, size(x, 1))\noutput o0 = where(sum(hit, axis=1) > 0, einsum("b k n, b k -> b n", hit, y), x)',
  'x.topk(k, axis)': parts((c) => `topk(x, ${number(c, 'k')}, axis=${number(c, 'axis')})`),
  'x.sort(dim=1, descending=True)': () =>
    'output o0 = sort(x, axis=1, descending=true)\noutput o1 = argsort(x, axis=1, descending=true)',

  '(lambda h: h * h.exp() + h.sum(0))(x.tanh())': () =>
    'let h = tanh(x)\noutput o0 = h * exp(h) + sum(h, axis=0)',
  '((((x * 2 + y).tanh() - y).sigmoid() * x).exp() / (1 + y * y)).sqrt()': one(
    'sqrt(exp(sigmoid(tanh(x * 2 + y) - y) * x) / (1 + y * y))',
  ),
  '(x - x.mean(1, keepdim=True)) / (x.var(1, unbiased=False, keepdim=True) + 1e-5).sqrt() * y': one(
    '(x - mean(x, axis=1, keepdims=true)) / sqrt(var(x, axis=1, keepdims=true) + 1e-5) * y',
  ),
  'F.cross_entropy(torch.relu(x @ w1 + b1) @ w2 + b2, t)': one(
    'softmax_crossentropy(relu(x @ w1 + b1) @ w2 + b2, t)',
  ),
  '((x @ w).tanh() @ w).tanh() @ w': one('tanh(tanh(x @ w) @ w) @ w'),
  'x * 2': one('x * 2'),
  'x * x.detach() + y': one('x * stop_gradient(x) + y'),
  '-(F.softmax(x, 1).gather(1, t[:, None]).log()).mean()': one(
    '-mean(log(take_along(softmax(x, axis=1), t[:, None], axis=1)))',
  ),
  // Torch's formula is this derivative worked out; its gradient is a derivative of second order.
  '(lambda u: 3 * (u.tanh() * w) ** 2 * w * (1 - u.tanh() ** 2))(x)': one(
    'grad(sum((tanh(x) * w) ** 3), x)',
  ),
};
