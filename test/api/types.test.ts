/** What the types know. The lines marked as errors are checked by `npm run typecheck`: one that is none fails there. */
import { expect, expectTypeOf, test } from 'vitest';
import type { ModelShape } from '../../api/model-shape.ts';
import {
  type AnyColumn,
  type AnySize,
  type ApiFiles,
  type ApiHost,
  compile,
  type DataSplits,
  type Diagnostic,
  type DType,
  type grad,
  type HostDevice,
  type Layer,
  type LooseShape,
  layer,
  loadData,
  type Model,
  ModelError,
  model,
  type Nn,
  nn,
  type Ops,
  ops,
  type Tensor,
  type TensorArray,
} from '../../api/node.ts';
import { metricNames } from '../../compiler/programs.ts';

type ShapeOfModel<M> = M extends Model<infer S extends ModelShape> ? S : never;

const net = model(
  'net',
  {
    inputs: { image: 'u8[batch, 784]', label: 'i32[batch]', mask: 'f32[batch]' },
    params: { scale: ['f32', 1] },
    layers: { hidden: nn.dense(32), norm: nn.layerNorm(), tail: nn.dense(4).pipe(nn.relu) },
  },
  ({ image, hidden, norm, tail, scale }) => ({
    logits: image.cast('f32').mul(scale).pipe(hidden, norm, tail),
  }),
);

test('names and element types of a model of parts', () => {
  type S = ShapeOfModel<typeof net>;
  expectTypeOf<S['inputs']>().toEqualTypeOf<{
    readonly image: 'u8';
    readonly label: 'i32';
    readonly mask: 'f32';
  }>();
  expectTypeOf<S['outputs']>().toEqualTypeOf<'logits'>();
  expectTypeOf<S['params']>().toEqualTypeOf<
    'scale' | 'hidden.W' | 'hidden.b' | 'norm.gamma' | 'norm.beta' | `tail.${string}`
  >();
  expect(net.name).toBe('net');
});

test('parts that are misspelt are errors', () => {
  model('n', { inputs: { x: 'f32[n]' } }, (parts) => {
    // @ts-expect-error: there is no such part
    parts.y;
    return { y: parts.x };
  });
  // @ts-expect-error: there is no such element type
  expect(() => model('n', { inputs: { x: 'f64[n]' } }, () => ({}))).toThrow();
});

test('chains and functions', () => {
  const chain = model('chain', nn.dense(4, 2).pipe(nn.relu));
  expectTypeOf<ShapeOfModel<typeof chain>['inputs']>().toEqualTypeOf<{ readonly x: 'f32' }>();
  expectTypeOf<ShapeOfModel<typeof chain>['outputs']>().toEqualTypeOf<'y'>();
  const loose = model('loose', (m) => ({ y: m.input('x', 'f32[n]') }));
  expectTypeOf<ShapeOfModel<typeof loose>['outputs']>().toEqualTypeOf<'y'>();
  expectTypeOf(compile).toBeFunction();
});

test('the library', () => {
  expectTypeOf(nn.dense(3)).toEqualTypeOf<Layer<'W' | 'b'>>();
  expectTypeOf(nn.dense(4, 3, { bias: false })).toEqualTypeOf<Layer<'W' | 'b'>>();
  expectTypeOf(nn.softmax).returns.toEqualTypeOf<Tensor>();
  expectTypeOf(ops.split).returns.toEqualTypeOf<Tensor[]>();
  expectTypeOf<typeof grad>().toBeCallableWith({} as Tensor, [{} as Tensor, {} as Tensor]);
  // @ts-expect-error: options are named
  nn.dense(4, 3, true);
  // @ts-expect-error: there is no such option
  nn.adam({ learningRate: 0.1 });
  // @ts-expect-error: there is no such layer
  expect(nn.linear).toBeUndefined();
  expectTypeOf(nn.embedding(10, 4).get).parameter(0).toEqualTypeOf<'table'>();
});

test('a layer computes with its sizes', () => {
  const { dense, dropout, gelu, layerNorm, residual } = nn;
  const block = layer('block', { d: 'dim', heads: 'int' }, (_, { d, heads }) =>
    residual(layerNorm().pipe(nn.attention(heads), dropout(0.1))).pipe(
      residual(layerNorm().pipe(dense(4 * d), gelu, dense(d), dropout(0.1))),
    ),
  );
  const built = model('gpt', (m) => {
    m.dim('t', { max: 16 });
    m.output('y', m.input('x', 'f32[batch, t, 24]').pipe(block(24, 3)));
  });
  const written = compile(`dim t <= 16
layer block(d: dim, heads: int) =
  residual { layer_norm |> attention(heads) |> dropout(0.1) }
  |> residual { layer_norm |> dense(4 * d) |> gelu |> dense(d) |> dropout(0.1) }
input x: f32[batch, t, 24]
output y = x |> block(24, 3)
`);
  expect(built.hash).toBe(written.hash);
});

test('a layer takes sizes that data decide', () => {
  const flat = layer('flat', { n: 'size', by: 'dim' }, (_, { n, by }) => (x: Tensor) => {
    expectTypeOf(n).toEqualTypeOf<AnySize>();
    expectTypeOf(by).toEqualTypeOf<number>();
    return x.reshape([typeof n === 'number' ? n * by : n.mul(by)]);
  });
  const built = model('net', (m) => {
    m.output('y', m.input('x', 'f32[n, 3]').pipe(flat(m.dim('n'), 3)));
  });
  const written = compile('input x: f32[n, 3]\noutput y = reshape(x, [3 * n])\n');
  expect(built.hash).toBe(written.hash);
});

