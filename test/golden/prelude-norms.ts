/** The norms and dropout of the prelude. PyTorch's images are [n, c, h, w], ours [n, h, w, c]. */
import type { GoldenCase } from './load.ts';
import { attr, type PreludeCase, type PreludeTable, shape } from './prelude-case.ts';

/** A norm of the prelude between the transpositions of an image. */
function channelsLast(c: GoldenCase, layer: string, owned: PreludeCase['owned']): PreludeCase {
  const rank = shape(c, 'x').length;
  const text =
    rank === 2
      ? `output y = x |> ${layer}`
      : `output y = transpose(transpose(x, [0, 2, 3, 1]) |> ${layer}, [0, 3, 1, 2])`;
  return { text, ...(owned === undefined ? {} : { owned }) };
}

const affine = (layer: string) => ({ w: `${layer}.gamma`, b: `${layer}.beta` });
const running = { ...affine('batch_norm'), rm: 'batch_norm.mu', rv: 'batch_norm.var' };
const lastAxes = (c: GoldenCase): string => {
  const { length } = c.attrs['shape'] as readonly number[];
  return JSON.stringify(Array.from({ length }, (_, i) => i - length));
};

export const normCases: PreludeTable = {
  'bn_train(x, w, b, rm, rv, momentum, eps)': (c) => ({
    ...channelsLast(
      c,
      `batch_norm(momentum=${1 - Number(c.attrs['momentum'])}, eps=${attr(c, 'eps')}, unbiased=true)`,
      running,
    ),
    training: ['batch_norm.mu', 'batch_norm.var'],
  }),
  'F.batch_norm(x, rm, rv, w, b, False, 0.0, eps)': (c) =>
    channelsLast(c, `batch_norm(eps=${attr(c, 'eps')})`, running),
  'F.layer_norm(x, shape, w, b, eps)': (c) =>
    (c.attrs['shape'] as readonly number[]).length === 1
      ? { text: `output y = x |> layer_norm(eps=${attr(c, 'eps')})`, owned: affine('layer_norm') }
      : `output y = standardize(x, axis=${lastAxes(c)}, eps=${attr(c, 'eps')}) * w + b`,
  'F.layer_norm(x, shape, None, None, eps)': (c) =>
    `output y = standardize(x, axis=${lastAxes(c)}, eps=${attr(c, 'eps')})`,
  'F.group_norm(x, groups, w, b, eps)': (c) =>
    channelsLast(
      c,
      `group_norm(${attr(c, 'groups')}, eps=${attr(c, 'eps')})`,
      affine('group_norm'),
    ),
  'F.instance_norm(x, None, None, w, b, True, 0.0, eps)': (c) =>
    channelsLast(c, `instance_norm(eps=${attr(c, 'eps')})`, affine('instance_norm')),
  'rms_norm(x, g, eps)': (c) => ({
    text: `output y = x |> rms_norm(eps=${attr(c, 'eps')})`,
    owned: { g: 'rms_norm.gamma' },
  }),
  'F.normalize(x, dim=1, eps=eps)': (c) =>
    `output y = l2_normalize(x, axis=1, eps=${attr(c, 'eps')})`,
  '(x - x.mean(0)) / (x.std(0, unbiased=False) + eps)': (c) =>
    `output y = (x - mean(x, axis=0)) / (sqrt(var(x, axis=0)) + ${attr(c, 'eps')})`,
  // With the mask given: what `dropout` does with the one that it draws.
  'x * m / (1 - p)': (c) => `output y = x * m / (1 - ${attr(c, 'p')})`,
};
