/** Pages about warnings (NN09xx). */
import type { lints as entries } from '../lints.ts';
import { type Page, page } from './page.ts';

export const lints: Readonly<Record<keyof typeof entries, Page>> = {
  NN0901: page(
    'A value that is never used',
    `A \`let\` is replaced by a later \`let\` of the same name, and nothing reads it in between. Often the second line should have gone on from the first: \`x @ w2\` and not \`w1 @ w2\`. All shapes may
fit, and the network still ignores its input.`,
    `input t: f32[n, 784]
param w1: f32[784, 100] = 0
param w2: f32[100, 50] = 0
let x = relu(t @ w1)
let x = relu(w1 @ w2)
output y = t @ x
`,
    `input t: f32[n, 784]
param w1: f32[784, 100] = 0
param w2: f32[100, 50] = 0
let x = relu(t @ w1)
let x = relu(x @ w2)
output y = x
`,
  ),
  NN0903: page(
    'A parameter that nothing uses',
    `No output, loss or metric depends on this parameter. It is left out of the program and of checkpoints; training would never change it.`,
    `input x: f32[n, 4]
param W: f32[4, 3] = 0
param b: f32[3] = 0
output y = x @ W
`,
    `input x: f32[n, 4]
param W: f32[4, 3] = 0
param b: f32[3] = 0
output y = x @ W + b
`,
  ),
  NN0904: page(
    'An output that no input can change',
    `The output is the same whatever comes in. In a network that is mostly a variable that was mixed up on the way from the input to here.`,
    `input x: f32[n, 4]
param w: f32[4, 3] = 0
param v: f32[3, 2] = 0
output h = x @ w
output y = w @ v
`,
    `input x: f32[n, 4]
param w: f32[4, 3] = 0
param v: f32[3, 2] = 0
output h = x @ w
output y = x @ w @ v
`,
  ),
  NN0905: page(
    'A pipe behind `else`',
    `\`if c then a else b |> f\` pipes only \`b\` into \`f\`, because the pipe belongs to the branch. Parentheses around the whole \`if\` make it apply to both branches; around \`b |> f\` they say that this is
meant.`,
    `input x: f32[n]
output y = if training then x * 2 else x |> relu
`,
    `input x: f32[n]
output y = (if training then x * 2 else x) |> relu
`,
  ),
  NN0910: page(
    'A formula that overflows',
    `\`exp(x)\` is larger than any f32 from about 88 on, so \`log(sum(exp(x)))\` and \`exp(x) / sum(exp(x))\` become infinite or NaN for scores that networks do produce; \`log(softmax(x))\` loses all digits
for small probabilities. \`logsumexp\`, \`softmax\` and \`log_softmax\` of the prelude subtract the largest score first and are exact.`,
    `input x: f32[n, 10]
output y = log(softmax(x))
`,
    `input x: f32[n, 10]
output y = log_softmax(x)
`,
  ),
  NN0911: page(
    'A softmax over the whole batch',
    `A sum without an axis adds up everything, rows included, so each row would be divided by the sum of all rows: the probabilities of one example depend on the others beside it. \`axis=-1\`
normalises each row.`,
    `input x: f32[n, 10]
let e = exp(x - max(x, axis=-1, keepdims=true))
output y = e / sum(e)
`,
    `input x: f32[n, 10]
let e = exp(x - max(x, axis=-1, keepdims=true))
output y = e / sum(e, axis=-1, keepdims=true)
`,
  ),
  NN0912: page(
    'Probabilities where scores are expected',
    `\`softmax_crossentropy\` takes the scores (logits) themselves and applies \`log_softmax\` inside, which is exact. Applied to probabilities it normalises twice: the loss can no longer get near 0, and
training is slow without any other sign.`,
    `input x: f32[n, 784]
input label: u8[n]
let probs = x |> dense(10) |> softmax
loss = softmax_crossentropy(probs, label)
`,
    `input x: f32[n, 784]
input label: u8[n]
let logits = x |> dense(10)
loss = softmax_crossentropy(logits, label)
`,
  ),
  NN0913: page(
    'A column of targets',
    `A prediction for each class, \`[n, 10]\`, minus a target of one column, \`[n, 1]\`, is legal: the column is repeated. But then all classes of a row are drawn to the same number. Class numbers become a
target of the right shape with \`one_hot\`.`,
    `input x: f32[n, 784]
input target: u8[n, 1]
let p = x |> dense(10)
loss = mean((p - cast(target, f32)) ** 2)
`,
    `input x: f32[n, 784]
input target: u8[n, 1]
let p = x |> dense(10)
loss = mean((p - one_hot(target[:, 0], 10)) ** 2)
`,
  ),
};
