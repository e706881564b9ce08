/** The losses of the prelude. */

import type { GoldenCase } from './load.ts';
import { attr, type PreludeTable } from './prelude-case.ts';

const reduction = (c: GoldenCase): string => `reduction=${attr(c, 'reduction')}`;

export const lossCases: PreludeTable = {
  'F.mse_loss(x, y, reduction=reduction)': (c) => `output l = mse(x, y, ${reduction(c)})`,
  'F.l1_loss(x, y, reduction=reduction)': (c) => `output l = mae(x, y, ${reduction(c)})`,
  "F.l1_loss(x, y, reduction='none')": () => 'output l = mae(x, y, reduction="none")',
  'F.huber_loss(x, y, delta=delta, reduction=reduction)': (c) =>
    `output l = huber(x, y, delta=${attr(c, 'delta')}, ${reduction(c)})`,
  "F.huber_loss(x, y, delta=1.0, reduction='none')": () =>
    'output l = huber(x, y, reduction="none")',
  'F.smooth_l1_loss(x, y, beta=beta, reduction=reduction)': (c) =>
    `output l = smooth_l1(x, y, beta=${attr(c, 'beta')}, ${reduction(c)})`,
  'F.mse_loss(x @ w, y) + lam * (w * w).sum()': (c) =>
    `output l = mse(x @ w, y) + ${attr(c, 'lam')} * sum(w ** 2)`,

  'F.nll_loss(x, t, reduction=reduction)': (c) => `output l = nll(x, t, ${reduction(c)})`,
  'F.cross_entropy(x, t, reduction=reduction)': (c) =>
    `output l = softmax_crossentropy(x, t, ${reduction(c)})`,
  "F.cross_entropy(x, t, reduction='none')": () =>
    'output l = softmax_crossentropy(x, t, reduction="none")',
  'F.cross_entropy(x, t, label_smoothing=s)': (c) =>
    `output l = softmax_crossentropy(x, t, smoothing=${attr(c, 's')})`,
  'F.cross_entropy(x, t, weight=w)': () => 'output l = softmax_crossentropy(x, t, weight=w)',
  'F.cross_entropy(x, t, ignore_index=ignore)': (c) =>
    `output l = softmax_crossentropy(x, t, ignore=[${attr(c, 'ignore')}])`,
  // [n, c, d, e] there.
  'F.cross_entropy(x, t)': () => 'output l = softmax_crossentropy(transpose(x, [0, 2, 3, 1]), t)',
  'F.cross_entropy(x, y)': () => 'output l = soft_crossentropy(x, y)',
  '-(y * F.log_softmax(x, 1)).sum(1).mean()': () => 'output l = soft_crossentropy(x, y)',
  '-(y * p.clamp(1e-7, 1 - 1e-7).log()).sum(1).mean()': () =>
    'output l = categorical_crossentropy(p, y)',
  // The logits of p and 1 - p are their logarithms.
  '(-(1 - p) ** gamma * p.log()).mean()': (c) =>
    `let n = size(p, 0)
     output l = focal(stack([log(p), log(1 - p)], axis=-1), zeros([n], dtype=i32), gamma=${attr(c, 'gamma')})`,

  'F.binary_cross_entropy(x, y, reduction=reduction)': (c) =>
    `output l = bce(x, y, ${reduction(c)})`,
  'F.binary_cross_entropy_with_logits(x, y, reduction=reduction)': (c) =>
    `output l = sigmoid_crossentropy(x, y, ${reduction(c)})`,
  "F.binary_cross_entropy_with_logits(x, y, reduction='none')": () =>
    'output l = sigmoid_crossentropy(x, y, reduction="none")',
  'F.binary_cross_entropy_with_logits(x, y, pos_weight=pw)': () =>
    'output l = sigmoid_crossentropy(x, y, pos_weight=pw)',

  '(1 - y * x).clamp(min=0).mean()': () => 'output l = hinge(x, y)',
  'F.multi_margin_loss(x, t, margin=margin, reduction=reduction)': (c) =>
    `output l = multiclass_hinge(x, t, margin=${attr(c, 'margin')}, ${reduction(c)})`,
  // Element by element there; `kl_target` sums over the classes first.
  'F.kl_div(x, y, reduction=reduction)': (c) =>
    `output l = reduced(xlogy(y, y) - y * x, ${attr(c, 'reduction')})`,
  'F.cosine_similarity(x, y, dim=1)': () => 'output l = cosine_similarity(x, y, axis=1)',
};
