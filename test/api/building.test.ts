/** Layers and bodies of a program: who owns which parameters, what is shared, what a function returns, text in between. */

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  compile,
  fn,
  grad,
  layer,
  model,
  nn,
  ops,
  repeat,
  type Tensor,
  tensor,
} from '../../api/index.ts';
import { libraryText } from '../../scripts/library-types.ts';
import { places, usePlaces } from '../support/places.ts';

const { dense, relu, layerNorm, residual } = nn;
const pathsOf = (built: {
  readonly definition: { readonly params: readonly { path: string }[] };
}) => built.definition.params.map((one) => one.path);
const ofX = (build: (x: Tensor) => Tensor) =>
  pathsOf(model('m', (m) => ({ y: build(m.input('x', 'f32[n, 8]')) })));

test('the types of the library are current (else run `node scripts/library-types.ts`)', () => {
  const file = new URL('../../api/library.ts', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(libraryText());
});

test('every layer and function of the prelude, and every built-in function, can be called by its name', () => {
  const members = libraryText().match(/^ {2}readonly (\w+):/gm) ?? [];
  expect(members.length).toBeGreaterThan(200);
  const all: Readonly<Record<string, unknown>> = { ...nn, ...ops };
  for (const member of members)
    expect(all[member.replace(/^ {2}readonly (\w+):$/, '$1')], member).toBeTypeOf('function');
});

describe.each(places)('names, places $called', (where) => {
  let restore: () => void;
  beforeEach(() => {
    restore = usePlaces(where);
  });
  afterEach(() => restore());

  test('in the order of application, not of construction', () => {
    const [second, first] = [dense(2), dense(8)];
    expect(ofX((x) => second(first(x)))).toEqual(['dense.W', 'dense.b', 'dense_1.W', 'dense_1.b']);
    expect(ofX((x) => x.pipe(dense(4).as('a'), dense(2)))).toEqual([
      'a.W',
      'a.b',
      'dense.W',
      'dense.b',
    ]);
    expect(ofX((x) => dense(4).pipe(relu, dense(2)).as('net')(x))).toEqual([
      'net.dense.W',
      'net.dense.b',
      'net.dense_1.W',
      'net.dense_1.b',
    ]);
  });

  test('a layer applied twice has one set of weights; two made alike have two', () => {
    const shared = dense(8);
    expect(ofX((x) => shared(shared(x)))).toEqual(['dense.W', 'dense.b']);
    expect(ofX((x) => dense(8)(dense(8)(x)))).toHaveLength(4);
    const made = [0, 1, 2].map(() => dense(8));
    expect(ofX((x) => made.reduce((y, f) => f(y), x))).toHaveLength(6);
  });

  test('the same layer serves several models, under the name that it has in each', () => {
    const shared = dense(8);
    expect(ofX((x) => shared(x))).toEqual(['dense.W', 'dense.b']);
    expect(ofX((x) => x.pipe(dense(8), shared))).toHaveLength(4);
  });

  test('what a function makes belongs to the body that hands it over', () => {
    const block = layer(
      'block',
      {},
      () => (x: Tensor) => residual((y: Tensor) => y.pipe(dense(8)))(x),
    );
    expect(ofX((x) => x.pipe(block()))).toEqual(['block.dense.W', 'block.dense.b']);
    const one = (y: Tensor) => dense(8)(y);
    expect(ofX((x) => x.pipe(residual(one), residual(one)))).toHaveLength(4);
    const same = residual(one);
    expect(ofX((x) => x.pipe(same, same))).toHaveLength(2);
  });

  test('rounds', () => {
    expect(ofX((x) => x.pipe(repeat(2, () => dense(8)).as('blocks')))).toEqual([
      'blocks.0.dense.W',
      'blocks.0.dense.b',
      'blocks.1.dense.W',
      'blocks.1.dense.b',
    ]);
    expect(ofX((x) => x.pipe(repeat(3, dense(8))))).toEqual(['dense.W', 'dense.b']);
    expect(ofX((x) => x.pipe(repeat([4, 2], (units) => dense(units))))).toHaveLength(4);
    expect(ofX((x) => x.pipe(repeat(2, () => (y: Tensor) => y.add(y))))).toEqual([]);
    expect(() => repeat(-1, dense(8))).toThrow('no number of rounds');
  });

  test('a layer of a layer that makes its parts while it is applied', () => {
    const two = layer(
      'two',
      { units: 'dim' },
      (_, { units }) =>
        (x: Tensor) =>
          x.pipe(dense(units), relu, dense(units)),
    );
    const net = two(8);
    expect(ofX((x) => net(net(x)))).toEqual([
      'two.dense.W',
      'two.dense.b',
      'two.dense_1.W',
      'two.dense_1.b',
    ]);
  });

  test('a bare name of a layer is one of its own each time', () => {
    expect(ofX((x) => layerNorm().pipe(dense(8))(x))).toHaveLength(4);
    expect(ofX((x) => nn.sequential([nn.layerNorm, nn.layerNorm])(x))).toHaveLength(4);
  });
});

test('parameters, states and updates of a layer that a program declares', () => {
  const running = layer('running', { keep: 0.9 }, (l, { keep }) => (x: Tensor) => {
    const mean = l.state('mean', 'f32', 0);
    const scale = l.param('scale', 'f32', 1);
    l.update(mean, mean.mul(keep).add(x.mean().mul(1 - keep)));
    return x.sub(l.training ? x.mean() : mean).mul(scale);
  });
  const built = model('m', (m) => ({ y: m.input('x', 'f32[n]').pipe(running({ keep: 0.5 })) }));
  const text = compile(`layer running(keep = 0.9)(x) {
    state mean: f32 = 0
    param scale: f32 = 1
    update mean = mean * keep + mean_of(x) * (1 - keep)
    return (x - (if training then mean_of(x) else mean)) * scale
  }
  fn mean_of(x) = mean(x)
  input x: f32[n]
  output y = x |> running(keep=0.5)`);
  expect(built.hash).toBe(text.hash);
});

test('functions with a derivative by hand', () => {
  const clipped = fn('clipped', (x: Tensor) => nn.clip(x, -1, 1), { vjp: (_, dy) => dy });
  const x = tensor([-3, 0.5, 2]);
  expect(grad(clipped(x), x).toArray()).toEqual([1, 1, 1]);
  expect(clipped(x).toArray()).toEqual([-1, 0.5, 1]);
  const owns = fn('owns', (x: Tensor) => dense(2)(x));
  expect(() => ofX((y) => owns(y))).toThrow('NN0310');
});

describe('text in a program', () => {
  test('a chain with values, tensors and layers', () => {
    const classes = 10;
    const norm = layerNorm();
    const head = compile.nn`${norm} |> dense(${classes}) |> log_softmax`;
    const twin = compile.nn`layer_norm |> dense(10) |> log_softmax`;
    const build = (f: typeof head) => model('m', (m) => ({ y: f(m.input('x', 'f32[n, 8]')) }));
    expect(build(head).hash).toBe(build(twin).hash);
    expect(ofX((x) => x.pipe(head, twin))).toHaveLength(8);
    const scaled = compile.nn`{ _ * ${tensor(3)} }`;
    expect(scaled(tensor([1, 2])).toArray()).toEqual([3, 6]);
  });

  test('declarations before the chain, and mistakes in it', () => {
    const block = compile.nn`layer twice(d: dim) = dense(d) |> relu |> dense(d)  twice(${8})`;
    expect(ofX((x) => block(x))).toEqual([
      'twice.dense.W',
      'twice.dense.b',
      'twice.dense_1.W',
      'twice.dense_1.b',
    ]);
    expect(() => compile.nn`dense(10) |>`).toThrow('NN0101');
    expect(() => compile.nn`input x: f32[n]`).toThrow('`input` stands in the text');
    expect(() => compile.nn`fn f(x) = x`).toThrow('has no chain');
    expect(() => ofX((x) => x.pipe(compile.nn`desne(3)`))).toThrow('did you mean `dense`?');
  });

  test('whole files, with the messages of the command', () => {
    expect(compile('dense(4, 2)').summary()).toContain('f32[batch, 2]');
    expect(() => compile('output y = x')).toThrow('NN0301');
    expect(() => compile('let')).toThrow('NN01');
    const read = compile('import "a.nn" as a\ninput x: f32[n, 2]\noutput y = x |> a', {
      readImport: () => ({ name: 'a.nn', text: 'dense(2, 3)' }),
    });
    expect(pathsOf(read)).toEqual(['a.dense.W', 'a.dense.b']);
  });
});

test('a model of parts, with outputs that are returned', () => {
  const net = model(
    'net',
    {
      inputs: { x: 'f32[n, 4]' },
      params: { scale: ['f32', 1] },
      states: { seen: ['f32', 0] },
      layers: { out: dense(3) },
    },
    ({ x, scale, seen, out }, m) => {
      m.update(seen, seen.add(1));
      return { y: out(x.mul(scale)) };
    },
  );
  expect(pathsOf(net)).toEqual(['scale', 'out.W', 'out.b']);
  expect(net.definition.evaluation.outputs.map((one) => one.name)).toEqual(['y']);
});

test('sizes that data decide', () => {
  const net = model('net', (m) => {
    const t = m.dim('t', { max: 8, multipleOf: 2 });
    const x = m.input('x', 'f32[n, t]');
    const [n = 0] = x.shape;
    if (typeof n === 'number' || typeof t === 'number') throw new Error('these are symbols');
    expect(String(n.mul(2).valueOf())).toBe('2*n');
    expect(String(t.add(1))).toBe('t + 1');
    m.output('y', x.reshape([n.mul(t)]));
    m.output('mean', x.sum().div(n));
  });
  expect(net.definition.guards.map((one) => one.text.replace(/ \(.*/, ''))).toEqual(
    expect.arrayContaining(['dim t <= 8']),
  );
});

test('a seed said in training options holds for what stood before them', () => {
  const built = model('m', (m) => {
    const x = m.input('x', 'f32[n, 2]');
    m.loss(x.pipe(dense(2)).mean());
    m.train({ seed: 7, optimizer: nn.sgd(), batch: 4 });
  });
  const text = compile(
    'input x: f32[n, 2]\nloss = mean(x |> dense(2))\ntrain { seed: 7, optimizer: sgd(), batch: 4 }',
  );
  expect(built.hash).toBe(text.hash);
  expect(built.with({ seed: 8 }).params[0]?.init).toBeDefined();
});

test('expectations, and warnings of a text', () => {
  const net = model('net', (m) => {
    const x = m.input('x', 'f32[n, 3]');
    m.expect(nn.softmax(x).sum({ axis: -1 }).sub(1).abs().lt(1e-6));
    m.expect(x.lt(0));
    m.output('y', x);
  });
  expect(net.test().map((one) => one.holds)).toEqual([true, false]);
  const text = 'input x: f32[n, 3]\nlet unused = x + 1\noutput y = x';
  expect(compile(text).warnings.map((one) => one.code)).toEqual(['NN0901']);
});

test('a function without its first argument is a stage, as in a file', () => {
  const net = model('net', (m) => {
    const x = m.input('x', 'f32[n, 8]');
    m.output('y', x.pipe(dense(4), nn.leakyRelu(0.2), nn.dropout(0.1)));
  });
  const text = 'input x: f32[n, 8]\noutput y = x |> dense(4) |> leaky_relu(0.2) |> dropout(0.1)';
  expect(net.hash).toBe(compile(text).hash);
});
