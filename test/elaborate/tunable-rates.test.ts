/** Learning rates as states: the numbers of a constant rate while they are left alone, those of another one when it is written. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import type { ElaborateOptions } from '../../compiler/elaborate/options.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import type { Model } from '../../compiler/model.ts';
import { parse } from '../../grammar/parse.ts';
import { initialState, interpretedTrainer } from '../support/model.ts';

function model(text: string, options: Partial<ElaborateOptions> = {}): Model {
  const source = { name: 'test.nn', text };
  const { model, diagnostics } = elaborate(parse(source).file, { source, ...options });
  if (model === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return model;
}

const line = (optimizer: string): string => `
input x: f32[batch, 2]
input y: f32[batch]
loss = mse((x |> dense(1))[:, 0], y)
train { optimizer: ${optimizer} }
`;

const batch = new Map([
  ['x', ndArray('f32', [3, 2], [1, 2, -1, 0.5, 3, -2])],
  ['y', ndArray('f32', [3], [1, 0, 2])],
]);

function weightsAfter(trained: Model, rates: readonly (number | undefined)[]) {
  const state = initialState(trained);
  const step = interpretedTrainer(trained, { batch: 3 }, state);
  for (const rate of rates) {
    if (rate !== undefined) state.set('/lr', ndArray('f32', [], [rate]));
    step(batch);
  }
  return [...(state.get('dense.W')?.data ?? []), ...(state.get('dense.b')?.data ?? [])];
}

// Powers of two, so that the rate is the same number as a constant and as an f32.
test.each(['sgd(lr=0.125)', 'momentum(lr=0.125)', 'adam(lr=0.125)', 'adamw(lr=0.125)'])(
  '%s',
  (optimizer) => {
    const constant = model(line(optimizer));
    const tunable = model(line(optimizer), { tunableRates: true });
    expect(tunable.optimization?.slots.map((slot) => slot.path)).toEqual([
      '/lr',
      ...(constant.optimization?.slots ?? []).map((slot) => slot.path),
    ]);
    expect(weightsAfter(tunable, [undefined, undefined])).toEqual(
      weightsAfter(constant, [undefined, undefined]),
    );
    // At the first step nothing remembers the rate of an earlier one.
    const slower = model(line(optimizer), { learningRate: 0.03125 });
    expect(weightsAfter(tunable, [0.03125, undefined])).toEqual(
      weightsAfter(slower, [undefined, undefined]),
    );
    expect(weightsAfter(tunable, [undefined])).not.toEqual(weightsAfter(slower, [undefined]));
  },
);

test('a schedule stays what the file says', () => {
  const scheduled = model(line('sgd(lr=cosine_decay(0.1, 100))'), { tunableRates: true });
  expect(scheduled.optimization?.slots).toEqual([]);
});

test('--lr is where a tunable rate begins', () => {
  const { optimization } = model(line('adam()'), { tunableRates: true, learningRate: 0.5 });
  const rate = optimization?.slots.find((slot) => slot.path === '/lr');
  expect(rate?.init.attrs['value']).toBe(0.5);
});

test('each section has a rate of its own', () => {
  const text = readFileSync('models/gan.nn', 'utf8');
  const slots = model(text, { tunableRates: true }).optimization?.slots ?? [];
  const names = model(text).optimization?.sections.map((section) => section.name) ?? [];
  expect(names.length).toBe(2);
  const rates = slots.map((slot) => slot.path).filter((path) => path.endsWith('/lr'));
  expect(rates).toEqual(names.map((name) => `${name}/lr`));
});
