/** Names that are unknown, too early, taken, or used in their own definition. */
import { type Refused, testRefused } from './refused.ts';

const rows: readonly Refused[] = [
  {
    code: 'NN0301',
    text: 'input x: f32[n, 4]\noutput y = x |> «lrelu»\n',
    message: 'there is nothing called `lrelu` here',
    help: 'did you mean `relu`?',
  },
  {
    code: 'NN0301',
    text: 'input x: f32[n, 4]\nlet hidden = x\noutput y = «hiden» + 1\n',
    message: 'there is nothing called `hiden` here',
    help: 'did you mean `hidden`?',
  },
  {
    code: 'NN0301',
    text: 'input x: f32[n, 4]\nlet scale: f32 = 2\nfn f(v) = v * «scale»\noutput y = f(x)\n',
    message: 'there is nothing called `scale` here',
    help: 'it is a statement of the file (line 2); a layer or fn sees declarations, `const`s and its own arguments: pass it in',
  },
  {
    code: 'NN0302',
    text: 'input x: f32[n, 4]\noutput y = «h» + x\nlet h = x\n',
    message: '`h` is defined later, on line 3',
    help: 'a statement sees the lines above it only: move one of the two',
  },
  {
    code: 'NN0303',
    text: 'input x: f32[n, 4]\nlet «x» = 3\n',
    message: '`x` is already an input (line 1)',
    help: 'choose another name; only a `let` may be replaced by a later `let`',
  },
  {
    code: 'NN0303',
    text: 'fn f(x) = x\nlayer «f»(d: dim)(x) = x\n',
    message: '`f` is already a fn (line 1)',
    help: 'choose another name; only a `let` may be replaced by a later `let`',
  },
  {
    code: 'NN0306',
    text: 'layer block(d: dim)(x) = x |> «block(d)»\ninput x: f32[n, 4]\noutput y = x |> block(4)\n',
    message: '`block` uses itself',
    help: 'repetition is `repeat n { ... }`',
  },
  {
    code: 'NN0306',
    text: 'fn f(x) = g(x)\nfn g(x) = «f(x)»\ninput x: f32[n, 4]\noutput y = f(x)\n',
    message: '`f` uses itself',
    help: 'repetition is `repeat n { ... }`',
  },
  {
    code: 'NN0330',
    text: 'input x: f32[n, 6]\noutput y = x.«shape»\n',
    message: '`.shape` of a tensor: only layers have fields',
    help: 'sizes are `shape(x)`',
  },
  {
    code: 'NN0330',
    text: 'input x: f32[n, 6]\nlet d = dense(2)\noutput y = d(x)\noutput w = d.«w»\n',
    message: '`.w` of `dense(2)`: only layers have fields',
    help: 'did you mean `W`?',
  },
];

testRefused('names', rows);
