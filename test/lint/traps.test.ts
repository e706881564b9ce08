/** The traps of hand-written networks, with the whole text that `nnc check` shows. */
import { expect, test } from 'vitest';
import { renderAll } from '../../grammar/index.ts';
import { elaborateText } from '../elaborate/elaborate-text.ts';
import { shownWarnings } from './lint-text.ts';

const refused = (text: string): string =>
  renderAll(elaborateText(text).diagnostics, (name) =>
    name === 'test.nn' ? { name, text } : undefined,
  );

test('labels as a column, in a loss', () => {
  const text =
    'input image: f32[60000, 784]\ninput label: i32[60000, 1]\nlet logits = image |> dense(10)\nloss = softmax_crossentropy(logits, label)\n';
  expect(`\n${refused(text)}\n`).toMatchInlineSnapshot(`
    "
    error[NN0206]: \`label\` of softmax_crossentropy has one axis too many
      --> test.nn:4:37
       |
     2 | input label: i32[60000, 1]
       |       ----- i32[60000, 1]: input
    ...
     4 | loss = softmax_crossentropy(logits, label)
       |                             ------  ^^^^^ i32[60000, 1], expected int[60000]
       |                             \`label\` must fit f32[60000, 10] (dense(10), line 3)
       = required by std/losses.nn:57: softmax_crossentropy(logits: float[...b, c], label: int[...b])
    help: \`label[:, 0]\`, or declare \`input label: i32[60000]\`
    "
  `);
});

test('labels as a column of the batch, in a loss', () => {
  const text =
    'input image: f32[batch, 784]\ninput label: u8[batch, 1]\nloss = softmax_crossentropy(image |> dense(10), label)\n';
  expect(`\n${refused(text)}\n`).toMatchInlineSnapshot(`
    "
    error[NN0206]: \`label\` of softmax_crossentropy has one axis too many
      --> test.nn:3:49
       |
     2 | input label: u8[batch, 1]
       |       ----- i32[batch, 1]: input
     3 | loss = softmax_crossentropy(image |> dense(10), label)
       |                             ------------------  ^^^^^ i32[batch, 1], expected int[batch]
       |                             \`label\` must fit f32[batch, 10] (dense(10), line 3)
       = required by std/losses.nn:57: softmax_crossentropy(logits: float[...b, c], label: int[...b])
    help: \`label[:, 0]\`, or declare \`input label: u8[batch]\`
    "
  `);
});

test('labels as a column, subtracted by hand', () => {
  const text =
    'input image: f32[n, 784]\ninput target: f32[n, 1]\nlet probs = image |> dense(10) |> softmax\nloss = mean((probs - target) ** 2)\n';
  expect(`\n${shownWarnings(text)}\n`).toMatchInlineSnapshot(`
    "
    warning[NN0913]: \`target\` is one column, subtracted from each of 10 values
      --> test.nn:4:22
       |
     4 | loss = mean((probs - target) ** 2)
       |              -----   ^^^^^^ f32[n, 1]
       |              f32[n, 10]
    help: a target needs the shape of the prediction; class numbers become it with \`one_hot\`
    "
  `);
});

test('predictions as a column, labels as a row', () => {
  const text =
    'input x: f32[n, 8]\ninput y: f32[n]\nlet pred = x |> dense(1)\nloss = mean((pred - y) ** 2)\n';
  expect(`\n${refused(text)}\n`).toMatchInlineSnapshot(`
    "
    error[NN0208]: subtracting these would stretch both sides
      --> test.nn:4:14
       |
     4 | loss = mean((pred - y) ** 2)
       |              ^^^^   ^ f32[n]        (input, line 2)
       |              f32[n, 1]              (dense(1), line 3)
       = the result would be f32[n, n]: every element of \`pred\` against every element of \`y\`
    help: drop the axis: \`pred[:, 0] - y\`; for all pairs write \`pred - y[None, :]\`
    "
  `);
});

