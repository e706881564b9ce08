/**
 * Values (NN04xx): gradients that do not exist, tensors where a static value is needed, losses that
 * are no scalar. The elaborator reports them.
 */
import { error, type Sentences } from './entry.ts';

export const values = {
  /** `what`: "`argmax`", "an i32 tensor"; `help`: the whole help. */
  NN0401: (p: { what: string; help?: string | undefined }): Sentences =>
    error(
      `${p.what} has no gradient`,
      p.help ?? 'for training use the loss; integers and bools do not change smoothly',
    ),
  /** `cut`: "`stop_gradient` on line 7", the nearest place where the path ends. */
  NN0405: (p: { of: string; by: string; cut?: string | undefined }): Sentences =>
    error(
      `\`${p.of}\` does not depend on \`${p.by}\``,
      p.cut === undefined
        ? `let \`${p.by}\` take part in it, or leave this gradient out`
        : `the path ends at ${p.cut}`,
    ),
  /** `what`: "the number of repetitions", "`axis`"; `help`: the whole help. */
  NN0410: (p: { what: string; help?: string | undefined }): Sentences =>
    error(
      `${p.what} must be known when compiling`,
      p.help ?? 'use a number, a `const` or an argument of the layer, not a tensor',
    ),
  /** `instead`: "where(c, a, b)" with the user's own words. */
  NN0412: (p: { instead?: string | undefined }): Sentences =>
    error(
      '`if` chooses while compiling, and this condition is a tensor',
      `per element use \`${p.instead ?? 'where(c, a, b)'}\``,
    ),
  /** `type`: "f32[batch]"; `instead`: "mean(...)" with the user's own words. */
  NN0420: (p: {
    type: string;
    instead?: string | undefined;
    what?: 'loss' | 'metric';
  }): Sentences =>
    error(
      `this ${p.what ?? 'loss'} is ${p.type}; a ${p.what ?? 'loss'} is one number`,
      `write \`${p.instead ?? 'mean(...)'}\``,
    ),
} as const;
