/** Mistakes in programs get the messages of files, and they point into the program: line, column and words. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PlainNode, startPlainNode } from './plain-node.ts';

const root = path.resolve(import.meta.dirname, '../..');
let folder = '';
let node: PlainNode;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nnc-api-'));
  node = startPlainNode(folder);
});
afterAll(async () => {
  await node.close();
  rmSync(folder, { recursive: true });
});

/** The message of what a program throws. */
const messageOf = (name: string, body: string): Promise<string> =>
  node.printed(
    name,
    `import { compile, fn, grad, layer, model, nn, ops, tensor } from '${root}/api/node.ts';
import type { Tensor } from '${root}/api/index.ts';
try {
${body}
} catch (error) {
  console.log(error.constructor.name + error.message);
}
`,
  );

test('a product that does not fit', async () => {
  const text = await messageOf(
    'product.ts',
    `  model('net', (m) => {
    const image = m.input('image', 'f32[batch, 784]');
    const W = m.param('W', 'f32[100, 10]', 0);
    m.output('y', image
      .add(1)
      .matmul(W));
  });`,
  );
  expect(text).toBe(`ModelError
error[NN0203]: the inner sizes of this product differ
  --> product.ts:7:19
   |
 7 |     m.output('y', image
   |                   ^^^^^ f32[batch, 784]: 784 columns
...
 9 |       .matmul(W));
   |               ^ f32[100, 10]: 100 rows (param, line 6)
help: \`m.param('W', 'f32[784, 10]', …)\`, or a layer between: \`image.add(1).pipe(nn.dense(100))\`
`);
});

test('a type, inside of its quotes', async () => {
  const text = await messageOf(
    'type.ts',
    `  model('net', (m) => {
    m.input('x', 'f33[batch, 784]' as 'f32');
  });`,
  );
  expect(text).toContain(' --> type.ts:5:19\n');
  expect(text).toContain('did you mean `f32`?');
  const size = await messageOf(
    'size.ts',
    "  model('n', (m) => { m.param('w', 'f32[bacth, 3]', 0); });",
  );
  expect(size).toMatch(/NN0214|NN0410/);
  expect(size).toContain(' --> size.ts:4:41\n');
});

test('a layer of two sizes, in a loop and in a helper', async () => {
  const text = await messageOf(
    'helper.ts',
    `  const tower = (x: Tensor) => {
    for (const units of [64, 32]) x = x.pipe(nn.dense(units), nn.relu);
    return x.pipe(nn.dense(100, 10));
  };
  model('net', (m) => {
    m.output('y', tower(m.input('x', 'f32[batch, 784]')));
  });`,
  );
  expect(text).toContain('error[NN0202]: `nn.dense(100, 10)` expects 100 features');
  expect(text).toContain(' --> helper.ts:6:19\n');
  expect(text).toContain(
    'help: write `nn.dense(32, 10)`, or leave the input size out: `nn.dense(10)`\n',
  );
});

test('features of an input, of rows with axes, of the layer before', async () => {
  const input = await messageOf(
    'input.ts',
    "  model('net', (m) => { m.input('x', 'f32[n, 784]').pipe(nn.dense(100, 10)); });",
  );
  expect(input).toContain(
    'help: write `nn.dense(784, 10)`, or leave the input size out: `nn.dense(10)`\n',
  );
  const rows = await messageOf(
    'rows.ts',
    "  model('net', (m) => { m.input('x', 'f32[n, 28, 28]').pipe(nn.dense(784, 10)); });",
  );
  expect(rows).toContain('help: write `nn.flatten, nn.dense(784, 10)`\n');
  const before = await messageOf(
    'before.ts',
    `  model('net', (m) => {
    const y = m.input('x', 'f32[n, 4]').pipe(nn.dense(12));
    m.loss(nn.mse(m.input('y', 'f32[n, 10]'), y));
  });`,
  );
  expect(before).toContain('help: write `nn.dense(10)` on line 5\n');
});

test('what helps is TypeScript, in a chain and in a text of the language it is that', async () => {
  const help = async (name: string, body: string): Promise<string> =>
    /help: (.*)\n/.exec(await messageOf(name, body))?.[1] ?? '';
  const stretch = `    const pred = m.input('x', 'f32[n, 4]').pipe(nn.dense(1));
    pred.sub(m.input('y', 'f32[n]'));`;
  expect(await help('stretch.ts', `  model('net', (m) => {\n${stretch}\n  });`)).toBe(
    "drop the axis: `pred.slice(':', 0).sub(m.input('y', 'f32[n]'))`; for all pairs write `pred.sub(m.input('y', 'f32[n]').slice(null, ':'))`",
  );
  expect(
    await help(
      'cast.ts',
      "  model('n', (m) => { const y = m.input('y', 'u8[n, 3]'); nn.relu(nn.dense(4)(y)); });",
    ),
  ).toBe("`y.cast('f32')`");
  const file = "compile('input y: u8[n, 3]\\noutput z = y |> dense(4)')";
  expect(await help('file.ts', `  ${file};`)).toBe('`cast(y, f32)`');
  const chain = 'compile.nn`dense(100, 10)`';
  expect(
    await help('chain.ts', `  model('n', (m) => { m.input('x', 'f32[n, 3]').pipe(${chain}); });`),
  ).toBe('write `dense(3, 10)`, or leave the input size out: `dense(10)`');
});

