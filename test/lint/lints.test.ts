/** Each lint on what it is for: place, sentences and fix; the fixed text has no warning left. */
import { describe, expect, test } from 'vitest';
import { unmark } from '../elaborate/elaborate-text.ts';
import { applied, lintText } from './lint-text.ts';

interface Row {
  readonly code: string;
  /** The place is marked with «…». */
  readonly text: string;
  readonly message: string;
  readonly help: string;
  readonly label?: string;
  readonly notes?: readonly string[];
  /** The place after the fix, if there is one; the line where it stands is given. */
  readonly fixed?: string;
}

const rows10 = 'input x: f32[n, 10]\ninput label: u8[n]\n';

const table: readonly Row[] = [
  {
    code: 'NN0215',
    text: 'input x: f32[batch, 8]\ninput y: f32[«bacth», 8]\noutput z = mean(x)\noutput w = mean(y)\n',
    message: '`bacth` and `batch`: the same size?',
    help: 'write `batch` in both places',
    label: 'used only here',
    notes: ['`batch` (line 1)'],
    fixed: 'input y: f32[batch, 8]',
  },
  {
    code: 'NN0215',
    text: 'layer f()(a: f32[rows, k], b: f32[«row», k]) = mean(a) + mean(b)\ninput x: f32[n, 8]\noutput z = f()(x, x)\n',
    message: '`row` and `rows`: the same size?',
    help: 'write `rows` in both places',
    fixed: 'layer f()(a: f32[rows, k], b: f32[rows, k]) = mean(a) + mean(b)',
  },
  {
    code: 'NN0901',
    text: `${rows10}let «h» = x |> dense(4)\noutput y = x\n`,
    message: 'the `h` of line 3 is never used',
    help: 'use it, leave it out, or call it `_h`',
    label: 'f32[n, 4], never read',
    notes: [],
  },
  {
    code: 'NN0901',
    text: `${rows10}let h = x |> dense(4)\nlet «h» = x |> relu\noutput y = h\n`,
    message: 'the `h` of line 3 is never used',
    help: 'give one of the two another name, or leave the first one out',
    label: 'replaces it: f32[n, 10]',
    notes: ['f32[n, 4], never read'],
  },
  {
    code: 'NN0901',
    text: `${rows10}let «net» = dense(4) |> relu\noutput y = x\n`,
    message: 'the `net` of line 3 is never used',
    help: 'use it, leave it out, or call it `_net`',
    label: 'never read',
  },
  {
    code: 'NN0901',
    text: `fn f(x) {\n  let «(a, b)» = split(x, 2)\n  return x\n}\n${rows10}output y = f(x)\n`.replace(
      '«(a, b)»',
      '(«a», b)',
    ),
    message: 'the `a` of line 2 is never used',
    help: 'use it, leave it out, or call it `_a`',
  },
  {
    code: 'NN0901',
    text: `layer f()(h: f32[n, k]) {\n  param W: f32[k, k] = 0\n  let «h» = W @ W\n  return h\n}\n${rows10}output y = x |> f() |> { _ + mean(x) }\n`,
    message: 'the `h` of line 1 is never used',
    help: 'did you mean `h @ W`?  f32[n, 10] @ f32[10, 10] gives f32[n, 10]',
    label: 'replaces it: f32[10, 10], which no input can change',
    notes: ['f32[n, 10], never read'],
  },
  {
    code: 'NN0903',
    text: `${rows10}param «W»: f32[4] = 0\noutput y = x\n`,
    message: 'no output or loss uses the parameter `W`',
    help: 'it is left out of the program; use it or remove its line',
  },
  {
    code: 'NN0903',
    text: `layer f()(x: f32[n, k]) {\n  param W: f32[k, k] = 0\n  param «b»: f32[k] = 0\n  return x @ W\n}\n${rows10}output y = x |> f()\n`,
    message: 'no output or loss uses the parameter `b`',
    help: 'it is left out of the program; use it or remove its line',
  },
  {
    code: 'NN0903',
    text: `${rows10}let h = x |> dense(10)\nloss = mean(h ** 2)\noutput y = h |> «dense(3)»\n`,
    message: 'the loss does not depend on `dense_1`',
    help: 'training leaves it at its initial value: let it take part in the loss, or leave it out',
  },
  {
    code: 'NN0904',
    text: `${rows10}param W: f32[10, 3] = 0\noutput «y» = softmax(W)\noutput z = x @ W\n`,
    message: 'no input can change the output `y`',
    help: 'it is the same for every row',
  },
  {
    code: 'NN0904',
    text: `${rows10}param W: f32[10, 3] = 1\n«loss» = mean(W ** 2)\noutput z = x @ W\n`,
    message: 'no input can change the loss `loss`',
    help: 'training sees nothing of the data: compute it from a value that comes from an `input`',
  },
  {
    code: 'NN0905',
    text: `const deep = true\n${rows10}output y = if deep then x * 2 else x «|> relu |> dense(3)»\n`,
    message: 'the pipe belongs to the `else` branch only',
    help: 'parenthesise: `(if deep then x * 2 else x) |> relu |> dense(3)`, or, if it is meant so, `else (x |> relu |> dense(3))`',
    label: 'applied to `x` alone',
  },
  {
    code: 'NN0910',
    text: `${rows10}output y = «log(sum(exp(x), axis=-1))» + 1\n`,
    message: '`log(sum(exp(x), axis=-1))` overflows beyond 88',
    help: 'write `logsumexp(x)`',
    fixed: 'output y = logsumexp(x) + 1',
  },
  {
    code: 'NN0910',
    text: `${rows10}output y = x - «log(sum(exp(x), axis=0, keepdims=true))»\n`,
    message: '`log(sum(exp(x), axis=0, keepdims=true))` overflows beyond 88',
    help: 'write `logsumexp(x, axis=0, keepdims=true)`',
    fixed: 'output y = x - logsumexp(x, axis=0, keepdims=true)',
  },
  {
    code: 'NN0910',
    text: `${rows10}output y = «x |> dense(4) |> exp |> sum(axis=-1) |> log»\n`,
    message: '`x |> dense(4) |> exp |> sum(axis=-1) |> log` overflows beyond 88',
    help: 'write `logsumexp(x |> dense(4))`',
    fixed: 'output y = logsumexp(x |> dense(4))',
  },
  {
    code: 'NN0910',
    text: `${rows10}output y = «log(softmax(x, axis=1))»\n`,
    message: '`log(softmax(x, axis=1))` is minus infinity where the softmax rounds to 0',
    help: 'write `log_softmax(x, axis=1)`',
    fixed: 'output y = log_softmax(x, axis=1)',
  },
  {
    code: 'NN0910',
    text: `${rows10}output y = «x |> dense(3) |> softmax |> log»\n`,
    message: '`x |> dense(3) |> softmax |> log` is minus infinity where the softmax rounds to 0',
    help: 'write `x |> dense(3) |> log_softmax`',
    fixed: 'output y = x |> dense(3) |> log_softmax',
  },
  {
    code: 'NN0910',
    text: `${rows10}let p = softmax(x)\noutput y = «log(p)»\n`,
    message: '`log(p)` is minus infinity where the softmax rounds to 0',
    help: 'write `log_softmax(...)`',
  },
  {
    code: 'NN0910',
    text: `${rows10}output y = «exp(x) / sum(exp(x), axis=1, keepdims=true)»\n`,
    message: '`exp(x) / sum(exp(x), axis=1, keepdims=true)` overflows beyond 88',
    help: 'write `softmax(x)`',
    fixed: 'output y = softmax(x)',
  },
  {
    code: 'NN0910',
    text: `fn softmax(z) {\n  let e = exp(z)\n  return «e / sum(e, axis=-1, keepdims=true)»\n}\n${rows10}output y = softmax(x)\n`,
    message: '`e / sum(e, axis=-1, keepdims=true)` overflows beyond 88',
    help: 'take the maximum off first: `exp(z - max(z, axis=-1, keepdims=true))`',
  },
  {
    code: 'NN0911',
    text: `${rows10}output y = exp(x) / «sum(exp(x))»\n`,
    message: 'this normalises over the whole batch',
    help: '`axis=-1`?  each row by itself: `softmax(x)`',
    label: 'sums over every axis of f32[n, 10]',
  },
  {
    code: 'NN0911',
    text: `fn my_softmax(z) {\n  let e = exp(z - max(z))\n  return e / «sum(e)»\n}\n${rows10}output y = my_softmax(x)\n`,
    message: 'this normalises over the whole batch',
    help: '`axis=-1`?  each row by itself: `sum(e, axis=-1, keepdims=true)`',
  },
  {
    code: 'NN0911',
    text: `${rows10}output y = x - log(«sum(exp(x))»)\n`,
    message: 'this normalises over the whole batch',
    help: '`axis=-1`?  each row by itself: `log_softmax(x)`',
  },
  {
    code: 'NN0911',
    text: 'input x: f32[n, 4]\nparam W: f32[3, 4] = normal(0, 1)\noutput y = W @ x.T |> «softmax»\n',
    message: 'this normalises over the batch: `n` is the last axis of f32[3, n]',
    help: 'name the axis of the classes: `axis=0`?',
  },
  {
    code: 'NN0911',
    text: 'input x: f32[4, n]\nparam W: f32[3, 4] = normal(0, 1)\noutput y = «log_softmax(W @ x)»\n',
    message: 'this normalises over the batch: `n` is the last axis of f32[3, n]',
    help: 'name the axis of the classes: `axis=0`?',
  },
  {
    code: 'NN0913',
    text: 'input x: f32[n, 4]\ninput target: f32[n, 1]\nlet p = x |> dense(3)\nloss = mean((p - «target») ** 2)\n',
    message: '`target` is one column, subtracted from each of 3 values',
    help: 'a target needs the shape of the prediction; class numbers become it with `one_hot`',
    label: 'f32[n, 1]',
    notes: ['f32[n, 3]'],
  },
  {
    code: 'NN0913',
    text: 'input x: f32[n, 4]\ninput target: u8[n, 1]\nlet p = x |> dense(3)\nloss = mean(abs(«cast(target, f32)» - p))\n',
    message: '`cast(target, f32)` is one column, subtracted from each of 3 values',
    help: 'as class numbers: `one_hot(target[:, 0], 3)`',
  },
  {
    code: 'NN0911',
    text: `${rows10}output y = x |> dense(3) |> softmax(axis=«0»)\n`,
    message: 'this normalises over the batch: `n` is axis 0 of f32[n, 3]',
    help: 'each row by itself: `axis=-1`',
    label: 'f32[n, 3]',
  },
  {
    code: 'NN0912',
    text: `${rows10}loss = soft_crossentropy(«x |> dense(3) |> softmax», one_hot(label, 3))\n`,
    message: 'soft_crossentropy expects logits, and gets probabilities',
    help: 'remove `|> softmax`',
    fixed: 'loss = soft_crossentropy(x |> dense(3), one_hot(label, 3))',
  },
  {
    code: 'NN0912',
    text: `${rows10}loss = categorical_crossentropy(«x |> dense(3)», one_hot(label, 3))\n`,
    message: 'categorical_crossentropy expects probabilities, and gets logits',
    help: 'put `|> softmax` before it, or use `soft_crossentropy`, which takes logits',
    label: 'the result of a linear layer, any number',
  },
  {
    code: 'NN0912',
    text: `${rows10}let p = x |> dense(3, bias=false)\nloss = nll(«p», label)\n`,
    message: 'nll expects log-probabilities, and gets logits',
    help: 'put `|> log_softmax` before it, or use `softmax_crossentropy`, which takes logits',
  },
  {
    code: 'NN0912',
    text: 'input x: f32[n, 10]\ninput t: f32[n]\nloss = bce(«(x |> dense(1))[:, 0]», t)\n',
    message: 'bce expects probabilities, and gets logits',
    help: 'put `|> sigmoid` before it, or use `sigmoid_crossentropy`, which takes logits',
  },
  {
    code: 'NN0912',
    text: `${rows10}loss = softmax_crossentropy(«x |> dense(3) |> softmax», label)\n`,
    message: 'softmax_crossentropy expects logits, and gets probabilities',
    help: 'remove `|> softmax`',
    fixed: 'loss = softmax_crossentropy(x |> dense(3), label)',
  },
  {
    code: 'NN0912',
    text: `${rows10}loss = softmax_crossentropy(«softmax(x |> dense(3))», label)\n`,
    message: 'softmax_crossentropy expects logits, and gets probabilities',
    help: 'remove `softmax(...)`',
    fixed: 'loss = softmax_crossentropy(x |> dense(3), label)',
  },
  {
    code: 'NN0912',
    text: `${rows10}let p = x |> dense(3) |> softmax\nloss = softmax_crossentropy(«p», label)\noutput y = p\n`,
    message: 'softmax_crossentropy expects logits, and gets probabilities',
    help: 'remove `|> softmax` on line 3',
    label: 'the result of `softmax`',
    notes: ['made here'],
  },
  {
    code: 'NN0912',
    text: `${rows10}loss = nll(«x |> dense(3) |> softmax», label)\n`,
    message: 'nll expects log-probabilities, and gets probabilities',
    help: 'write `log_softmax` in place of `softmax`',
    fixed: 'loss = nll(x |> dense(3) |> log_softmax, label)',
  },
  {
    code: 'NN0912',
    text: 'input x: f32[n, 10]\ninput t: f32[n, 1]\nloss = sigmoid_crossentropy(«x |> dense(1) |> sigmoid», t)\n',
    message: 'sigmoid_crossentropy expects logits, and gets probabilities',
    help: 'remove `|> sigmoid`',
    fixed: 'loss = sigmoid_crossentropy(x |> dense(1), t)',
  },
  {
    code: 'NN0912',
    text: `${rows10}loss = x |> dense(3) |> «log_softmax» |> softmax_crossentropy(label)\n`,
    message: 'softmax_crossentropy expects logits, and gets log-probabilities',
    help: 'remove `|> log_softmax`',
    fixed: 'loss = x |> dense(3) |> softmax_crossentropy(label)',
  },
];

