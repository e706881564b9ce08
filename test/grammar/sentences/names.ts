/** The sentences about names, arguments and ownership. */
import type { names as family } from '../../../grammar/catalogue/names.ts';
import type { Samples } from './samples.ts';

export const names: Samples<keyof typeof family> = {
  NN0301: [
    { name: 'linear', suggestion: 'dense' },
    'there is nothing called `linear` here',
    'did you mean `dense`?',
  ],
  NN0302: [
    { name: 'h', line: 14 },
    '`h` is defined later, on line 14',
    'a statement sees the lines above it only: move one of the two',
  ],
  NN0303: [
    { name: 'x', kind: 'an input', line: 1 },
    '`x` is already an input (line 1)',
    'choose another name; only a `let` may be replaced by a later `let`',
  ],
  NN0304: [
    { text: 'dense(x)', instead: 'x |> dense(10)' },
    '`dense(x)`: configure, then apply',
    'write `x |> dense(10)`',
  ],
  NN0305: [
    {
      callee: 'dense',
      problem: 'unknown',
      argument: 'activation',
      help: 'pipe it: `dense(10) |> relu`',
    },
    '`dense` has no option `activation`',
    'pipe it: `dense(10) |> relu`',
  ],
  NN0306: [{ name: 'block' }, '`block` uses itself', 'repetition is `repeat n { ... }`'],
  NN0307: [
    { option: 'pad', value: 'smae', allowed: '"same", "valid"', suggestion: 'same' },
    'pad="smae"; one of "same", "valid"',
    'did you mean `same`?',
  ],
  NN0308: [
    { path: 'b.nn', cycle: 'a.nn -> b.nn -> a.nn' },
    'these files import each other: a.nn -> b.nn -> a.nn',
    'move what both need to a third file',
  ],
  NN0310: [
    { fn: 'f', what: 'param' },
    'a `fn` owns no weights: `param` in `f`',
    'make it a `layer`: `layer f()(x) { ... }`',
  ],
  NN0311: [
    {},
    'tensors do not change',
    '`where(mask, v, x)` gives a changed copy; a `state` takes its next value by `update`',
  ],
  NN0312: [{ name: 'f' }, '`f` returns nothing', 'end its body with `return ...`'],
  NN0313: [
    { what: 'this pattern has 2 names, the value has 3 parts' },
    'this pattern has 2 names, the value has 3 parts',
  ],
  NN0314: [
    { text: 'x(3)', is: 'f32[2]', needed: 'only layers and functions can be applied' },
    '`x(3)` is f32[2]: only layers and functions can be applied',
  ],
  NN0320: [{ callee: 'normal' }, '`normal` needs a shape here', 'add `shape=[...]` or `like=x`'],
  NN0330: [
    { field: 'shape', on: 'a tensor' },
    '`.shape` of a tensor: only layers have fields',
    'sizes are `shape(x)`',
  ],
};
