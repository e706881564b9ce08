/** Imports: a file is a layer, and its declarations can be taken by name (language section 2.4). */
import { describe, expect, test } from 'vitest';
import type { ReadImport } from '../../compiler/elaborate/imports.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { render } from '../../grammar/render.ts';
import { elaborateText, modelOf, paths } from './elaborate-text.ts';
import { valuesOf } from './evaluate.ts';

const files: Readonly<Record<string, string>> = {
  'net.nn': `const depth = 2
const width = 2 * depth
const _private = 1
dim batch <= 64
layer block(c: dim) = residual { dense(c, bias=false) }
fn _shift(x) = x + _private
input image: u8[batch, 3]
input label: u8[batch]
let x = cast(image, f32) |> dense(width, bias=false) as stem
output logits = x |> repeat depth { block(width) } as blocks
loss = softmax_crossentropy(logits, label)
metric acc = accuracy(logits, label)
expect depth == 7
train { optimizer: adam() }
`,
  'pair.nn': 'input a: f32[n]\ninput b: f32[n]\noutput sum = a + b\noutput total = 2 * sum\n',
  'chain.nn': 'dense(4, bias=false) |> relu |> dense(2, bias=false)\n',
  'state.nn': `input x: f32[n]
state seen: f32 = 0
param w: f32 = 3
update seen = seen + sum(x)
update w = w - 1
output y = w * x + seen
`,
  'lib/attention.nn': `import ff from "ff.nn"
const heads = 2
dim t % 2
layer mha(h: int)(x: float[..., d]) = x |> dense(d * h, bias=false) |> ff
fn double(x) = 2 * x
fn broken(x) = x @ x
`,
  'lib/ff.nn': 'layer ff()(x: float[..., d]) = x |> dense(d, bias=false)\n',
  'a.nn': 'import "b.nn" as b\noutput y = 1\n',
  'b.nn': 'import "a.nn" as a\noutput y = 1\n',
  'syntax.nn': 'let x = = 3\n',
  'bare.nn': 'fn f(x) = x\n',
};

/** Paths are relative to the importing file, as the command reads them. */
const readImport: ReadImport = (path, from) => {
  const name = `${from.replace(/[^/]*$/, '')}${path.replace(/^\.\//, '')}`;
  const text = files[name];
  return text === undefined ? { tried: name } : { name, text };
};
const options = { readImport };
const sizes = (text: string): string[] => paths(modelOf(text, options));
const outputs = (text: string, values: Readonly<Record<string, number[]>>) => {
  const model = modelOf(text, options);
  const given = Object.fromEntries(
    Object.entries(values).map(([k, v]) => [k, ndArray('f32', [v.length], v)]),
  );
  const nodes = model.evaluation.outputs.map((o) => o.node);
  return valuesOf(model, nodes, { sizes: { n: 2 }, values: given }).map((v) => [...v.data]);
};