describe('each lint', () => {
  test.each(table.map((row) => [`${row.code}: ${row.message}`, row] as const))('%s', (_, row) => {
    const { text, marks } = unmark(row.text);
    const found = lintText(text);
    expect(found.map((d) => [d.code, d.severity, d.span])).toEqual([
      [row.code, 'warning', marks[0]],
    ]);
    const [one] = found;
    if (one === undefined) return;
    expect([one.message, one.help]).toEqual([row.message, row.help]);
    if (row.label !== undefined) expect(one.label).toBe(row.label);
    if (row.notes !== undefined) expect(one.notes.map((n) => n.message)).toEqual(row.notes);
    expect(one.fix !== undefined).toBe(row.fixed !== undefined);
    if (row.fixed === undefined) return;
    const fixed = applied(text, one);
    expect(fixed.split('\n')).toContain(row.fixed);
    expect(lintText(fixed)).toEqual([]);
  });
});

test('a comment on the line, or alone on the line above, silences a warning', () => {
  const body = 'output y = log(sum(exp(x), axis=-1))';
  expect(lintText(`${rows10}${body}\n`).map((d) => d.code)).toEqual(['NN0910']);
  expect(lintText(`${rows10}${body}  # allow NN0910\n`)).toEqual([]);
  expect(lintText(`${rows10}# allow NN0901, NN0910 for once\n${body}\n`)).toEqual([]);
  expect(lintText(`${rows10}# allow NN0911\n${body}\n`)).toHaveLength(1);
  expect(lintText(`${rows10}output z = x  # allow NN0910\n${body}\n`)).toHaveLength(1);
});
