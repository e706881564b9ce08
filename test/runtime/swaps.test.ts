/** States that change places with a twin: every step reads what the one before it wrote, whoever asks in between. */
import { afterAll, describe, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { openSession, type Plan, type Session } from '../../runtime/index.ts';
import { closeTestDevice, compileGraph, runGraph, testDevice } from '../support/run-graph.ts';

afterAll(closeTestDevice);

const SIZE = 1000;

/** x' = x[1], x[2], …, x[0]: no place may be written before its neighbour has read it. */
function rotation(size = SIZE): { g: Graph; x: Node; turned: Node } {
  const g = new Graph();
  const x = b.input(g, 'x', 'state', 'f32', [size]);
  const tail = b.slice(g, x, [1], [1], [size - 1]);
  const head = b.slice(g, x, [0], [1], [1]);
  return { g, x, turned: b.add(g, b.concat(g, [tail, head], 0), 1) };
}

const numbers = Array.from({ length: SIZE }, (_, i) => (i * 7) % 31);
const rotated = (values: readonly number[], times: number): number[] =>
  values.map((_, i) => (values[(i + times) % values.length] ?? 0) + times);

function rotationPlan(): Plan {
  const { g, x, turned } = rotation();
  const { plan } = compileGraph(g, [turned], { replaces: new Map([[0, x]]) });
  return plan;
}

async function withSession(plan: Plan, use: (session: Session) => Promise<void>): Promise<void> {
  const { device, host } = await testDevice();
  const session = await openSession(plan, { device, host });
  try {
    await use(session);
  } finally {
    await session.settle();
    session.close();
  }
}

const valuesOf = async (session: Session): Promise<number[]> => [
  ...((await session.read(['x'])).get('x') ?? []),
];

describe('a state that each element of the next one reads elsewhere', () => {
  test('is one kernel and a swap, without a copy', () => {
    const plan = rotationPlan();
    const [program] = plan.programs;
    expect(program?.dispatches).toHaveLength(1);
    expect(program?.copies).toEqual([]);
    expect(program?.swaps).toHaveLength(1);
    for (const [one, other] of program?.swaps ?? [])
      expect([one, other].map((id) => plan.buffers.find((x) => x.id === id)?.class)).toEqual([
        'state',
        'state',
      ]);
  });

  test.each([1, 2, 3, 7])('is right after %i steps in one submit', async (steps) => {
    await withSession(rotationPlan(), async (session) => {
      session.write('x', numbers);
      await session.runner('predict').run(Array.from({ length: steps }, () => ({})));
      expect(await valuesOf(session)).toEqual(rotated(numbers, steps));
    });
  });

  test('is read and written where it is, between submits of odd and even length', async () => {
    await withSession(rotationPlan(), async (session) => {
      session.write('x', numbers);
      const runner = session.runner('predict');
      let steps = 0;
      for (const count of [1, 2, 1, 3]) {
        await runner.run(Array.from({ length: count }, () => ({})));
        steps += count;
        expect(await valuesOf(session)).toEqual(rotated(numbers, steps));
      }
      const others = numbers.map((x) => x + 100);
      session.write('x', others);
      expect(await valuesOf(session)).toEqual(others);
      await runner.run([{}]);
      expect(await valuesOf(session)).toEqual(rotated(others, 1));
    });
  });

  test('is the same for all programs, also for those that only read it', async () => {
    const one = rotationPlan();
    const [program] = one.programs;
    if (program === undefined) throw new Error('a plan without a program');
    const plan: Plan = {
      ...one,
      programs: [program, { ...program, name: 'again' }, { ...program, name: 'idle', swaps: [] }],
    };
    await withSession(plan, async (session) => {
      session.write('x', numbers);
      await session.runner('predict').run([{}]);
      await session.runner('again').run([{}, {}]);
      // It writes the twin and exchanges nothing, so nobody sees it.
      await session.runner('idle').run([{}]);
      await session.runner('predict').run([{}]);
      expect(await valuesOf(session)).toEqual(rotated(numbers, 4));
    });
  });

  test('of more than 64 KiB is copied instead', async () => {
    const size = 20_000;
    const { g, x, turned } = rotation(size);
    const replaces = new Map([[0, x]]);
    const [program] = compileGraph(g, [turned], { replaces }).plan.programs;
    expect(program?.dispatches.length).toBeGreaterThan(1);
    expect(program?.swaps).toEqual([]);
    const large = Array.from({ length: size }, (_, i) => i % 977);
    const { values } = await runGraph(
      g,
      [turned],
      new Map([['x', ndArray('f32', [size], large)]]),
      {
        replaces,
      },
    );
    expect([...(values[0]?.data ?? [])]).toEqual(rotated(large, 1));
  });
});

test('two states that are each made of the other both change places', async () => {
  const g = new Graph();
  const [x, y] = ['x', 'y'].map((name) => b.input(g, name, 'state', 'f32', [6]));
  if (x === undefined || y === undefined) throw new Error('two inputs');
  const results = [b.add(g, y, 1), b.mul(g, x, 2)];
  const replaces = new Map([
    [0, x],
    [1, y],
  ]);
  const given = new Map([
    ['x', ndArray('f32', [6], [1, 2, 3, 4, 5, 6])],
    ['y', ndArray('f32', [6], [10, 20, 30, 40, 50, 60])],
  ]);
  const { values } = await runGraph(g, results, given, { replaces });
  expect(values.map((v) => [...v.data])).toEqual([
    [11, 21, 31, 41, 51, 61],
    [2, 4, 6, 8, 10, 12],
  ]);
});
