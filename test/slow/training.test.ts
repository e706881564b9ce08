/**
 * Training to a good accuracy, through the command, as a newcomer does: minutes, so not part of the
 * usual tests. `npm run test:slow`.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkplace, projectFolder, type Workplace } from '../cli/run-nnc.ts';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace(20 * 60_000);
});
afterAll(() => place.remove());

async function train(
  ...words: readonly string[]
): Promise<{ readonly accuracy: number; readonly seconds: number }> {
  const begun = performance.now();
  const { code, stdout, stderr } = await place.nnc('train', ...words);
  const seconds = (performance.now() - begun) / 1000;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const accuracy = Number(/^test .*accuracy (\S+)/m.exec(stdout)?.[1]);
  console.log(`${words.join(' ')}: accuracy ${accuracy} in ${seconds.toFixed(1)} s\n${stdout}`);
  return { accuracy, seconds };
}

test('models/glyphs.nn reaches 97 % within 60 seconds', async () => {
  const { accuracy, seconds } = await train(path.join(projectFolder, 'models/glyphs.nn'));
  expect(accuracy).toBeGreaterThanOrEqual(0.97);
  expect(seconds).toBeLessThan(60);
});

test('models/mnist.nn reaches 97.8 % in five epochs', async ({ skip }) => {
  const data = path.join(
    process.env['NNC_TEST_DATA'] ?? path.join(projectFolder, '../shared/data'),
    'mnist',
  );
  skip(!existsSync(data), `there is no ${data}: set NNC_TEST_DATA to a folder with mnist/`);
  const { accuracy } = await train(path.join(projectFolder, 'models/mnist.nn'), '--data', data);
  expect(accuracy).toBeGreaterThanOrEqual(0.978);
});
