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
    {},
    'the pipe belongs to the `else` branch only',
    'parenthesise: `(if c then a else b) |> f`',
  ],
  NN0910: [
    { text: 'log(sum(exp(x)))', instead: 'logsumexp(x)' },
    '`log(sum(exp(x)))` overflows beyond 88',
    'write `logsumexp(x)`',
  ],
  NN0911: [{}, 'this normalises over the whole batch', '`axis=-1`?'],
  NN0912: [
    { loss: 'softmax_crossentropy' },
    'softmax_crossentropy expects logits, and gets probabilities',
    'remove `|> softmax`',
  ],
};
