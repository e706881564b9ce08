/** Lints (NN09xx): programs that mean something, but hardly what was wanted. All are warnings. */
import { type Sentences, warning } from './entry.ts';

export const lints = {
  /** `help`: the whole help. */
  NN0901: (p: { name: string; line: number; help?: string | undefined }): Sentences =>
    warning(`the \`${p.name}\` of line ${p.line} is never used`, p.help),
  NN0903: (p: { name: string }): Sentences =>
    warning(
      `no output or loss uses the parameter \`${p.name}\``,
      'it is left out of the program; use it or remove its line',
    ),
  NN0904: (p: { name: string }): Sentences =>
    warning(`no input can change the output \`${p.name}\``, 'it is the same for every row'),
  NN0905: (): Sentences =>
    warning(
      'the pipe belongs to the `else` branch only',
      'parenthesise: `(if c then a else b) |> f`',
    ),
  /** `instead`: "logsumexp(x)", "log_softmax(x)". */
  NN0910: (p: { text: string; instead: string }): Sentences =>
    warning(`\`${p.text}\` overflows beyond 88`, `write \`${p.instead}\``),
  NN0911: (): Sentences => warning('this normalises over the whole batch', '`axis=-1`?'),
  NN0912: (p: { loss: string }): Sentences =>
    warning(`${p.loss} expects logits, and gets probabilities`, 'remove `|> softmax`'),
} as const;
