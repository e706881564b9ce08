/** Arguments of layers and functions: configured and applied, named, missing, or too many. */
import { type Refused, testRefused } from './refused.ts';

const rows: readonly Refused[] = [
  {
    code: 'NN0108',
    text: 'input x: f32[n, 4]\noutput y = mean(x, «-1»)\n',
    message: '`axis` is optional, so name it: `mean(x, axis=-1)`',
    help: 'write `mean(x, axis=-1)`',
    fix: 'axis=-1',
  },
  {
    code: 'NN0108',
    text: 'input x: f32[n, 4]\noutput y = x |> dense(4, 10, «false»)\n',
    message: '`bias` is optional, so name it: `dense(4, 10, bias=false)`',
    help: 'write `dense(4, 10, bias=false)`',
    fix: 'bias=false',
  },
  {
    code: 'NN0304',
    text: 'input x: f32[n, 4]\noutput y = «dense(x)»\n',
    message: '`dense(x)`: configure, then apply',
    help: 'write `x |> dense(10)`',
  },
  {
    code: 'NN0304',
    text: 'input x: f32[n, 4]\noutput y = «layer_norm(x)»\n',
    message: '`layer_norm(x)`: configure, then apply',
    help: 'write `x |> layer_norm`',
  },
  {
    code: 'NN0304',
    text: 'input x: f32[n, 4]\noutput y = x |> «dense»\n',
    message: '`dense`: configure, then apply',
    help: 'write `dense(10)`',
  },
  {
    code: 'NN0305',
    text: 'dense(784, 10, «activation»=relu)\n',
    message: '`dense` has no option `activation`',
    help: 'pipe it: `dense(784, 10) |> relu`',
  },
  {
    code: 'NN0305',
    text: 'dense(784, 10, «bais»=false)\n',
    message: '`dense` has no option `bais`',
    help: 'did you mean `bias`?',
  },
  {
    code: 'NN0305',
    text: 'input x: f32[n, 4]\noutput y = max(x, «0»)\n',
    message: '`max` has no place for `0`',
    help: '`maximum(x, 0)` compares element by element; `max` reduces',
  },
  {
    code: 'NN0305',
    text: 'input x: f32[n, 4]\noutput y = x |> «dropout()»\n',
    message: '`dropout` needs `rate`',
    help: 'its arguments are `dropout(x, rate)`',
  },
  {
    code: 'NN0305',
    text: 'input x: f32[n, 4]\noutput y = mean(x, axis=0, «axis»=1)\n',
    message: '`mean` is given `axis` twice',
    help: undefined,
  },
  {
    code: 'NN0314',
    text: 'input x: f32[n, 6]\noutput y = x |> «x»\n',
    message: '`x` is f32[n, 6]: a stage is a layer or a function',
    help: '`_` stands for the value that comes in: `|> { _ * 2 }`',
  },
  {
    code: 'NN0314',
    text: 'input x: f32[n, 6]\noutput y = «x»(2)\n',
    message: '`x` is f32[n, 6]: only layers and functions can be applied',
    help: undefined,
  },
  {
    code: 'NN0320',
    text: 'input x: f32[n, 6]\noutput y = x + «normal(0, 1)»\n',
    message: '`normal` needs a shape here',
    help: 'add `shape=[...]` or `like=x`',
  },
];

testRefused('arguments', rows);