describe('a file is a layer', () => {
  test('its parameters stand under the name of the site', () => {
    expect(
      sizes(
        'import "net.nn" as net\ninput photo: u8[b, 3]\nlet first = net(depth=1)\noutput y = first(photo)\noutput z = photo |> net\n',
      ),
    ).toEqual([
      'first.stem.W [3, 2]',
      'first.blocks.0.block.dense.W [2, 2]',
      'net.stem.W [3, 4]',
      'net.blocks.0.block.dense.W [4, 4]',
      'net.blocks.1.block.dense.W [4, 4]',
    ]);
  });
  test('one instance applied twice has one set of weights', () => {
    const text = 'import "net.nn" as net\ninput p: u8[b, 3]\nlet f = net(depth=1)\n';
    expect(sizes(`${text}output y = f(p) + f(p)\n`)).toHaveLength(2);
    expect(sizes(`${text}output y = f(p) + (p |> net(depth=1))\n`)).toHaveLength(4);
  });
  test('constants follow from each other', () => {
    expect(
      sizes('import "net.nn" as net\ninput p: u8[b, 3]\noutput y = p |> net(width=5)\n')[0],
    ).toBe('net.stem.W [3, 5]');
  });
  test('only its outputs count: no loss, metric, expectation or training of its own', () => {
    const model = modelOf(
      'import "net.nn" as net\ninput p: u8[b, 3]\noutput y = p |> net\n',
      options,
    );
    expect(model.inputs.map((i) => i.name)).toEqual(['p']);
    expect(model.training.losses).toEqual([]);
    expect(model.training.metrics).toEqual([]);
    expect(model.evaluation.expects).toEqual([]);
    expect(model.optimization).toBeUndefined();
    expect(model.evaluation.outputs.map((o) => o.name)).toEqual(['y']);
  });
  test('several outputs are a tuple; inputs go by order or by name', () => {
    const text = 'import "pair.nn" as pair\ninput u: f32[n]\ninput v: f32[n]\n';
    const values = { u: [1, 2], v: [10, 20] };
    expect(outputs(`${text}let (s, t) = pair()(u, v)\noutput s\noutput t\n`, values)).toEqual([
      [11, 22],
      [22, 44],
    ]);
    expect(outputs(`${text}let (s, t) = pair()(b=u, a=-v)\noutput o = s\n`, values)).toEqual([
      [-9, -18],
    ]);
  });
  test('a bare chain is one too, as wide as what it is given', () => {
    expect(sizes('import "chain.nn" as f\ninput x: f32[n, 7]\noutput y = x |> f\n')).toEqual([
      'f.dense.W [7, 4]',
      'f.dense_1.W [4, 2]',
    ]);
  });
  test('its states live on; its descent by hand does not', () => {
    const model = modelOf('import "state.nn" as f\ninput x: f32[n]\noutput y = x |> f\n', options);
    expect(model.training.updates.map((u) => u.path)).toEqual(['f.seen']);
  });
  test('a fact about a size is checked of the size that is given', () => {
    const model = modelOf(
      'import "net.nn" as net\ninput p: u8[rows, 3]\noutput y = p |> net\n',
      options,
    );
    expect(model.guards).toMatchObject([
      { text: 'dim batch <= 64 (net.nn:4)', holds: { relation: '<=', right: 64 } },
    ]);
  });
});

describe('declarations by name', () => {
  test('layers, fns and constants, and what their file imports', () => {
    expect(
      sizes(
        'import mha, double, heads from "./lib/attention.nn"\ninput x: f32[n, 3]\noutput y = double(x) * heads |> mha(heads)\n',
      ),
    ).toEqual(['mha.dense.W [3, 6]', 'mha.ff.dense.W [6, 6]']);
  });
  test('a layer of a file that is a layer', () => {
    expect(
      sizes('import "net.nn" as net\ninput x: f32[n, 3]\nlet f = net.block(3)\noutput y = f(x)\n'),
    ).toEqual(['f.dense.W [3, 3]']);
  });
});

