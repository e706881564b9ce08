/** The sentences of warnings. */
import type { lints as family } from '../../../grammar/catalogue/lints.ts';
import type { Samples } from './samples.ts';

export const lints: Samples<keyof typeof family> = {
  NN0901: [{ name: 'x', line: 8 }, 'the `x` of line 8 is never used'],
  NN0903: [
    { name: 'W' },
    'no output or loss uses the parameter `W`',
    'it is left out of the program; use it or remove its line',
  ],
  NN0904: [{ name: 'y' }, 'no input can change the output `y`', 'it is the same for every row'],
  NN0905: [
    { both: '(if c then a else b) |> f', own: 'else (b |> f)' },
    'the pipe belongs to the `else` branch only',
    'parenthesise: `(if c then a else b) |> f`, or, if it is meant so, `else (b |> f)`',
  ],
  NN0910: [
    { text: 'log(sum(exp(x)))', problem: 'overflows beyond 88', instead: 'logsumexp(x)' },
    '`log(sum(exp(x)))` overflows beyond 88',
    'write `logsumexp(x)`',
  ],
  NN0911: [
    { type: 'f32[n, 10]', each: 'softmax(x)' },
    'this normalises over the whole batch',
    '`axis=-1`?  each row by itself: `softmax(x)`',
  ],
  NN0912: [
    {
      loss: 'softmax_crossentropy',
      expects: 'logits',
      gets: 'probabilities',
      remove: '|> softmax',
    },
    'softmax_crossentropy expects logits, and gets probabilities',
    'remove `|> softmax`',
  ],
  NN0913: [
    { column: 'target', classes: '10 values' },
    '`target` is one column, subtracted from each of 10 values',
    'a target needs the shape of the prediction; class numbers become it with `one_hot`',
  ],
};
