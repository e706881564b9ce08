/** Lints (NN09xx): programs that mean something, but hardly what was wanted. All are warnings. */
import { type Sentences, warning } from './entry.ts';

export const lints = {
  /** `help`: the whole help. */
  NN0901: (p: { name: string; line: number; help?: string | undefined }): Sentences =>
    warning(`the \`${p.name}\` of line ${p.line} is never used`, p.help),
  /** `untrained`: an output or metric uses it, the loss does not. */
  NN0903: (p: { name: string; untrained?: boolean | undefined }): Sentences =>
    p.untrained === true
      ? warning(
          `the loss does not depend on \`${p.name}\``,
          'training leaves it at its initial value: let it take part in the loss, or leave it out',
        )
      : warning(
          `no output or loss uses the parameter \`${p.name}\``,
          'it is left out of the program; use it or remove its line',
        ),
  /** `what`: the whole of what is minimised, or one output. */
  NN0904: (p: { name: string; what?: 'output' | 'loss' | undefined }): Sentences =>
    p.what === 'loss'
      ? warning(
          `no input can change the loss \`${p.name}\``,
          'training sees nothing of the data: compute it from a value that comes from an `input`',
        )
      : warning(`no input can change the output \`${p.name}\``, 'it is the same for every row'),
  /** `both`, `own`: the two readings with parentheses, "(if c then a else b) |> f", "else (b |> f)". */
  NN0905: (p: { both: string; own: string }): Sentences =>
    warning(
      'the pipe belongs to the `else` branch only',
      `parenthesise: \`${p.both}\`, or, if it is meant so, \`${p.own}\``,
    ),
  /** `problem`: "overflows beyond 88"; `instead`: "logsumexp(x)", "log_softmax(x)". */
  NN0910: (p: { text: string; problem: string; instead: string }): Sentences =>
    warning(`\`${p.text}\` ${p.problem}`, `write \`${p.instead}\``, [
      'nnc computes the stable form in its place; another framework would not',
    ]),
  /**
   * `type`: of what is normalised; `each`: what to write for each row, "softmax(x)"; `size`: the size
   * of the batch, where the last axis is the batch.
   */
  NN0911: (p: {
    type: string;
    each?: string | undefined;
    size?: string | undefined;
    axis?: number | undefined;
  }): Sentences => {
    if (p.size !== undefined && p.axis !== undefined)
      return warning(
        `this normalises over the batch: \`${p.size}\` is axis ${p.axis} of ${p.type}`,
        'each row by itself: `axis=-1`',
      );
    return p.size === undefined
      ? warning(
          'this normalises over the whole batch',
          `\`axis=-1\`?${p.each === undefined ? '' : `  each row by itself: \`${p.each}\``}`,
        )
      : warning(
          `this normalises over the batch: \`${p.size}\` is the last axis of ${p.type}`,
          'name the axis of the classes: `axis=0`?',
        );
  },
  /**
   * `expects`, `gets`: "logits", "probabilities"; `remove`: "|> softmax"; `line`: where it stands, if
   * elsewhere; `instead`: what the loss wants there.
   */
  NN0912: (p: {
    loss: string;
    expects: string;
    gets: string;
    remove: string;
    line?: number | undefined;
    instead?: string | undefined;
    help?: string | undefined;
  }): Sentences => {
    if (p.help !== undefined)
      return warning(`${p.loss} expects ${p.expects}, and gets ${p.gets}`, p.help);
    const where = p.line === undefined ? '' : ` on line ${p.line}`;
    return warning(
      `${p.loss} expects ${p.expects}, and gets ${p.gets}`,
      p.instead === undefined
        ? `remove \`${p.remove}\`${where}`
        : `write \`${p.instead}\` in place of \`${p.remove.replace('|> ', '')}\`${where}`,
      p.gets === 'log-probabilities' ? ['the loss is the same number, normalised twice'] : [],
    );
  },
  /** `column`: an input of one column; `classes`: how many values it is compared with. */
  NN0913: (p: { column: string; classes: string; oneHot?: string | undefined }): Sentences =>
    warning(
      `\`${p.column}\` is one column, subtracted from each of ${p.classes}`,
      p.oneHot === undefined
        ? 'a target needs the shape of the prediction; class numbers become it with `one_hot`'
        : `as class numbers: \`${p.oneHot}\``,
    ),
} as const;
