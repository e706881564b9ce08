/** What the type checker knows of a session: names, and arrays by element type. Nothing runs: `tsc` is the test. */
import { expect, expectTypeOf, test } from 'vitest';
import type { History } from '../../api/callbacks/index.ts';
import { earlyStopping } from '../../api/callbacks/index.ts';
import { type Dataset, dataset, type TableRow } from '../../api/data/index.ts';
import type { ModelSession, TensorValues, Values } from '../../api/session/index.ts';
import type { TinyShape } from './tiny.ts';

type Tiny = ModelSession<TinyShape>;

/** Checked, never called. */
async function known(session: Tiny): Promise<void> {
  const x = new Float32Array(10);
  const label = Uint8Array.of(0, 1);
  await session.fit({ x, label });
  await session.fit({
    x: [
      [1, 2],
      [3, 4],
    ],
    label: [0, 1],
  });
  await session.fit([
    { x, label: 1 },
    { x: [1, 2, 3, 4, 5], label: 0 },
  ]);
  await session.fit(
    dataset([{ x, label: 1 }])
      .shuffle(7)
      .batch(8)
      .prefetch(2),
  );
  await session.fit({ x, label }, { validation: { x, label }, callbacks: [earlyStopping()] });
  await session.predict({ x });
  await session.step({ x, label });
  await session.step([{ x, label: 1 }]);

  // @ts-expect-error a misspelt input
  await session.fit({ X: x, label });
  // @ts-expect-error an input is missing
  await session.fit({ x });
  // @ts-expect-error floats for whole numbers
  await session.fit({ x, label: new Float32Array(2) });
  // @ts-expect-error wider numbers than the input has
  await session.step({ x, label: new Int32Array(2) });
  // @ts-expect-error text is no number
  await session.fit([{ x, label: 'three' }]);
  // @ts-expect-error a misspelt input of a prediction
  await session.predict({ xs: x });
  // @ts-expect-error a pipeline of other rows
  await session.fit(dataset([{ x, lable: 1 }]));

  const { probs, digit } = await session.predict({ x });
  expectTypeOf(probs).toEqualTypeOf<TensorValues>();
  expectTypeOf(digit.shape).toEqualTypeOf<readonly number[]>();
  // @ts-expect-error there is no such output
  (await session.predict({ x })).logits;

  const values = await session.evaluate({ x, label });
  expectTypeOf(values).toEqualTypeOf<Values<TinyShape>>();
  expectTypeOf(values.accuracy).toBeNumber();
  // @ts-expect-error there is no such metric
  values.acuracy;

  await session.parameters.read('dense.W');
  // @ts-expect-error there is no such parameter
  await session.parameters.read('dense.w');

  await session.fit(
    { x, label },
    {
      callbacks: [
        {
          onEpoch({ train, validation }, run) {
            expectTypeOf(train.loss).toBeNumber();
            expectTypeOf(validation?.accuracy).toEqualTypeOf<number | undefined>();
            expectTypeOf(run.session).toEqualTypeOf<Tiny>();
          },
        },
      ],
    },
  );
  expectTypeOf(await session.fit({ x, label })).toEqualTypeOf<History<TinyShape>>();
}

/** Where nobody has told the types, names are plain strings. */
async function unknown(session: ModelSession): Promise<void> {
  await session.fit({ anything: new Float32Array(3), goes: [1, 2, 3] });
  const outputs = await session.predict({ x: [1] });
  expectTypeOf(outputs['y']).toEqualTypeOf<TensorValues | undefined>();
  await session.parameters.read('any.path');
}

test('sessions have the types of their models', () => {
  expect([known, unknown].every((one) => typeof one === 'function')).toBe(true);
});

test('pipelines have the type of their elements', () => {
  const numbers = dataset([1, 2, 3]);
  expectTypeOf(numbers).toEqualTypeOf<Dataset<number>>();
  expectTypeOf(numbers.map(String)).toEqualTypeOf<Dataset<string>>();
  expectTypeOf(numbers.map(async (n) => ({ n }))).toEqualTypeOf<Dataset<{ n: number }>>();
  expectTypeOf(numbers.batch(2)).toEqualTypeOf<Dataset<readonly number[]>>();
  expectTypeOf(numbers.split(0.5).train).toEqualTypeOf<Dataset<number>>();
});

/** Rows of a table go where rows of the model do: which columns it has is seen when it is read. Objects are still checked. */
async function tables(session: Tiny, rows: Dataset<TableRow>): Promise<void> {
  await session.fit(rows.shuffle(1).batch(8));
  await session.predict(rows);
  for await (const batch of rows.batch(8)) await session.step(batch);
  // @ts-expect-error there is no such input
  await session.fit([{ xx: 1, label: 3 }]);
}
expectTypeOf(tables).toBeFunction();