const refused: readonly (readonly [string, string, string, string])[] = [
  [
    'import «"gone.nn"» as g\n',
    'NN0308',
    'cannot read "gone.nn" (tried gone.nn)',
    'a path is relative to the file that imports it',
  ],
  [
    'import «mah» from "lib/attention.nn"\n',
    'NN0301',
    'there is nothing called `mah` in lib/attention.nn',
    'did you mean `mha`?',
  ],
  [
    'import «_shift» from "net.nn"\n',
    'NN0301',
    'there is nothing called `_shift` in net.nn',
    'names that start with `_` are private to their file, net.nn',
  ],
  [
    'import «logits» from "net.nn"\n',
    'NN0301',
    'there is nothing called `logits` in net.nn',
    'it is a statement of net.nn; the whole file is a layer: `import "..." as net`',
  ],
  [
    'import "net.nn" as net\nlet f = net.«blok»(3)\n',
    'NN0301',
    'there is nothing called `blok` in net.nn',
    'did you mean `block`?',
  ],
  [
    'import "net.nn" as net\nlet f = net(«dept»=3)\n',
    'NN0305',
    '`net` has no option `dept`',
    'did you mean `depth`?',
  ],
  [
    'import "net.nn" as net\nlet f = net(«_private»=3)\n',
    'NN0305',
    '`net` has no option `_private`',
    'its arguments are `net(depth=..., width=...)`',
  ],
  [
    'import "net.nn" as net\nlet f = net(depth=«"deep"»)\n',
    'NN0314',
    '`depth` is "deep": it is a number in the file, 2',
    '',
  ],
  [
    'import "pair.nn" as pair\ninput u: f32[n]\nlet (s, t) = «pair()(u)»\n',
    'NN0305',
    '`pair()` needs `b`',
    'its arguments are `pair(...)(a, b)`',
  ],
  [
    'import "net.nn" as net\ninput u: f32[n, 3]\nlet y = net()(«u»)\n',
    'NN0206',
    '`image` of net is f32[n, 3]; it takes i32',
    '`cast(u, i32)`',
  ],
  [
    'import "net.nn" as net\ninput u: u8[65, 3]\nlet y = «net()(u)»\n',
    'NN0216',
    '`batch` = 65, but `dim batch <= 64` (net.nn:4)',
    '',
  ],
  [
    'import "bare.nn" as f\ninput u: u8[65, 3]\nlet y = «f()()»\n',
    'NN0313',
    'bare.nn has no `output`, so it is no layer',
    'take its declarations by name: `import block from "..."`',
  ],
  [
    'import "net.nn" as net\nlayer «net»()(x) = x\n',
    'NN0303',
    '`net` is already imported (line 1)',
    'choose another name; only a `let` may be replaced by a later `let`',
  ],
];

test.each(refused)('%s', (marked, code, message, help) => {
  const start = marked.indexOf('«');
  const { diagnostics } = elaborateText(marked.replace(/[«»]/g, ''), options);
  expect(diagnostics.map((d) => d.code)).toEqual([code]);
  expect(diagnostics[0]).toMatchObject({ message, span: { start, end: marked.indexOf('»') - 1 } });
  expect(diagnostics[0]?.help ?? '').toBe(help);
});

test('a mistake in an imported file is shown there, and where it is used', () => {
  const text = 'import broken from "lib/attention.nn"\ninput a: f32[n, 3]\noutput y = broken(a)\n';
  const { diagnostics, sources } = elaborateText(text, options);
  const all = [{ name: 'test.nn', text }, ...sources];
  expect(diagnostics.map((d) => render(d, (name) => all.find((s) => s.name === name)))).toEqual([
    `error[NN0203]: the inner sizes of this product differ
  --> lib/attention.nn:6:16
   |
 6 | fn broken(x) = x @ x
   |                ^   ^ f32[n, 3]: n rows        (input, line 2)
   |                f32[n, 3]: 3 columns           (input, line 2)
  ::: test.nn:3:12
   |
 3 | output y = broken(a)
   |            --------- used here
help: \`x @ x.T\` would fit`,
  ]);
});

test('a circle is drawn once', () => {
  const { diagnostics } = elaborateText('import "a.nn" as a\noutput y = a()()\n', options);
  expect(diagnostics.map((d) => `${d.file} ${d.code} ${d.message}`)).toEqual([
    'b.nn NN0308 these files import each other: a.nn -> b.nn -> a.nn',
  ]);
});

test('a file with a mistake in its syntax is nothing, and nothing follows from that', () => {
  const { diagnostics } = elaborateText(
    'import "syntax.nn" as s\nimport f, g from "syntax.nn"\noutput y = s()(f(g))\n',
    options,
  );
  expect(diagnostics.map((d) => `${d.file} ${d.code}`)).toEqual(['syntax.nn NN0101']);
  expect(diagnostics[0]?.notes.map((n) => `${n.file} ${n.message}`)).toContain(
    'test.nn imported here',
  );
});

test('a program without files beside it', () => {
  const { diagnostics } = elaborateText('import "net.nn" as net\n');
  expect(diagnostics).toMatchObject([
    { code: 'NN0308', help: 'this program was given as text, without files beside it' },
  ]);
});