test('predictions as a column in a loss', () => {
  const text = 'input x: f32[n, 8]\ninput y: f32[n]\nloss = mse(x |> dense(1), y)\n';
  expect(`\n${refused(text)}\n`).toMatchInlineSnapshot(`
    "
    error[NN0206]: \`b\` of mse has one axis too few
      --> test.nn:3:27
       |
     2 | input y: f32[n]
       |       - f32[n]: input
     3 | loss = mse(x |> dense(1), y)
       |            -------------  ^ f32[n], expected float[n, 1]
       |            \`b\` must fit f32[n, 1] (dense(1), line 3)
       = required by std/losses.nn:11: mse(a: float[...s], b: float[...s])
    help: \`y[..., None]\` adds the axis
    "
  `);
});

test('a softmax written by hand over all axes', () => {
  const text =
    'fn softmax(x) {\n  let e = exp(x - max(x))\n  return e / sum(e)\n}\ninput image: f32[n, 784]\noutput probs = image |> dense(10) |> softmax\n';
  expect(`\n${shownWarnings(text)}\n`).toMatchInlineSnapshot(`
    "
    warning[NN0911]: this normalises over the whole batch
      --> test.nn:3:14
       |
     3 |   return e / sum(e)
       |              ^^^^^^ sums over every axis of f32[n, 10]
    help: \`axis=-1\`?  each row by itself: \`sum(e, axis=-1, keepdims=true)\`
    "
  `);
});

test('a softmax along the batch, where samples are columns', () => {
  const text =
    'input x: f32[784, n]\nparam W: f32[10, 784] = normal(0, 0.01)\noutput probs = softmax(W @ x)\n';
  expect(`\n${shownWarnings(text)}\n`).toMatchInlineSnapshot(`
    "
    warning[NN0911]: this normalises over the batch: \`n\` is the last axis of f32[10, n]
      --> test.nn:3:16
       |
     3 | output probs = softmax(W @ x)
       |                ^^^^^^^^^^^^^^ along the last axis of f32[10, n]
    help: name the axis of the classes: \`axis=0\`?
    "
  `);
});

test("a layer's input replaced by another tensor of fitting size", () => {
  const text = `input t: f32[n, 784]
param w1: f32[784, 100] = normal(0, 1) * 0.0001
param w2: f32[100, 50] = normal(0, 1) * 0.0001

let x = relu(t @ w1)
let x = w1 @ w2
output probs = softmax(x)
`;
  expect(`\n${shownWarnings(text)}\n`).toMatchInlineSnapshot(`
    "
    warning[NN0901]: the \`x\` of line 5 is never used
      --> test.nn:6:5
       |
     5 | let x = relu(t @ w1)
       |     - f32[n, 100], never read
     6 | let x = w1 @ w2
       |     ^ replaces it: f32[784, 50], which no input can change
    help: did you mean \`x @ w2\`?  f32[n, 100] @ f32[100, 50] gives f32[n, 50]
    "
  `);
});

test('the same inside a layer, under another name', () => {
  const text = `layer two(a: dim, b: dim, c: dim)(x: f32[n, a]) {
  param w1: f32[a, b] = normal(0, 0.1)
  param w2: f32[b, c] = normal(0, 0.1)
  let h = relu(x @ w1)
  return relu(w1 @ w2)
}
input t: f32[n, 784]
output probs = t |> two(784, 100, 50) |> softmax
`;
  expect(`\n${shownWarnings(text)}\n`).toMatchInlineSnapshot(`
    "
    warning[NN0901]: the \`h\` of line 4 is never used
      --> test.nn:4:7
       |
     4 |   let h = relu(x @ w1)
       |       ^ f32[n, 100], never read
     5 |   return relu(w1 @ w2)
       |          ------------- no input can change this
    help: did you mean \`h @ w2\`?  f32[n, 100] @ f32[100, 50] gives f32[n, 50]
    "
  `);
});

test('softmax before a loss that takes logits', () => {
  const text =
    'input image: f32[n, 784]\ninput label: u8[n]\nlet probs = image |> dense(10) |> softmax\nloss = softmax_crossentropy(probs, label)\n';
  expect(`\n${shownWarnings(text)}\n`).toMatchInlineSnapshot(`
    "
    warning[NN0912]: softmax_crossentropy expects logits, and gets probabilities
      --> test.nn:4:29
       |
     3 | let probs = image |> dense(10) |> softmax
       |                                   ------- made here
     4 | loss = softmax_crossentropy(probs, label)
       |                             ^^^^^ the result of \`softmax\`
    help: remove \`|> softmax\` on line 3
    "
  `);
});
