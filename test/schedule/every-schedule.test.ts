/** Every legal schedule computes what the interpreter does, on each adapter that is here. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { closeTestDevice, profileOf, testDevice } from '../support/run-graph.ts';
import { cases, type Outcome, runEverySchedule } from './every-schedule.ts';

afterAll(closeTestDevice);

const MINUTES = 60_000;

/** Variants that must have been among them; subgroups are not on every adapter. */
const always = ['map 4 x 4', 'row by invocation', 'row by invocation, held', 'row by workgroup'];
const products = ['contract direct', 'contract shared', 'contract team', 'prefix'];
const ofSubgroups = ['row by subgroup', 'row by subgroup, held', 'contract subgroup'];

function expectAll({ ran, wrong }: Outcome, subgroups: boolean): void {
  expect(wrong).toEqual([]);
  const wanted = [...always, ...products, ...(subgroups ? ofSubgroups : [])];
  expect(Object.keys(ran)).toEqual(expect.arrayContaining(wanted));
}

test('on the adapter at hand', { timeout: 10 * MINUTES }, async () => {
  const { subgroupSize } = profileOf(await testDevice());
  expectAll(await runEverySchedule(cases), subgroupSize !== undefined);
});

/** A process finds one adapter and keeps it: another one needs another process. */
describe('on the other adapter, where there is one', () => {
  test('in a process of its own', { timeout: 10 * MINUTES }, async ({ skip }) => {
    const { how } = await testDevice();
    const [here, other] = how.includes('SwiftShader') ? ['swiftshader', ''] : ['', 'swiftshader'];
    const child = path.join(import.meta.dirname, 'every-schedule-alone.ts');
    const env = { ...process.env, NNC_GPU: other, NNC_EXCEPT: here };
    const run = promisify(execFile)(process.execPath, [child], { env });
    const outcome = await run.then(
      ({ stdout }) => JSON.parse(stdout) as Partial<Outcome>,
      (error: { stderr?: string }) => {
        // Only the absence of the driver is a reason to pass over it.
        if (!error.stderr?.includes('AdapterNotFoundError')) throw error;
        return undefined;
      },
    );
    const { device, subgroups = false, ran = {}, wrong = [] } = outcome ?? {};
    if (device === undefined) skip(`this machine has no adapter but ${how}`);
    else expectAll({ device, subgroups, ran, wrong }, subgroups);
  });
});
