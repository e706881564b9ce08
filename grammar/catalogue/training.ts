/**
 * Training (NN05xx): the `train` and `policy` sections, the data set and the device. The elaborator
 * reports the sections, the trainer the data, the planner the device's limits.
 */
import { didYouMean, error, type Sentences } from './entry.ts';

export const training = {
  /**
   * `key`: there is no such key; `value`: the key's value is wrong (`expected`: "a positive
   * integer", `instead`: "adam()"); `nothing`: the file has nothing to train.
   */
  NN0501: (
    p:
      | { problem: 'key'; key: string; suggestion?: string | undefined }
      | { problem: 'value'; key: string; expected: string; instead?: string | undefined }
      /** A key of one section among several, and one that all sections share. */
      | { problem: 'shared' | 'own'; key: string }
      | { problem: 'optimizer'; section: string }
      | { problem: 'nothing' },
  ): Sentences => {
    switch (p.problem) {
      case 'key':
        return error(
          `\`train\` has no key \`${p.key}\``,
          didYouMean(p.suggestion) ??
            'its keys are optimizer batch epochs steps data columns limit shuffle seed validation clip freeze minimize params every checkpoint patience monitor min_delta keep',
        );
      case 'value':
        return error(
          `\`${p.key}\` takes ${p.expected}`,
          p.instead === undefined ? undefined : `write \`${p.instead}\``,
        );
      case 'shared':
        return error(
          `\`${p.key}\` belongs to one of the named sections`,
          `write it there: \`train critic { ${p.key}: … }\``,
        );
      case 'own':
        return error(
          `\`${p.key}\` is the same for all sections`,
          `write it in the section without a name: \`train { ${p.key}: … }\``,
        );
      case 'optimizer':
        return error(
          `\`train ${p.section}\` has no optimizer`,
          'add `optimizer: adam(lr=1e-3)` to it, or to the section without a name for all',
        );
      case 'nothing':
        return error(
          'nothing to train: the file has neither a `loss` nor an `update` of a `param`',
          'say what to minimise: `loss = mse(pred, target)`',
        );
      default:
        return p satisfies never;
    }
  },
  /** `sections`: the two that train it. */
  NN0502: (p: {
    name: string;
    sections?: readonly [string, string] | undefined;
    twice?: boolean;
  }): Sentences => {
    if (p.twice === true)
      return error(
        `\`${p.name}\` has two next values`,
        'one `update` for each: write what it becomes in all into one expression',
      );
    return p.sections === undefined
      ? error(
          `\`${p.name}\` has both \`update\` and an optimizer`,
          `leave out one of them, or keep the optimizer away: \`freeze: "${p.name}"\``,
        )
      : error(
          `\`${p.name}\` is trained by \`${p.sections[0]}\` and by \`${p.sections[1]}\``,
          'say which section trains what: `params: …`; a parameter may be in two where both name it so',
        );
  },
  /** `needs`, `limit`: "3.2 GB"; `axis`: the axis to split. */
  NN0503: (p: {
    name: string;
    needs: string;
    limit: string;
    axis?: string | undefined;
  }): Sentences =>
    error(
      `\`${p.name}\` needs ${p.needs}; this device binds at most ${p.limit}`,
      p.axis === undefined ? 'a smaller batch' : `a smaller batch, or split \`${p.axis}\``,
    ),
  /** `columns`: `{X: "pixels", target: "label"}`, filled in as far as it can be. */
  NN0504: (p: { data: string; columns: string }): Sentences =>
    error(
      `the columns of \`${p.data}\` do not fit the inputs of this model`,
      `say which is which: \`columns: ${p.columns}\``,
    ),
  /** `bound`: "`logits` has 10 classes (0 to 9)". */
  NN0505: (p: { column: string; value: number; row: number; bound: string }): Sentences =>
    error(
      `\`${p.column}\` has ${p.value} at row ${p.row}, but ${p.bound}`,
      'whole numbers that choose a class or a row count from 0',
    ),
} as const;
