/** The golden schedules as functions of the prelude, step by step: in the interpreter and on the device. */
import { afterAll, expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { valuesOf } from '../elaborate/evaluate.ts';
import { trainOnDevice } from '../support/device-training.ts';
import { initialState, modelOf } from '../support/model.ts';
import { closeTestDevice, profileOf, testDevice } from '../support/run-graph.ts';
import { closeTo } from './close-to.ts';
import { scheduleCases, scheduleText } from './optimizers.ts';

afterAll(closeTestDevice);

const nameOf = (id: string): string => id.replace('schedule.', '');

test('there are ten schedules', () => {
  expect(scheduleCases.length).toBe(10);
});

test.each(scheduleCases.map((c) => [c.id, scheduleText(c), c] as const))(
  '%s is %s',
  (_, text, c) => {
    const model = modelOf(`output lr = ${text}\n`);
    const nodes = model.evaluation.outputs.map((o) => o.node);
    const got = c.lr.map((_, t) => {
      const [lr] = valuesOf(model, nodes, { values: { step: ndArray('f32', [], [t]) } });
      return lr?.data[0] ?? Number.NaN;
    });
    closeTo(got, c.lr, 1e-12, 1e-12, 'lr');
  },
);

test('on the device, each as a number that every step renews', async () => {
  const statements = scheduleCases.map(
    (c) => `param lr_${nameOf(c.id)}: f32 = 0\nupdate lr_${nameOf(c.id)} = ${scheduleText(c)}\n`,
  );
  const model = modelOf(statements.join(''));
  const steps = scheduleCases[0]?.lr.length ?? 0;
  const after = Array.from({ length: steps }, (_, i) => i + 1);
  const state = initialState(model);
  const profile = profileOf(await testDevice());
  const run = await trainOnDevice(model, {}, profile, state, steps, () => ({}), after);
  for (const c of scheduleCases) {
    const got = after.map(
      (t) => run.snapshots.get(t)?.get(`lr_${nameOf(c.id)}`)?.data[0] ?? Number.NaN,
    );
    closeTo(got, c.lr, 2e-6, 1e-8, c.id);
  }
});
