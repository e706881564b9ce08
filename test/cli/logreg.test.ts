/** The published figures of logistic regression on 500 MNIST images, through the command. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkplace, projectFolder, type Workplace } from './run-nnc.ts';

const data = path.join(
  process.env['NNC_TEST_DATA'] ?? path.join(projectFolder, '../shared/data'),
  'mnist',
);
const model = path.join(projectFolder, 'models/logreg.nn');

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
});
afterAll(() => place.remove());

test('models/logreg.nn --limit 500: loss 0.0886 before update 901, test accuracy 0.8337', async ({
  skip,
}) => {
  skip(!existsSync(data), `there is no ${data}: set NNC_TEST_DATA to a folder with mnist/`);
  const words = ['train', model, '--data', data, '--limit', '500', '--log-every', '100'];
  const { code, stdout, stderr } = await place.nnc(...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const losses = [...stdout.matchAll(/^step +(\d+)\/1000 {3}loss_now (\S+)/gm)].map(
    ([, step, loss]) => [Number(step), Number(loss)],
  );
  expect(losses.map(([step]) => step)).toEqual([
    1, 101, 201, 301, 401, 501, 601, 701, 801, 901, 1000,
  ]);
  const lossAt = new Map(losses.map(([step, loss]) => [step, loss]));
  // PyTorch's f32 run, and the published loss; all logged with four decimals.
  expect(lossAt.get(1)).toBeCloseTo(Math.LN10, 3);
  expect(lossAt.get(501)).toBeCloseTo(0.1516, 3);
  expect(lossAt.get(901)).toBe(0.0886);
  expect(lossAt.get(1000)).toBeCloseTo(0.08, 4);
  const [, accuracy, rows] = /^test .*accuracy (\S+).* ([\d,]+) samples$/m.exec(stdout) ?? [];
  expect(Math.abs(Number(accuracy) - 0.8337)).toBeLessThan(1e-3);
  expect(rows).toBe('10,000');
});
