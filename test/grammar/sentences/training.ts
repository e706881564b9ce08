/** The sentences about training, devices and data. */
import type { training as family } from '../../../grammar/catalogue/training.ts';
import type { Samples } from './samples.ts';

export const training: Samples<keyof typeof family> = {
  NN0501: [
    { problem: 'key', key: 'epoch', suggestion: 'epochs' },
    '`train` has no key `epoch`',
    'did you mean `epochs`?',
  ],
  NN0502: [
    { name: 'W' },
    '`W` has both `update` and an optimizer',
    'leave out one of them, or keep the optimizer away: `freeze: "W"`',
  ],
  NN0503: [
    { name: 'logits', needs: '3.2 GB', limit: '2 GB', axis: 'vocab' },
    '`logits` needs 3.2 GB; this device binds at most 2 GB',
    'a smaller batch, or split `vocab`',
  ],
  NN0504: [
    { data: 'digits', columns: '{X: "pixels"}' },
    'the columns of `digits` do not fit the inputs of this model',
    'say which is which: `columns: {X: "pixels"}`',
  ],
  NN0505: [
    { column: 'label', value: 10, row: 312, bound: '`logits` has 10 classes (0 to 9)' },
    '`label` has 10 at row 312, but `logits` has 10 classes (0 to 9)',
    'whole numbers that choose a class or a row count from 0',
  ],
};
