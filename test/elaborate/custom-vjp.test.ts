/** `fn … vjp (y, dy) => …`: the derivative is the rule's, whatever the body's would be. */
import { expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { reachable } from '../../compiler/graph/walk.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { modelOf } from './elaborate-text.ts';
import { outputsOf, valuesOf } from './evaluate.ts';
import { testRefused } from './refused.ts';

const x = 'let x: f32[3] = [0.4, 1.6, -2.2]\nlet k: f32[3] = [1, 2, 3]\n';

const rows: readonly (readonly [string, string, readonly number[]])[] = [
  [
    'the value is that of the body',
    'fn ste(x) = round(x) vjp (y, dy) => dy\noutput o = ste(x)\n',
    [0, 2, -2],
  ],
  [
    'a straight-through estimator lets the derivative through `round`',
    'fn ste(x) = round(x) vjp (y, dy) => dy\noutput o = grad(sum(ste(x) ** 2), x)\n',
    [0, 4, -4],
  ],
  [
    'a rule may use the inputs',
    'fn f(x) = x vjp (y, dy) => dy * 7 * x\noutput o = grad(f(x), x)\n',
    [2.8, 11.2, -15.4],
  ],
  [
    'a rule may use the result',
    'fn e(x) = x ** 2 vjp (y, dy) => dy * y\noutput o = grad(e(x), x)\n',
    [0.16, 2.56, 4.84],
  ],
  [
    'the rule is differentiated in turn, the result in it by the rule again',
    // y = x², y' = y (by the rule), so y'' = y' = y.
    'fn e(x) = x ** 2 vjp (y, dy) => dy * y\noutput o = grad(grad(e(x), x), x)\n',
    [0.16, 2.56, 4.84],
  ],
  [
    'and by its cotangent',
    // f(x) = x, f' = 7x by the rule; d/dx of (f²)' = 2f·7x is 2·(7x)·7x + 2x·7 = 98x² + 14x.
    'fn f(x) = x vjp (y, dy) => dy * 7 * x\noutput o = grad(grad(f(x) ** 2, x), x)\n',
    [98 * 0.16 + 5.6, 98 * 2.56 + 22.4, 98 * 4.84 - 30.8],
  ],
  [
    'several inputs take a tuple',
    'fn m(a, b) = a * b vjp (y, dy) => (10 * dy * b, 100 * dy * a)\nlet (p, q) = grad(m(x, k), (x, k))\noutput o = p + q\n',
    [10 + 40, 20 + 160, 30 - 220],
  ],
  [
    'an input given twice gets both parts',
    'fn m(a, b) = a * b vjp (y, dy) => (10 * dy * b, 100 * dy * a)\noutput o = grad(m(x, x), x)\n',
    [44, 176, -242],
  ],
  [
    'what has no derivative has a part that is not looked at',
    'fn m(a, n) = a * n vjp (y, dy) => (dy * 5, 0)\noutput o = grad(m(x, 3), x)\n',
    [5, 5, 5],
  ],
  [
    'options are in scope and have no part',
    'fn clipped(x, limit = 1) = x vjp (y, dy) => clip(dy, -limit, limit)\noutput o = grad(sum(clipped(x, limit=2) ** 2), x)\n',
    [0.8, 2, -2],
  ],
  [
    'a number stands for a tensor of it',
    'fn gate(x) = relu(x) vjp (y, dy) => 0\noutput o = grad(gate(x) + x, x)\n',
    [1, 1, 1],
  ],
  [
    'a fn called by another with a rule',
    'fn ste(x) = round(x) vjp (y, dy) => dy\nfn twice(x) = 2 * ste(x) vjp (y, dy) => ste(3 * dy) + grad(ste(x) ** 2, x)\noutput o = grad(twice(x), x)\n',
    [3 + 0, 3 + 4, 3 - 4],
  ],
  [
    'the same call twice',
    'fn ste(x) = round(x) vjp (y, dy) => dy\noutput o = grad(ste(x) * ste(x), x)\n',
    [0, 4, -4],
  ],
];

test.each(rows)('%s', (_, text, expected) => {
  const { o } = outputsOf(x + text);
  expect(o).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(o?.[i]).toBeCloseTo(value, 12);
});

test('an optimizer follows the rule, and nothing of it is left for the kernels', () => {
  const model = modelOf(
    'fn ste(x) = round(x) vjp (y, dy) => dy\ninput v: f32[n]\nparam w: f32 = 0.6\nloss = mean((ste(w) * v - 3) ** 2)\ntrain { optimizer: sgd(lr=0.1) }\n',
  );
  const [update] = model.optimization?.sections[0]?.updates ?? [];
  if (update === undefined) throw new Error('no update');
  const values = { v: ndArray('f32', [2], [1, 1]) };
  // d/dw mean((round(w) - 3)²) through the rule: 2·(1 - 3) = -4.
  const [next] = valuesOf(model, [update.node], { sizes: { n: 2 }, values });
  expect(next?.data[0]).toBeCloseTo(0.6 + 0.4, 12);
  const bound = bindSizes(model.graph, [update.node], { n: 2 });
  const names = reachable(runPasses(model.graph, bound)).map((node) => node.op.name);
  expect(names).not.toContain('custom_vjp');
  expect(names).not.toContain('rule_argument');
});

testRefused('rules that do not fit', [
  {
    code: 'NN0313',
    text: 'input x: f32[n, 4]\nfn f(x) = round(x) vjp (y, dy) => «sum(dy, axis=0)»\noutput o = f(x)\n',
    message: 'the `vjp` of `f` gives f32[4] for `x`, which is f32[n, 4]',
    help: 'the derivative by an input has the type of that input',
    notes: ['called here'],
  },
  {
    code: 'NN0313',
    text: 'input x: f32[n]\nfn f(a, b) = a * b vjp (y, dy) => «dy»\noutput o = f(x, x)\n',
    message: 'the `vjp` of `f` gives f32[n]; its inputs are 2',
    help: 'a tuple of 2 parts, for a, b',
  },
  {
    code: 'NN0313',
    text: 'input x: f32[n]\nfn f(a) = a vjp (dy) => «dy»\noutput o = f(x)\n',
    message: 'the `vjp` of `f` has 1 name; it takes 2',
    help: '`vjp (y, dy) => ...`: the result, and the derivative of the loss by it',
  },
  {
    code: 'NN0401',
    text: 'input x: f32[n]\nfn f(a) = a > 0 vjp (y, dy) => «dy»\noutput o = f(x)\n',
    message: '`f`, which gives bool[n], has no gradient',
    help: 'a fn with a `vjp` gives one tensor of floats',
  },
]);
