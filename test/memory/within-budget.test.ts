/** A budget that a plan misses is met by leaving kernels apart, where that helps. */
import { describe, expect, test } from 'vitest';
import { type Compiled, compile } from '../../compiler/compile.ts';
import { planBytes, withinBudget } from '../../compiler/memory/within-budget.ts';
import { portable } from '../../compiler/schedule/device.ts';
import type { Plan } from '../../runtime/plan.ts';
import { modelOf } from '../support/model.ts';

/** Five large maps of the same inputs, each needed by one product: as one kernel, all of them are in use at once. */
const branches = `nn 0.1
input x: f32[batch, 1024]
input y: f32[batch, 1024]
input z: f32[batch, 1024]
${[1, 2, 3, 4, 5].map((i) => `param w${i}: f32[1024, 8] = 0`).join('\n')}
output total = ${[1, 2, 3, 4, 5].map((i) => `(z * tanh(x * ${i}.5 + y)) @ w${i}`).join(' + ')}
`;

const compiled = (budget?: number): Compiled =>
  compile(modelOf(branches, 'branches.nn'), {
    device: portable,
    programs: [{ kind: 'predict', dims: { batch: 512 } }],
    ...(budget === undefined ? {} : { budget }),
  });
const dispatches = ({ plan }: Compiled): number => plan.programs[0]?.dispatches.length ?? 0;

describe('a plan', () => {
  const map = 512 * 1024 * 4;
  /** What the products add up to on the way. */
  const sums = 5 * 512 * 8 * 4;
  const greedy = compiled();
  const bytes = planBytes(greedy.plan);

  test('takes what it likes where nobody says how much there is, or where there is enough', () => {
    expect(dispatches(greedy)).toBe(6);
    expect(compiled(bytes)).toEqual(greedy);
  });
  test.each([1, 2, 3, 4])('with %d maps less, it has more and smaller kernels', (fewer) => {
    const budget = bytes - fewer * map + sums;
    const frugal = compiled(budget);
    expect(planBytes(frugal.plan)).toBeLessThanOrEqual(budget);
    expect(dispatches(frugal)).toBeGreaterThan(6);
  });
  test('of those that miss the budget, the smallest', () => {
    const least = planBytes(compiled(1000).plan);
    expect(least).toBeLessThan(bytes - 3 * map);
    expect(planBytes(compiled(least).plan)).toBe(least);
  });
});

test('attempts: as it likes, then with the room there is, then as little as possible', () => {
  const asked: (number | undefined)[] = [];
  const plan = (scratch: number): { plan: Plan } => ({
    plan: {
      buffers: [
        { id: 0, bytes: 100, class: 'state', label: 'w' },
        { id: 1, bytes: scratch, class: 'scratch', label: 'page' },
      ],
    } as unknown as Plan,
  });
  const attempt = (mostLive: number | undefined): { plan: Plan } => {
    asked.push(mostLive);
    return plan([500, 400, 300][asked.length - 1] ?? 0);
  };
  const run = (budget?: number): number => {
    asked.length = 0;
    return planBytes(withinBudget(budget, attempt).plan);
  };
  expect([run(), asked]).toEqual([600, [undefined]]);
  expect([run(600), asked]).toEqual([600, [600]]);
  expect([run(550), asked]).toEqual([500, [550, 450]]);
  expect([run(450), asked]).toEqual([400, [450, 350, 0]]);
  expect([run(50), asked]).toEqual([500, [50, 0]]);
});
