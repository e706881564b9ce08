/** Helps that say what to write in the program at hand, where the general one would lead to the next mistake. */
import { type Refused, testRefused } from './refused.ts';

const inputs = 'input x: f32[n, 784]\nlet logits = x |> dense(10)\n';
testRefused('labels as numbers and as columns', [
  {
    code: 'NN0206',
    text: `${inputs}input t: f32[n, 10]\nloss = softmax_crossentropy(logits, «t»)\n`,
    message: '`label` of softmax_crossentropy is f32[n, 10]; it takes int',
    help: '`argmax(t, axis=-1)`',
  },
  {
    code: 'NN0206',
    text: `${inputs}input label: u8[n]\nloss = categorical_crossentropy(softmax(logits), «label»)\n`,
    message: '`target` of categorical_crossentropy is i32[n]; it takes f32',
    help: '`one_hot(label, 10)`',
  },
  {
    code: 'NN0206',
    text: `${inputs}input t: f32[n]\nloss = softmax_crossentropy(logits, «t»)\n`,
    message: '`label` of softmax_crossentropy is f32[n]; it takes int',
    help: '`cast(t, i32)`',
    fix: 'cast(t, i32)',
  },
]);

const shapes: readonly Refused[] = [
  {
    code: 'NN0206',
    text: 'fn f(a: f32[2 * k]) = zeros([k])\ninput x: f32[n, 7]\noutput y = f(«x[0]»)\n',
    message: '`a` of f has 7 where 2*k is expected',
    help: undefined,
    label: 'f32[7], expected f32[2 * k]',
  },
  {
    code: 'NN0206',
    text: 'input x: f32[n, 4]\ninput label: f32[n, 1]\nloss = mse(x, «label»)\n',
    message: '`b` of mse has 1 where 4 is expected',
    help: 'class numbers become columns: `one_hot(cast(label[:, 0], i32), 4)`',
  },
  {
    code: 'NN0202',
    text: 'input image: f32[n, 28, 28]\noutput y = image |> «dense(784, 10)»\n',
    message: '`dense(784, 10)` expects 784 features; the value piped in has 28',
    help: 'write `flatten |> dense(784, 10)`',
  },
  {
    code: 'NN0206',
    text: 'layer f(d: dim, heads: int)(x) = x |> dense(«d / heads»)\ninput x: f32[n, 4]\noutput y = x |> f(8, 2)\n',
    message: '`units` of dense is the float 4; it takes a size',
    help: 'write `d // heads`',
    fix: 'd // heads',
  },
  {
    code: 'NN0207',
    text: 'input x: f32[n, 4]\nlet m = mean(x, axis=1)\noutput y = «x» - m\n',
    message: 'cannot subtract f32[n, 4] and f32[n]: axis -1 differs',
    help: '`x - m[:, None]` lines them up',
  },
  {
    code: 'NN0207',
    text: 'input x: f32[n, 3, 4]\nlet m = mean(x, axis=1)\noutput y = where(m > 0, «m», x)\n',
    message: 'cannot choose between f32[n, 4] and f32[n, 3, 4]: axis -2 differs',
    help: '`m[:, None, :]` lines them up',
  },
  {
    code: 'NN0207',
    text: 'input x: f32[n, 4]\nparam b: f32[5] = 0\noutput y = «x» + b\n',
    message: 'cannot add f32[n, 4] and f32[5]: axis -1 differs',
    help: 'sizes must be equal, or one side has fewer axes',
  },
  {
    code: 'NN0207',
    text: 'input x: f32[n, 784]\noutput y = x |> «residual { dense(100) |> relu }»\n',
    message: 'cannot add f32[n, 784] and f32[n, 100]: axis -1 differs',
    help: 'sizes must be equal, or one side has fewer axes',
    facts: [
      'f32[n, 784] (input, line 1)',
      'f32[n, 100]',
      'required by std/layers.nn:88: residual(f: fn)(x)',
    ],
  },
  {
    code: 'NN0208',
    text: 'input x: f32[n, 1]\ninput y: f32[n]\noutput z = where(«y > 0», x, y)\n',
    message: 'choosing between these would stretch both sides',
    help: 'drop the axis: `x[:, 0]`; for all pairs write `(y > 0)[None, :]`',
  },
  {
    code: 'NN0209',
    text: 'input x: f32[n, 784]\noutput y = reshape(x, «[-1, -1, 28]»)\n',
    message: '784*n elements cannot become [-1, -1, 28]',
    help: 'only one size can be `-1`, which stands for what is left',
  },
  {
    code: 'NN0210',
    text: 'input x: f32[n, 784]\noutput y = transpose(x, «[0, 2, 1]»)\n',
    message: 'axis 2 of a 2-axis tensor; axes are 0, 1 (or -1, -2)',
    help: 'each of the axes once: `[1, 0]` turns their order round',
  },
  {
    code: 'NN0410',
    text: 'input x: f32[n, 4]\ninput k: i32\noutput y = x[:«k»]\n',
    message: 'an index must be known when compiling',
    help: 'a slice has the same size for all data; `x[k]` is one row',
  },
];
testRefused('shapes', shapes);

