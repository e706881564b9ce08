/** What bodies may hold and must return, what never changes, and patterns that do not match. */
import { type Refused, testRefused } from './refused.ts';

const rows: readonly Refused[] = [
  {
    code: 'NN0310',
    text: 'fn f(x) {\n  «param W: f32 = 0»\n  return x * W\n}\ninput x: f32[n]\noutput y = f(x)\n',
    message: 'a `fn` owns no weights: `param` in `f`',
    help: 'make it a `layer`: `layer f()(x) { ... }`',
  },
  {
    code: 'NN0310',
    text: 'fn f(x) = x |> «dense(10)»\ninput x: f32[n, 3]\noutput y = f(x)\n',
    message: 'a `fn` owns no weights: `dense(10)` in `f`',
    help: 'make it a `layer`: `layer f()(x) { ... }`',
  },
  {
    code: 'NN0311',
    text: 'input x: f32[n, 3]\nlet h = x\nupdate «h» = x\noutput y = h\n',
    message: 'tensors do not change',
    help: '`where(mask, v, x)` gives a changed copy; a `state` takes its next value by `update`',
  },
  {
    code: 'NN0312',
    text: 'layer «f»()(x) {\n  let y = x\n}\ninput x: f32[n, 3]\noutput y = x |> f\n',
    message: '`f` returns nothing',
    help: 'end its body with `return ...`',
  },
  {
    code: 'NN0313',
    text: 'input x: f32[n, 6]\nlet «(a, b)» = split(x, 3, axis=-1)\noutput y = a\n',
    message: 'this pattern has 2 names; the value has 3 parts',
    help: undefined,
  },
];

testRefused('bodies and patterns', rows);
