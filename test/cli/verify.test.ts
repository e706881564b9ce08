/** `nnc verify`: the table where all is well, what is said where it is not, and the report that is written then. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
import { reportText } from '../../cli/verify-report.ts';
import { describeAdapter } from '../../host/node.ts';
import { modelOf } from '../support/model.ts';
import { closeTestDevice, testDevice } from '../support/run-graph.ts';
import { spoilKernels, verifyModel } from '../verify/verify-model.ts';
import { memoryTerminal } from './memory-terminal.ts';
import { createWorkplace, pointsModel, type Workplace } from './run-nnc.ts';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
});
afterAll(async () => {
  place.remove();
  await closeTestDevice();
});

async function verify(name: string, text: string, ...words: readonly string[]) {
  const terminal = memoryTerminal();
  const file = `${place.folder}/${place.write(name, text)}`;
  const context = { env: process.env, terminal, now: () => 0 };
  const code = await runCommand(['verify', file, ...words], context);
  return { code, out: terminal.out(), err: terminal.err() };
}

test('all is well: a row for each check, exit code 0, no report', async () => {
  const report = `${place.folder}/report.md`;
  const { code, out, err } = await verify('points.nn', pointsModel, '--report', report);
  expect(err).toBe('');
  expect(code).toBe(0);
  expect(out).toMatch(
    /^ {2}✓ {2}kernels, each alone +\d+ dispatches, [\d,]+ numbers +\d+ % of what/m,
  );
  expect(out).toMatch(/^ {2}✓ {2}passes, unfused, fused +3 programs/m);
  expect(out).toMatch(/^ {2}✓ {2}gradients, by differences +4 parameters/m);
  expect(out).toMatch(/^ {2}✓ {2}gradients, on the device +4 parameters/m);
  expect(out).toMatch(/\nthis device computes what the reference does\n$/);
  expect(existsSync(report)).toBe(false);
});

const ownRule = `input x: f32[n, 3]
fn cube(x) = x ** 3
  vjp (y, dy) => 2 * x ** 2 * dy
loss = mean(cube(x |> dense(2)))
train { optimizer: sgd() }
`;

test('a wrong rule of the file: its line, exit code 1, and nothing to send', async () => {
  const report = `${place.folder}/own.md`;
  const { code, out } = await verify('own.nn', ownRule, '--report', report);
  expect(code).toBe(1);
  expect(out).toContain('the gradient of loss by dense.W, dense.b is not its derivative');
  expect(out).toContain(
    `is not the derivative of its body: ${place.folder}/own.nn:2: fn cube(x) = x ** 3`,
  );
  expect(existsSync(report)).toBe(false);
  const trusted = await verify('own.nn', ownRule, '--trust-vjp');
  expect(trusted.code).toBe(0);
  expect(trusted.out).toContain('the `vjp` of `cube` stands in for a derivative');
});

test('sizes that only data would tell are asked for', async () => {
  const text = 'input x: f32[n, m]\noutput y = exp(x)\n';
  const { code, err } = await verify('sizes.nn', text);
  expect([code, err]).toEqual([2, expect.stringContaining('--size m=64')]);
  expect((await verify('sizes.nn', text, '--size', 'm=3')).code).toBe(0);
  const near = await verify(
    'sizes.nn',
    'input x: f32[rows, seen]\noutput y = exp(x)\n',
    '--size',
    'sen=3',
  );
  expect([near.code, near.err]).toEqual([
    2,
    expect.stringContaining('--size: the model has no size `sen`\nhelp: did you mean `seen`?'),
  ]);
  const far = await verify('sizes.nn', text, '--size', 'm=3', '--size', 'width=3');
  expect(far.err).toContain('help: the sizes that data decide are `n`, `m`');
  const fixed = await verify('fixed.nn', 'input x: f32[3]\noutput y = exp(x)\n', '--size', 'n=3');
  expect(fixed.err).toContain('help: all of its sizes are numbers');
  expect((await verify('sizes.nn', text, '--size', '3')).err).toContain('as in `--size t=64`');
});

test('the report: what is wrong, its kernel, the numbers it was given, the device, the model', async () => {
  const text = 'input x: f32[n, 3]\nlet h = x * 2\noutput y = tanh(h + 1)\n';
  const model = modelOf(text);
  const spoil = spoilKernels((wgsl) => wgsl.replaceAll('tanh(clamp(', '2 * tanh(clamp('));
  const verification = await verifyModel(model, { n: 2 }, spoil);
  const markdown = reportText({
    graph: model.graph,
    verification,
    sources: () => ({ name: 'test.nn', text }),
    declaredAt: () => undefined,
    model: 'test.nn',
    command: 'nnc verify test.nn --batch 2',
    versions: 'nnc 1 on Node 2',
    adapter: describeAdapter(await testDevice()),
    texts: { 'test.nn': text },
  });
  const [kernel] = verification.compiled.plan.kernels;
  expect(markdown).toMatch(/^# nnc verify test\.nn\n/);
  expect(markdown).toMatch(/^## 1\. Kernel k00_\w+ of predict@2 computes something else/m);
  expect(markdown).toContain(
    '- the first wrong node is `tanh` f32[2, 3]: it is wrong in a kernel of its own',
  );
  expect(markdown).toContain('- from test.nn:3: output y = tanh(h + 1)');
  expect(markdown).toMatch(
    /^- element \d should be [-\d.e]+, is [-\d.e]+; rounding explains [\d.e-]+$/m,
  );
  expect(markdown).toContain(`\`\`\`wgsl\n${kernel?.wgsl.trimEnd()}\n\`\`\``);
  const [, json = ''] = /```json\n([\s\S]*?)\n```/.exec(markdown) ?? [];
  expect(JSON.parse(json)).toEqual([
    { node: 'x f32[2, 3]', dtype: 'f32', shape: [2, 3], values: expect.any(Array) },
  ]);
  expect(JSON.parse(json)[0].values).toHaveLength(6);
  expect(markdown).toContain('```sh\nnnc verify test.nn --batch 2\n```');
  expect(markdown).toContain(`\`\`\`nn\n${text.trimEnd()}\n\`\`\``);
  expect(markdown).toMatch(/^- adapter: .*computes on (the CPU|a GPU)$/m);
  expect(markdown).toMatch(/^\| ✗ \| kernels, each alone \|/m);
});
