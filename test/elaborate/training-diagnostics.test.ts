/** The `train` section and parameters with two owners. */
import { type Refused, testRefused } from './refused.ts';

const rows: readonly Refused[] = [
  {
    code: 'NN0501',
    text: 'param w: f32 = 1\nloss = w ** 2\ntrain { «epoch»: 3 }\n',
    message: '`train` has no key `epoch`',
    help: 'did you mean `epochs`?',
  },
  {
    code: 'NN0501',
    text: 'param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: «"adam"» }\n',
    message: '`optimizer` takes a layer such as `adam(lr=1e-3)`',
    help: 'write `adam()`',
  },
  {
    code: 'NN0501',
    text: 'param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: sgd() batch: «0» }\n',
    message: '`batch` takes a positive whole number or "all"',
    help: undefined,
  },
  {
    code: 'NN0501',
    text: 'param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: sgd() validation: «2» }\n',
    message: '`validation` takes a fraction between 0 and 1, or the name of a split',
    help: 'write `"test"`',
  },
  {
    code: 'NN0502',
    text: 'param «w»: f32 = 1\nloss = w ** 2\nupdate w = w - grad(loss, w)\ntrain { optimizer: sgd() }\n',
    message: '`w` has both `update` and an optimizer',
    help: 'leave out the `update`, or the `optimizer`',
  },
];

testRefused('training', rows);