const measured = model(
  'measured',
  {
    inputs: { x: 'f32[n, 4]', y: 'f32[n, 1]' },
    layers: { out: nn.dense(1) },
    metrics: ['error', 'size'],
  },
  ({ x, y, out }, m) => {
    m.loss(nn.mse(out(x), y));
    m.metric('error', nn.mae(out(x), y));
    m.loss('size', out.get('W').pow(2).sum());
    return { predicted: out(x) };
  },
);

test('names of losses and metrics', () => {
  expectTypeOf<ShapeOfModel<typeof measured>['metrics']>().toEqualTypeOf<
    'loss' | 'error' | 'size'
  >();
  expect(metricNames(measured.definition, 'eval').toSorted()).toEqual(['error', 'loss', 'size']);
  expect(() =>
    model('n', { inputs: { x: 'f32[n]' }, metrics: ['error'] }, ({ x }) => ({ y: x })),
  ).toThrow(
    '`error` is among the metrics of the parts, and the function gives it no value\nhelp: ',
  );
});

test('what functions take and give has names', () => {
  expectTypeOf(nn).toEqualTypeOf<Nn>();
  expectTypeOf(ops).toEqualTypeOf<Ops>();
  expectTypeOf<ApiHost['files']>().toEqualTypeOf<ApiFiles | undefined>();
  expectTypeOf<ApiHost['openDevice']>().returns.resolves.toEqualTypeOf<HostDevice>();
  expectTypeOf<Tensor['dtype']>().toEqualTypeOf<DType>();
  expectTypeOf<Tensor['data']>().returns.toEqualTypeOf<TensorArray>();
  expectTypeOf<ModelError['diagnostics']>().toEqualTypeOf<readonly Diagnostic[]>();
  expectTypeOf(loadData).returns.resolves.toEqualTypeOf<DataSplits<AnyColumn>>();
  const loose = model('loose', (m) => ({ y: m.input('x', 'f32[n]') }));
  expectTypeOf<ShapeOfModel<typeof loose>>().toEqualTypeOf<LooseShape<{ y: Tensor }>>();
  expect(() => compile('output y = z')).toThrow(ModelError);
});

/** Never called: what tsc says of it is the test. */
async function valueTypes(): Promise<void> {
  const data = { x: new Float32Array(4), y: new Float32Array(1) };
  const values = await (await measured.open()).evaluate(data);
  expectTypeOf(values.loss).toBeNumber();
  expectTypeOf(values.error).toBeNumber();
  // @ts-expect-error: there is no such metric
  values.eror;
  const loose = await model('loose', (m) => m.loss(m.input('x', 'f32[n]').mean()) && {}).open();
  const { epochs } = await loose.fit(data);
  expectTypeOf(epochs.map(({ train }) => train.loss)).toEqualTypeOf<number[]>();
  expectTypeOf((await loose.metrics())['accuracy']).toEqualTypeOf<number | undefined>();
}
expectTypeOf(valueTypes).toBeFunction();

/** Never called: what tsc says of it is the test. */
async function sessionTypes(): Promise<void> {
  const session = await net.open({ batch: 32 });
  const image = new Uint8Array(784);
  const label = new Int32Array(1);
  const mask = new Float32Array(1);
  await session.step({ image, label, mask });
  await session.fit([{ image, label: 3, mask: 1 }]);
  // @ts-expect-error: there is no such input
  await session.step({ imagee: image, label, mask });
  // @ts-expect-error: floats for whole numbers
  await session.step({ image, label: mask, mask });
  // @ts-expect-error: an input is missing
  await session.step({ image, mask });
  const predicted = await session.predict({ image });
  expectTypeOf(predicted).toHaveProperty('logits');
  // @ts-expect-error: there is no such output
  predicted.probs;
  session.parameters.get('hidden.W');
  session.parameters.get('tail.dense.W');
  // @ts-expect-error: there is no such parameter
  session.parameters.get('hidden.w');
  const loose = await model('loose', (m) => ({ y: m.input('x', 'f32[n]') })).open();
  session.parameters.get('norm.gamma');
  loose.parameters.get('whatever');
  await loose.step({ x: mask });
}
expectTypeOf(sessionTypes).toBeFunction();

test('types in lists have names of sizes too', () => {
  const length = 7;
  const listed = model(
    'net',
    { inputs: { ids: ['i32', 'n', length], label: 'u8[n]' }, layers: { out: nn.dense(3) } },
    ({ ids, label, out }, m) => {
      const logits = ids.pipe(nn.embedding(5, 2), nn.flatten, out);
      m.loss(nn.softmaxCrossentropy(logits, label));
      return { logits };
    },
  );
  expectTypeOf<ShapeOfModel<typeof listed>['inputs']>().toEqualTypeOf<{
    readonly ids: 'i32';
    readonly label: 'u8';
  }>();
  const [ids, label] = listed.definition.inputs;
  expect(ids?.shape[1]).toBe(length);
  expect(ids?.shape[0]).toEqual(label?.shape[0]);
  expect(() => model('net', (m) => void m.input('x', ['f32', 'n', 'n+']))).toThrow('NN0101');
  expect(() => model('net', (m) => void m.param('w', ['f32', 'n'], 0))).toThrow('NN0214');
});
