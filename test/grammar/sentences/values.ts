/** The sentences about gradients, values known when compiling, and losses. */
import type { values as family } from '../../../grammar/catalogue/values.ts';
import type { Samples } from './samples.ts';

export const values: Samples<keyof typeof family> = {
  NN0401: [
    { what: '`argmax`' },
    '`argmax` has no gradient',
    'for training use the loss; integers and bools do not change smoothly',
  ],
  NN0405: [
    { of: 'loss', by: 'w', cut: '`stop_gradient` on line 7' },
    '`loss` does not depend on `w`',
    'the path ends at `stop_gradient` on line 7',
  ],
  NN0410: [
    { what: 'the number of repetitions' },
    'the number of repetitions must be known when compiling',
    'use a number, a `const` or an argument of the layer, not a tensor',
  ],
  NN0412: [
    {},
    '`if` chooses while compiling, and this condition is a tensor',
    'per element use `where(c, a, b)`',
  ],
  NN0420: [
    { type: 'f32[batch]' },
    'this loss is f32[batch]; a loss is one number',
    'write `mean(...)`',
  ],
};
