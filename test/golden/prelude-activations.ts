/** The activations of the prelude. */
import { attr, type PreludeTable } from './prelude-case.ts';

export const activationCases: PreludeTable = {
  'F.relu(x)': () => 'output y = relu(x)',
  'F.relu6(x)': () => 'output y = relu6(x)',
  'F.leaky_relu(x, slope)': (c) => `output y = leaky_relu(x, ${attr(c, 'slope')})`,
  'F.elu(x, alpha)': (c) => `output y = elu(x, alpha=${attr(c, 'alpha')})`,
  'F.selu(x)': () => 'output y = selu(x)',
  'F.celu(x, alpha)': (c) => `output y = celu(x, alpha=${attr(c, 'alpha')})`,
  'F.gelu(x)': () => 'output y = gelu(x)',
  "F.gelu(x, approximate='tanh')": () => 'output y = gelu_tanh(x)',
  'F.silu(x)': () => 'output y = silu(x)',
  'x * F.softplus(x).tanh()': () => 'output y = mish(x)',
  'torch.logaddexp(x, torch.zeros_like(x))': () => 'output y = softplus(x)',
  'F.softsign(x)': () => 'output y = softsign(x)',
  'F.hardswish(x)': () => 'output y = hard_swish(x)',
  'F.hardsigmoid(x)': () => 'output y = hard_sigmoid(x)',
  'F.hardtanh(x, lo, hi)': (c) =>
    `output y = hard_tanh(x, lo=${attr(c, 'lo')}, hi=${attr(c, 'hi')})`,
  'F.logsigmoid(x)': () => 'output y = log_sigmoid(x)',
  'F.softshrink(x, lam)': (c) => `output y = soft_shrink(x, width=${attr(c, 'lam')})`,
  'F.hardshrink(x, lam)': (c) => `output y = hard_shrink(x, width=${attr(c, 'lam')})`,
  'x - x.tanh()': () => 'output y = tanh_shrink(x)',
  'F.threshold(x, t, v)': (c) => `output y = threshold(x, ${attr(c, 't')}, ${attr(c, 'v')})`,
  'x.sinh()': () => 'output y = sinh(x)',
  'x.cosh()': () => 'output y = cosh(x)',
  'x.tan()': () => 'output y = tan(x)',
  'torch.logaddexp(x, y)': () => 'output z = logaddexp(x, y)',
  'x.clamp(lo, hi)': (c) => `output y = clip(x, ${attr(c, 'lo')}, ${attr(c, 'hi')})`,
  'F.softmax(x, axis)': (c) => `output y = softmax(x, axis=${attr(c, 'axis')})`,
  'F.log_softmax(x, axis)': (c) => `output y = log_softmax(x, axis=${attr(c, 'axis')})`,
  'F.softmax(x / t, 1)': (c) => `output y = softmax(x / ${attr(c, 't')}, axis=1)`,
  'torch.logsumexp(x, axes, keepdim=keep)': (c) =>
    `output y = logsumexp(x, axis=${attr(c, 'axes')}, keepdims=${attr(c, 'keep')})`,
};
