/** Gradients that do not exist, values that must be known when compiling, losses that are not one number. */
import { type Refused, testRefused } from './refused.ts';

const rows: readonly Refused[] = [
  {
    code: 'NN0401',
    text: 'input x: f32[n, 4]\noutput y = grad(«argmax(x)», x)\n',
    message: '`argmax` has no gradient',
    help: 'for training use the loss; integers and bools do not change smoothly',
  },
  {
    code: 'NN0401',
    text: 'input i: i32[n]\noutput y = grad(cast(i, f32), «i»)\n',
    message: 'an i32 tensor has no gradient',
    help: 'differentiate by tensors of floats',
  },
  {
    code: 'NN0401',
    text: 'let x = 2\nlet y: f32 = 3\noutput z = grad(y * x, «x»)\n',
    message: '`x`, 2, has no gradient',
    help: 'a number is no variable; `let x: f32 = 2` makes a tensor to differentiate by',
  },
  {
    code: 'NN0405',
    text: 'param w: f32 = 1\nlet a: f32 = 2\nloss = a * 2\noutput g = «grad(loss, w)»\n',
    message: '`loss` does not depend on `w`',
    help: 'let `w` take part in it, or leave this gradient out',
  },
  {
    code: 'NN0405',
    text: 'param w: f32 = 1\nloss = stop_gradient(w) * 2\noutput g = «grad(loss, w)»\n',
    message: '`loss` does not depend on `w`',
    help: 'the path ends at `stop_gradient` on line 2',
  },
  {
    code: 'NN0405',
    text: 'param w: f32 = 1\ninput x: f32[n]\n«loss = mean(x)»\noutput y = w\ntrain { optimizer: sgd() }\n',
    message: '`loss` does not depend on `w`',
    help: 'let `w` take part in it, or leave this gradient out',
  },
  {
    code: 'NN0410',
    text: 'input k: i32\ninput x: f32[n, 4]\noutput y = x |> repeat «k» { relu }\n',
    message: 'the number of repetitions must be known when compiling',
    help: 'use a number, a `const` or an argument of the layer, not a tensor',
  },
  {
    code: 'NN0410',
    text: 'input k: f32\ninput x: f32[n, 4]\noutput y = x |> dropout(0.1) |> dense(«k»)\n',
    message: '`units` of dense must be known when compiling',
    help: 'use a number, a `const` or an argument of the layer, not a tensor',
  },
  {
    code: 'NN0410',
    text: 'input x: f32[n, m]\noutput y = x |> «dense(10)»\n',
    message: 'the size `m` of `dense.W` must be known when compiling',
    help: 'weights have the same size for every batch: give it as a number',
  },
  {
    code: 'NN0412',
    text: 'input x: f32[n]\noutput y = if «x > 0» then x else -x\n',
    message: '`if` chooses while compiling, and this condition is a tensor',
    help: 'per element use `where(x > 0, x, -x)`',
  },
  {
    code: 'NN0420',
    text: 'input x: f32[batch]\nloss = «x ** 2»\n',
    message: 'this loss is f32[batch]; a loss is one number',
    help: 'write `mean(x ** 2)`',
    fix: 'mean(x ** 2)',
  },
  {
    code: 'NN0420',
    text: 'input x: f32[batch]\nmetric m = «x»\n',
    message: 'this metric is f32[batch]; a metric is one number',
    help: 'write `mean(x)`',
  },
];

testRefused('values', rows);