testRefused('types', [
  {
    code: 'NN0106',
    text: 'input x: f32[n]\noutput y = cast(x, «int32»)\n',
    message: 'unknown type `int32`',
    help: 'did you mean `i32`?',
    fix: 'i32',
  },
  {
    code: 'NN0242',
    text: 'input x: f32[n]\noutput y = «x and x»\n',
    message: '`and` is not defined for f32',
    help: 'write `x != 0`',
  },
  {
    code: 'NN0242',
    text: 'input ids: i32[n]\noutput y = «softmax(ids)»\n',
    message: '`exp` is not defined for i32',
    help: 'write `cast(…, f32)`',
  },
]);

testRefused('names and next values', [
  {
    code: 'NN0303',
    text: 'const d = 3\nlet «d» = 4\ninput x: f32[n]\noutput y = x * d\n',
    message: '`d` is already a const (line 1)',
    help: 'choose another name; only a `let` may be replaced by a later `let`',
  },
  {
    code: 'NN0303',
    text: 'input x: f32[n]\nloss = mean(x)\n«loss» = sum(x)\n',
    message: '`loss` is already a loss (line 2)',
    help: 'name the second: `loss second = ...`; the sum of all losses is minimised',
    notes: ['a loss already'],
  },
  {
    code: 'NN0303',
    text: 'input x: f32[n]\nloss = mean(x)\nmetric m = sum(x)\nmetric «m» = mean(x)\n',
    message: '`m` is already a metric (line 3)',
    help: 'choose another name; only a `let` may be replaced by a later `let`',
  },
  {
    code: 'NN0301',
    text: 'input x: f32[n]\noutput y = «nn».functional.relu(x)\n',
    message: 'there is nothing called `nn` here',
    help: 'functions stand in no module here: `relu(x)`, `sqrt(x)`',
  },
  {
    code: 'NN0502',
    text: 'state s: f32 = 1\nupdate s = s * 2\nupdate «s» = s * 3\noutput y = s\n',
    message: '`s` has two next values',
    help: 'one `update` for each: write what it becomes in all into one expression',
    notes: ['updated here already'],
  },
]);

testRefused('gradients', [
  {
    code: 'NN0401',
    text: 'let x = 2\nlet y = x * x\noutput g = grad(«y», x)\n',
    message: '4 has no gradient',
    help: 'it is known while compiling; `let x: f32 = 2` makes a tensor, and what is computed from it has a gradient',
  },
  {
    code: 'NN0405',
    text: 'param w: f32[4] = 1\ninput x: f32[n, 4]\ninput t: i32[n]\n«loss = mean(cast(argmax(x * w, axis=-1) == t, f32))»\ntrain { optimizer: sgd() }\n',
    message: '`loss` does not depend on `w`',
    help: 'the path ends at `argmax` on line 4',
  },
  {
    code: 'NN0405',
    text: 'param w: f32[4] = 1\nparam v: f32[4] = 1\ninput x: f32[n, 4]\nloss = mean(x * w + stop_gradient(v))\ntrain { optimizer: sgd(), params: [«v»] }\n',
    message: '`loss` does not depend on `v`',
    help: 'the path ends at `stop_gradient` on line 4',
  },
]);

testRefused('a misspelt optimizer beside another mistake', [
  {
    code: 'NN0301',
    text: 'input x: f32[n, 4]\noutput y = x |> dense(1)\ntrain { optimizer: «Adam»(lr=0.1) }\n',
    message: 'there is nothing called `Adam` here',
    help: 'it is called `adam` here',
    fix: 'adam',
  },
]);
