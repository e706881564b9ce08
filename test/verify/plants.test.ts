/** Mistakes that are planted in kernels, as a driver or the compiler could make them, are found and traced to a node and a line. */
import { afterAll, expect, test } from 'vitest';
import type { Finding, Verification } from '../../verify/verify.ts';
import { modelOf } from '../support/model.ts';
import { closeTestDevice } from '../support/run-graph.ts';
import { type Spoil, spoilKernels, verifyModel } from './verify-model.ts';

afterAll(closeTestDevice);

const text = `input x: f32[n, 12]
input label: u8[n]
let h = x |> dense(8) |> layer_norm
let a = h |> tanh
let logits = a |> dense(5)
output probs = softmax(logits)
loss = softmax_crossentropy(logits, label)
metric accuracy = accuracy(logits, label)
train { optimizer: momentum(lr=0.25) }
`;
const model = modelOf(text);
const dims = { n: 5 };

type KernelFinding = Extract<Finding, { readonly kind: 'kernel' }>;
const kernelFindings = ({ findings }: Verification): KernelFinding[] =>
  findings.filter((finding): finding is KernelFinding => finding.kind === 'kernel');

/** `tanh alone, test.nn:4`. */
const blamed = ({ blame: { node, wrong } }: KernelFinding): string => {
  const [origin] = model.graph.originsOf(node);
  return `${node.op.name} ${wrong}, ${origin?.line ?? '?'} ${origin?.role ?? ''}`;
};

async function firstBlamed(spoil: Spoil): Promise<string | undefined> {
  const [first] = kernelFindings(await verifyModel(model, dims, spoil));
  return first && blamed(first);
}

/** The plan that has every kernel as a program of its own, or the whole program; not the parts of a kernel that are tried afterwards. */
const onlyWhole =
  (spoil: Spoil): Spoil =>
  (plan) =>
    plan.name === 'part' ? plan : spoil(plan);

test('nothing is found where nothing is planted', async () => {
  const { findings, kernels, gradients } = await verifyModel(model, dims);
  expect(findings).toEqual([]);
  expect(kernels.length).toBeGreaterThan(6);
  expect(Math.min(...kernels.map((one) => one.compared))).toBeGreaterThan(0);
  expect(gradients.results.flatMap((one) => one.params).sort()).toEqual(
    model.params.map((param) => param.path).sort(),
  );
});

test('an elementwise function', async () => {
  const spoil = spoilKernels((wgsl) => wgsl.replaceAll('tanh(clamp(', 'sin(clamp('));
  expect(await firstBlamed(spoil)).toBe('tanh alone, test.nn:4 forward');
});

test('a product that leaves out the last of its depth', async () => {
  const spoil = spoilKernels((wgsl) =>
    wgsl.includes('fma(') ? wgsl.replace(/(\bt\d+) < (trips\d+|\d+u);/g, '$1 + 1u < $2;') : wgsl,
  );
  expect(await firstBlamed(spoil)).toBe('contract alone, test.nn:3 forward');
});

test('a sum that subtracts', async () => {
  const spoil = spoilKernels((wgsl) => wgsl.replaceAll(/\b(acc\d+) = \(\1 \+ /g, '$1 = ($1 - '));
  expect(await firstBlamed(spoil)).toMatch(/^sum alone, test\.nn:\d+ \w+$/);
});

test('the update of an optimizer with another learning rate', async () => {
  const spoil = spoilKernels((wgsl) => wgsl.replaceAll('0.25f', '0.3f'));
  expect(await firstBlamed(spoil)).toBe('mul alone, test.nn:9 optimizer');
});

test('a function that goes wrong only beside a product: in a fused kernel', async () => {
  const spoil = spoilKernels((wgsl) =>
    /fma\(/.test(wgsl) ? wgsl.replaceAll('tanh(clamp(', 'sin(clamp(') : wgsl,
  );
  expect(await firstBlamed(spoil)).toBe('tanh together, test.nn:4 forward');
});

test('a kernel that is wrong only as it is', async () => {
  const spoil = onlyWhole(
    spoilKernels((wgsl) => wgsl.replaceAll('tanh(clamp(', '0.5 * tanh(clamp(')),
  );
  expect(await firstBlamed(spoil)).toBe('tanh kernel, test.nn:4 forward');
});

test('a dispatch of too few workgroups: elements that nobody stores', async () => {
  const spoil = onlyWhole((plan) => ({
    ...plan,
    programs: plan.programs.map((program) => ({
      ...program,
      dispatches: program.dispatches.map((one) =>
        one.grid[0] < 2 ? one : { ...one, grid: [one.grid[0] - 1, one.grid[1], one.grid[2]] },
      ),
    })),
  }));
  const [first] = kernelFindings(await verifyModel(model, dims, spoil));
  expect(first?.result.worst.found).toBeNaN();
  expect(first?.blame.wrong).toBe('kernel');
});

test('kernels that are right alone and run in the wrong order: the stage is named', async () => {
  const spoil: Spoil = (plan) => ({
    ...plan,
    programs: plan.programs.map((program) =>
      program.kind === 'predict' && plan.name !== 'part' && program.dispatches.length > 1
        ? { ...program, dispatches: program.dispatches.toReversed() }
        : program,
    ),
  });
  const { findings } = await verifyModel(model, dims, spoil);
  expect(findings.map(({ kind }) => kind)).toContain('stage');
  expect(kernelFindings({ findings } as unknown as Verification)).toEqual([]);
});
