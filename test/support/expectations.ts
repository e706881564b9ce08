/** The `expect`s of a text, checked in the interpreter and on the device as `nnc test --gpu` does. */
import { expect } from 'vitest';
import { compile, programName } from '../../compiler/compile.ts';
import { checkExpectations, testSizes, testValues } from '../../compiler/elaborate/expectations.ts';
import type { Model } from '../../compiler/model.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';
import { openSession } from '../../runtime/index.ts';
import { runProgram } from '../../train/index.ts';
import { modelOf } from './model.ts';
import { profileOf, testDevice } from './run-graph.ts';

/** Fails with the text of those that do not hold. */
export async function expectHeld(text: string): Promise<void> {
  const model = modelOf(text);
  const broken = checkExpectations(model).filter((one) => !one.holds);
  expect(broken.map((one) => `in the interpreter: ${one.text}`)).toEqual([]);
  const held = await heldOnDevice(model);
  const { expects } = model.evaluation;
  expect(expects.filter((_, i) => !held[i]).map((one) => `on the device: ${one.text}`)).toEqual([]);
}

async function heldOnDevice(model: Model): Promise<readonly boolean[]> {
  const outputs = model.evaluation.expects.map(({ node }, i) => ({ name: `expect ${i}`, node }));
  const asked: Model = { ...model, evaluation: { ...model.evaluation, outputs } };
  const dims = testSizes(model);
  const nodes = outputs.map((output) => output.node);
  const values = testValues(model, bindSizes(model.graph, nodes, dims), 0, dims);
  const opened = await testDevice();
  const { plan } = compile(asked, {
    device: profileOf(opened),
    programs: [{ kind: 'predict', dims }],
  });
  const session = await openSession(plan, { device: opened.device, host: opened.host, slots: 1 });
  try {
    const program = { kind: 'predict', name: programName('predict', dims) } as const;
    const results = await runProgram(session, asked, program, values);
    return results.map(({ data }) => data.every((x) => x !== 0));
  } finally {
    await session.settle();
    session.close();
  }
}
