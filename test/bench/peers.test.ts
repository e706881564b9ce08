/** Our side of the comparison computes the right thing, and its verdicts are right; speed is not looked at. */
import { beforeAll, expect, test } from 'vitest';
import { relativeError } from '../../bench/measure.ts';
import { CASES, type Case } from '../../bench/peers/cases.ts';
import type { Job } from '../../bench/peers/contestant.ts';
import { cases, setup } from '../../bench/peers/contestants/nnc.ts';
import { verdictOf, verdictTable } from '../../bench/peers/goals.ts';
import { CHECKED_STEPS, reference } from '../../bench/peers/reference.ts';
import { problem } from '../../bench/problem.ts';
import { trainingReference } from '../../bench/reference.ts';

beforeAll(setup);

test.each(['matmul-256', 'mlp-infer-1', 'layernorm'])('%s against f64', async (name) => {
  const job = await prepared(name);
  await job.run(1);
  const output = (await job.output?.()) ?? [];
  expect(relativeError(output, reference(caseOf(name)))).toBeLessThan(1e-3);
  expect(await job.sync()).toBe(output[0]);
  await job.dispose?.();
});

test('losses of a training step against f64, in which two references agree', async () => {
  const { parameters, images, labels } = problem();
  const other = trainingReference(parameters, images, labels, CHECKED_STEPS);
  const expected = reference(caseOf('mlp-train-sgd'));
  expect(relativeError(expected, other)).toBeLessThan(1e-12);
  const job = await prepared('mlp-train-sgd');
  const losses: number[] = [];
  while (losses.length < CHECKED_STEPS) {
    await job.run(1);
    losses.push(await job.sync());
  }
  expect(relativeError(losses, expected)).toBeLessThan(1e-4);
  await job.dispose?.();
});

test('a verdict compares with the best library and with the hand-written kernels', () => {
  const row = (id: string, least: number, median: number) => ({
    id,
    samples: [],
    timing: { least, median },
  });
  const rows = [
    row('nnc', 10, 20),
    row('tfjs', 40, 50),
    row('jax-js', 35, 70),
    row('hand', 9, 9),
    { id: 'ort-web', samples: [], problem: 'not supported' },
  ];
  const verdict = verdictOf({ name: 'mlp-train-sgd', rows });
  expect(verdict).toEqual({
    case: 'mlp-train-sgd',
    best: { name: 'jax-js', least: 3.5, median: 2.5 },
    goal: 3,
    hand: { least: 10 / 9, median: 20 / 9 },
  });
  expect(verdictTable(verdict === undefined ? [] : [verdict])[1]).toEqual([
    'mlp-train-sgd',
    'jax-js',
    '3.50x',
    '2.50x',
    '3.00x',
    'short',
    '1.11x',
    '2.22x',
    '1.25x',
    'PASS',
  ]);
  expect(verdictOf({ name: 'softmax', rows: rows.slice(1) })).toBeUndefined();
});

async function prepared(name: string): Promise<Job> {
  const spec = caseOf(name);
  const open = cases[spec.op] as ((spec: Case, data: unknown) => Promise<Job>) | undefined;
  if (open === undefined) throw new Error(`${name} is not supported`);
  return await open(spec, spec.data());
}

function caseOf(name: string): Case {
  const spec = CASES[name];
  if (spec === undefined) throw new Error(`no case ${name}`);
  return spec;
}