test('options, each at its place', async () => {
  const unknown = await messageOf(
    'unknown.ts',
    "  model('n', (m) => { m.input('x', 'f32[n, 3]').pipe(nn.dense(3, { bias: true, 'activation': nn.relu } as {})); });",
  );
  expect(unknown).toContain(' --> unknown.ts:4:80\n');
  expect(unknown).toContain('help: pipe it: `nn.dense(3, { bias: true }).pipe(nn.relu)`\n');
  const near = await messageOf(
    'near.ts',
    "  model('n', (m) => { m.input('x', 'f32[n, 3]').sum({ keepdim: true } as {}); });",
  );
  expect(near).toContain(' --> near.ts:4:55\n');
  expect(near).toContain('help: did you mean `keepdims`?\n');
  const early = await messageOf(
    'early.ts',
    `  model('net', (m) => {
    m.loss(m.input('x', 'f32[n, 4]').pipe(nn.dense(1)).mean());
    m.train({
      epochs: 3,
      minDelt: 0.1,
    } as object);
  });`,
  );
  expect(early).toContain('`train` has no key `minDelt`\n  --> early.ts:8:7\n');
  expect(early).toContain('help: did you mean `minDelta`?\n');
});

test('arguments of a loss, of a declared layer, of the configuration', async () => {
  const loss = await messageOf(
    'loss.ts',
    `  model('net', (m) => {
    const logits = m.input('logits', 'f32[n, 10]');
    const label = m.input('label', 'i32[n, 1]');
    m.loss(nn.softmaxCrossentropy(logits, label));
  });`,
  );
  expect(loss).toContain('`label` of softmax_crossentropy');
  expect(loss).toContain(' --> loss.ts:7:43\n');
  expect(loss).toContain('required by std/losses.nn');
  const own = await messageOf(
    'own.ts',
    `  const pair = layer('pair', { units: 'dim' }, (l, { units }) => (x: Tensor) =>
    x.matmul(l.param('W', ['f32', 3, units], 0)), { tensors: ['x: f32[n, 3]'] });
  model('net', (m) => {
    m.output('y', m.input('x', 'f32[n, 4]').pipe(pair(2)));
  });`,
  );
  expect(own).toContain('own.ts:7:');
  expect(own).toMatch(/f32\[n, 4\]/);
  const config = await messageOf(
    'config.ts',
    "  model('net', nn.dense(784, 10, { activation: nn.relu } as object));",
  );
  expect(config).toContain('NN0305');
  expect(config).toContain(' --> config.ts:4:');
});

test('what stands outside of a model, and what is no call of ours', async () => {
  expect(await messageOf('data.ts', '  tensor([1, 2]).add(tensor([1, 2, 3]));')).toContain(
    'data.ts:4:3',
  );
  expect(await messageOf('layer.ts', "  model('net', nn.dense(10));")).toContain('NN0230');
  expect(await messageOf('text.ts', "  compile('output y = x |> dense(10)');")).toContain(
    'model.nn:1:12',
  );
  expect(await messageOf('promise.ts', "  model('net', async () => {});")).toContain(
    'gave a promise',
  );
  const other = await messageOf(
    'other.ts',
    `  let kept;
  model('a', (m) => { kept = m.input('x', 'f32[n]'); });
  model('b', (m) => { m.output('y', m.input('x', 'f32[n]').add(kept)); });`,
  );
  expect(other).toContain('belongs to another model');
  expect(
    await messageOf(
      'late.ts',
      `  let scope;
  model('a', (m) => { scope = m; m.input('x', 'f32[n]'); });
  scope.input('y', 'f32[n]');`,
    ),
  ).toContain('no model was being built');
  expect(await messageOf('seven.ts', "  model('a', 7 as never);")).toContain(
    'neither a layer nor a function',
  );
});

test('operators on a size that data decide', async () => {
  const own = await messageOf(
    'width.ts',
    `  const block = layer('block', { d: 'dim' }, (_, { d }) => nn.dense(
    4 * d,
  ));
  model('net', (m) => {
    const n = m.dim('n');
    m.output('y', m.input('x', 'f32[n, 3]').pipe(block(n)));
  });`,
  );
  expect(own).toBe(`ModelError
error[NN0410]: the size \`n\` must be known when compiling
  --> width.ts:5:7
   |
 5 |     4 * d,
   |       ^
help: data decide it, and operators compute with numbers: write \`n.mul(4)\`, not 4 * n; an argument of a layer is then a 'size', not a 'dim'
`);
  const call = await messageOf(
    'call.ts',
    "  model('net', (m) => { const n = m.dim('n'); Array.from({ length: n as number }); });",
  );
  expect(call).toContain('error[NN0410]: the size `n`');
  expect(call).toContain(' --> call.ts:4:47\n');
  const text = await messageOf(
    'shown.ts',
    "  model('net', (m) => console.log(String(m.dim('n', { max: 9 }))));",
  );
  expect(text).toBe('n\nn\n');
});

test('training options', async () => {
  const text = await messageOf(
    'train.ts',
    `  model('net', (m) => {
    const x = m.input('x', 'f32[n, 4]');
    m.loss(x.pipe(nn.dense(1)).mean());
    m.train({ epoch: 3, optimizer: nn.sgd({ lr: 0.1 }) } as object);
  });`,
  );
  expect(text).toContain('`epoch`');
  expect(text).toContain('train.ts:7:15\n');
});

test('what ends a program is printed without the texts that it points into', async () => {
  const words = 'a remark far from the mistake';
  const text = await messageOf(
    'uncaught.ts',
    `  // ${words}
    try {
      tensor([1, 2]).add(tensor([1, 2, 3]));
    } catch (error) {
      console.log((await import('node:util')).inspect(error));
    }`,
  );
  expect(text).toContain('NN0207');
  expect(text).not.toContain(words);
});
