/** Paths of parameters (language section 2.5): lexical, chosen by people, stable. */
import { expect, test } from 'vitest';
import { modelOf, paths } from './elaborate-text.ts';

const x = 'input x: f32[n, 4]\n';

const rows: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'ordinals count within the body',
    `${x}output y = x |> dense(2, bias=false) |> dense(3, bias=false)\n`,
    ['dense.W [4, 2]', 'dense_1.W [2, 3]'],
  ],
  [
    '`as` names a stage',
    `${x}output y = x |> dense(2, bias=false) as first |> dense(3, bias=false)\n`,
    ['first.W [4, 2]', 'dense.W [2, 3]'],
  ],
  [
    '`let` names the layer it binds',
    `${x}let net = dense(2, bias=false)\noutput y = net(x)\n`,
    ['net.W [4, 2]'],
  ],
  [
    '`let` of a tensor names no site',
    `${x}let net = x |> dense(2, bias=false)\noutput y = net\n`,
    ['dense.W [4, 2]'],
  ],
  [
    'a named composition is a body',
    `${x}let net = dense(2, bias=false) |> relu |> dense(3, bias=false)\noutput y = net(x)\n`,
    ['net.dense.W [4, 2]', 'net.dense_1.W [2, 3]'],
  ],
  [
    'a named block is a body',
    `${x}let net = { dense(2, bias=false) |> relu }\noutput y = net(x)\n`,
    ['net.dense.W [4, 2]'],
  ],
  [
    'one instance applied twice has one set of weights',
    `${x}let net = dense(4, bias=false)\noutput y = net(net(x))\n`,
    ['net.W [4, 4]'],
  ],
  [
    'a layer is a body of its own',
    `layer mlp(d: dim) = dense(4 * d, bias=false) |> relu |> dense(d, bias=false)\n${x}output y = x |> mlp(4) |> mlp(4)\n`,
    [
      'mlp.dense.W [4, 16]',
      'mlp.dense_1.W [16, 4]',
      'mlp_1.dense.W [4, 16]',
      'mlp_1.dense_1.W [16, 4]',
    ],
  ],
  [
    'blocks belong to the body around them, and never collide',
    `layer block(d: dim) = residual { layer_norm |> dense(d, bias=false) } |> residual { layer_norm |> dense(d, bias=false) }\n${x}output y = x |> repeat 2 { block(4) } as blocks\n`,
    [0, 1].flatMap((i) =>
      [
        'layer_norm.gamma [4]',
        'layer_norm.beta [4]',
        'dense.W [4, 4]',
        'layer_norm_1.gamma [4]',
        'layer_norm_1.beta [4]',
        'dense_1.W [4, 4]',
      ].map((p) => `blocks.${i}.block.${p}`),
    ),
  ],
  [
    'a repeat without a name',
    `${x}output y = x |> repeat c in [2, 3] { dense(c, bias=false) }\n`,
    ['repeat.0.dense.W [4, 2]', 'repeat.1.dense.W [2, 3]'],
  ],
  [
    'an instance made outside of a repeat is shared',
    `${x}let f = dense(4, bias=false)\noutput y = x |> repeat 3 { f |> relu }\n`,
    ['f.W [4, 4]'],
  ],
  [
    'a composition counts in order of the text, also with blocks inside',
    `${x}let net = residual { dense(4, bias=false) } |> dense(5, bias=false) |> { concat([_, _ |> dense(6, bias=false)], axis=-1) } |> dense(7, bias=false)\noutput y = net(x)\n`,
    ['net.dense.W [4, 4]', 'net.dense_1.W [4, 5]', 'net.dense_2.W [5, 6]', 'net.dense_3.W [11, 7]'],
  ],
  ['parameters of the file itself', `${x}param W: f32[4, 2] = 0\noutput y = x @ W\n`, ['W [4, 2]']],
  [
    'only one branch of a static `if` is there, and a parameter that nothing needs is dropped',
    `const deep = false\n${x}output y = if deep then x |> dense(9) |> dense(2) else x |> dense(2, bias=false)\n`,
    ['dense.W [4, 2]'],
  ],
  [
    'a list of layers',
    `${x}output y = x |> sequential([dense(3, bias=false), relu, dense(2, bias=false)])\n`,
    ['dense.W [4, 3]', 'dense_1.W [3, 2]'],
  ],
];

test.each(rows)('%s', (_, text, expected) => {
  expect(paths(modelOf(text))).toEqual(expected);
});

test('an optimizer that wraps another keeps its slots apart', () => {
  const model = modelOf(
    'param w: f32[3] = 1\nloss = sum(w ** 2)\ntrain { optimizer: adamw(lr=0.1) }\n',
  );
  expect(model.optimization?.slots.map((s) => s.path)).toEqual(['w/adam.m', 'w/adam.v']);
});

test('fields reach the parameters of an instance', () => {
  const model = modelOf(`${x}let d = dense(4, bias=false)\nlet h = d(x)\noutput y = h @ d.W.T\n`);
  expect(paths(model)).toEqual(['d.W [4, 4]']);
});
