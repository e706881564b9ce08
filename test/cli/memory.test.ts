/** `nnc compile --memory`, `--budget`, `--target-device`: figures that can be checked by hand. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkBudget, largestBatch } from '../../cli/memory-budget.ts';
import { byteCount } from '../../cli/option-values.ts';
import { CapacityError } from '../../compiler/plan/capacity-error.ts';
import { createWorkplace, projectFolder, type Workplace } from './run-nnc.ts';

let place: Workplace;
/** Four bytes a number: 4 MB of weights; a row is 4 kB of input, hidden layer and output each. */
const square = `nn 0.1
input x: f32[batch, 1000]
param a: f32[1000, 1000] = 0
let hidden = relu(x @ a)
output y = hidden + sum(hidden, axis=-1, keepdims=true)
`;
beforeAll(() => {
  place = createWorkplace();
  place.write('square.nn', square);
});
afterAll(() => place.remove());

const compile = (...args: readonly string[]) => place.nnc('compile', 'square.nn', ...args);
const mnist = path.join(projectFolder, 'models/mnist.nn');

describe('--memory', () => {
  test('bytes by class, the dispatch with most activations, and what is in use there', async () => {
    const { code, stdout } = await place.nnc('compile', mnist, '--portable', '--memory');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^buffers\n {2}state .* 3\.3 MB\n {2}input {2,}2 {2,}100 kB\n/);
    expect(stdout).toMatch(/all together 3\.9 MB, for one batch on its way/);
    expect(stdout).toMatch(/train@128: at most 5\d\d kB of activations, in dispatch \d+, k\d\d_/);
    // The hidden layer and its gradient, 128 rows of 512 numbers each.
    expect(
      stdout.match(/ {2}262 kB {2}\S.*models\/mnist\.nn:4 +dispatches? /g)?.length,
    ).toBeGreaterThanOrEqual(2);
  });
});

describe('--budget', () => {
  test('enough: said, and nothing written', async () => {
    const { code, stdout } = await compile('--portable', '--batch', '100', '--budget', '8MB');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'fits: at most 8.0 MB\n' });
  });
  test('too little: the largest batch that fits, which does, and one row more does not', async () => {
    const { code, stderr } = await compile('--portable', '--batch', '1000', '--budget', '8MB');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error\[NN0503\]: a batch of 1,000 takes 1\d MB; the budget is 8\.0 MB\n/,
    );
    const largest = Number(/`--batch (\d+)`/.exec(stderr)?.[1]);
    expect(largest).toBeGreaterThan(300);
    const at = (rows: number) => compile('--portable', '--batch', `${rows}`, '--budget', '8MB');
    expect((await at(largest)).code).toBe(0);
    expect((await at(largest + 1)).code).toBe(1);
  });
  test('just enough for smaller kernels: those are what it writes', async () => {
    const maps = [1, 2, 3, 4, 5];
    const lines = [
      'nn 0.1',
      ...['x', 'y', 'z'].map((name) => `input ${name}: f32[batch, 1000]`),
      ...maps.map((i) => `param w${i}: f32[1000, 8] = 0`),
      `output total = ${maps.map((i) => `(z * tanh(x * ${i}.5 + y)) @ w${i}`).join(' + ')}`,
    ];
    place.write('branches.nn', `${lines.join('\n')}\n`);
    const dispatches = async (...args: readonly string[]): Promise<number> => {
      const { code, stdout } = await place.nnc(
        ...['compile', 'branches.nn', '--portable', '--batch', '1000', '--emit=fusion', ...args],
      );
      expect(code).toBe(0);
      return Number(/^# predict@1000: (\d+) dispatches/.exec(stdout)?.[1]);
    };
    // Five maps of 4 MB in use at once, or one.
    expect(await dispatches()).toBeLessThan(await dispatches('--budget', '20MB'));
  });
  test('for no batch at all: what one row takes', async () => {
    const { code, stderr } = await compile('--portable', '--budget', '1MB');
    expect(code).toBe(1);
    expect(stderr).toContain('not even one row fits, which takes 4.0 MB');
  });
  test('the search: the last that fits, 0 where none does, and few compilations', () => {
    let asked = 0;
    const bytesAt = (rows: number): number => {
      asked += 1;
      return 1000 + 10 * rows;
    };
    expect(largestBatch(bytesAt, 100_000, 1990)).toBe(99);
    expect(asked).toBeLessThan(20);
    expect(largestBatch(bytesAt, 100, 1009)).toBe(0);
    expect(largestBatch(() => undefined, 100, 1e9)).toBe(0);
    expect(() => checkBudget(bytesAt, 99, 1990)).not.toThrow();
    expect(() => checkBudget(bytesAt, 100, 1990)).toThrow(CapacityError);
  });
  test('sizes as people write them', () => {
    expect(['128MiB', '1.5 GB', '64kB', '4096'].map(byteCount)).toEqual([
      134217728, 1.5e9, 64000, 4096,
    ]);
    for (const wrong of ['', '0', '-1MB', '12 parsecs', 'MB', '1toString'])
      expect(() => byteCount(wrong)).toThrow('It takes a number of bytes');
  });
});

describe('--target-device', () => {
  test.each(['baseline', 'chrome'])('%s: each limit with who asks for most', async (target) => {
    const { code, stdout } = await place.nnc('compile', mnist, '--target-device', target);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^fits ${target} \\(`));
    const bindings = target === 'baseline' ? 8 : 10;
    expect(stdout).toMatch(
      new RegExp(`storage buffers of a kernel +\\d+ of ${bindings} +k\\d\\d_`),
    );
    expect(stdout).toMatch(/invocations of a workgroup +\d+ of 256 /);
    expect(stdout).toMatch(/workgroup memory +\d+ (bytes|kB) of (16|33) kB/);
    // The large weights with their moment.
    expect(stdout).toMatch(/largest binding +3\.2 MB of 134 MB +dense\.W and 1 more in k\d\d_/);
    expect(stdout).toMatch(/largest buffer +3\.2 MB of 268 MB/);
  });
  test('what does not fit: for which class, which tensor, and what it needs', async () => {
    const { code, stdout, stderr } = await compile('--target-device=baseline', '--batch', '90000');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^does not fit baseline \(WebGPU's default limits/);
    expect(stderr).toMatch(/error\[NN0503\]: `.*` needs 360\.0 MB/);
  });
  test('not beside --portable, and only classes that there are', async () => {
    expect((await compile('--portable', '--target-device', 'chrome')).code).toBe(2);
    expect((await compile('--target-device', 'abacus')).stderr).toContain(
      'baseline, chrome, adapter',
    );
  });
});
