/** Bisection: silent where the compiler is right, and right about a pass that is made wrong on purpose. */
import { expect, test } from 'vitest';
import * as build from '../../compiler/builder.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { type GraphPass, graphPasses } from '../../compiler/rewrite/passes.ts';
import { type BisectOptions, bisectPasses, compare, type StageReport } from '../../train/bisect.ts';
import { tinyModel } from './tiny-model.ts';

const model = tinyModel();

async function run(more: Partial<BisectOptions> = {}): Promise<StageReport[]> {
  const reports: StageReport[] = [];
  const options = {
    model,
    kind: 'train',
    dims: { batch: 3 },
    seed: 0,
    off: new Set<string>(),
    ...more,
  } as const;
  for await (const report of bisectPasses(options)) reports.push(report);
  return reports;
}

test('the compiler’s own passes change no result', async () => {
  const reports = await run();
  expect(reports.map((report) => report.stage)).toEqual(graphPasses.map((pass) => pass.name));
  expect(reports.filter((report) => report.deviation !== undefined)).toEqual([]);
});

test('passes that are switched off are not judged', async () => {
  const reports = await run({ off: new Set(['simplify']) });
  expect(reports.map((report) => report.stage)).not.toContain('simplify');
});

test('the first wrong pass is named, with the result, and with the rule that is to blame', async () => {
  const wrong: GraphPass = {
    name: 'wrong',
    rules: ['right-rule', 'wrong-rule'],
    run: (graph, results, off = new Set()) =>
      off.has('wrong-rule')
        ? [...results]
        : results.map((node, i) => (i === 0 ? build.add(graph, node, 0.5) : node)),
  };
  const never: GraphPass = { name: 'never', run: () => expect.fail('ran after the wrong one') };
  const reports = await run({ passes: [...graphPasses.slice(0, 2), wrong, never] });
  expect(reports.map((report) => report.stage)).toEqual(['drop-rules', 'drop-variables', 'wrong']);
  const last = reports.at(-1);
  expect(last?.deviation).toMatchObject({ result: "loss'", element: 0 });
  expect((last?.deviation?.found ?? 0) - (last?.deviation?.expected ?? 0)).toBeCloseTo(0.5, 9);
  expect(last?.suspects).toEqual(['wrong-rule']);
});

test('kernels are judged unfused, then fused, on what the device gave', async () => {
  const asked: boolean[] = [];
  const reports = await run({
    kind: 'predict',
    runKernels: async (fuse, values) => {
      asked.push(fuse);
      expect([...values.keys()]).toContain('x');
      return [ndArray('f32', [3, 3]), ndArray('i32', [3]), ndArray('f32', [])];
    },
  });
  expect(asked).toEqual([false]);
  expect(reports.at(-1)).toMatchObject({
    stage: 'kernels',
    deviation: { result: 'probs', found: 0 },
  });
});

test('what the reference has no finite value for is not compared; a lost number is', () => {
  const reference = [ndArray('f32', [3], [1, Number.POSITIVE_INFINITY, Number.NaN])];
  const same = compare('s', ['r'], reference, [ndArray('f32', [3], [1, 7, 8])], 1e-9);
  expect(same).toEqual({ stage: 's', difference: 0 });
  const lost = compare('s', ['r'], reference, [ndArray('f32', [3], [Number.NaN, 7, 8])], 1e-9);
  expect(lost.deviation).toMatchObject({ element: 0, expected: 1 });
  const none = compare('s', ['r'], reference, [], 1e-9);
  expect(none.deviation).toBeDefined();
});

test('an element that rounding alone changes may differ by that; its neighbours may not', () => {
  const reference = [ndArray('f32', [2], [1, 1])];
  const allowed = [Float64Array.of(0.01, 0)];
  const found = (a: number, b: number) => [ndArray('f32', [2], [a, b])];
  expect(compare('s', ['r'], reference, found(1.2, 1), 1e-3, allowed).deviation).toBeUndefined();
  expect(compare('s', ['r'], reference, found(1, 1.2), 1e-3, allowed).deviation).toMatchObject({
    element: 1,
  });
  expect(compare('s', ['r'], reference, found(3, 1), 1e-3, allowed).deviation).toMatchObject({
    element: 0,
  });
});
