/** The gradients of the losses as the device computes them, against the interpreter's. */
import { compile } from '../compiler/compile.ts';
import { type NdArray, ndArray } from '../compiler/graph/nd-array.ts';
import { interpret } from '../compiler/interpret/interpret.ts';
import type { Model } from '../compiler/model.ts';
import { programName } from '../compiler/program-choice.ts';
import type { DeviceProfile } from '../compiler/schedule/device.ts';
import { compareOnDevice, type StageReport } from '../train/bisect.ts';
import { runProgram } from '../train/index.ts';
import { lossesOf } from './losses.ts';
import { inputName, type Values } from './values.ts';
import type { WithSession } from './with-session.ts';

export interface DeviceGradients extends StageReport {
  /** How many there are. */
  readonly parameters: number;
}

/** One report for each loss. */
export async function checkDeviceGradients(
  model: Model,
  dims: Readonly<Record<string, number>>,
  values: Values,
  profile: DeviceProfile,
  withSession: WithSession,
): Promise<readonly DeviceGradients[]> {
  const reports: DeviceGradients[] = [];
  for (const { name, grads } of lossesOf(model, dims)) {
    const names = grads.map(({ param }) => `the gradient of ${param.path}`);
    const nodes = grads.map(({ node }) => node);
    const outputs = grads.map(({ node }, i) => ({ name: `gradient ${i}`, node }));
    const asked: Model = { ...model, evaluation: { ...model.evaluation, outputs } };
    const program = { kind: 'predict', dims } as const;
    const { plan } = compile(asked, { device: profile, programs: [program] });
    const runs = { kind: program.kind, name: programName(program.kind, dims) };
    const found = await withSession(plan, (session) => runProgram(session, asked, runs, values));
    const reference: readonly NdArray[] = interpret(nodes, (node) =>
      values.get(inputName(node) ?? ''),
    ).map(({ dtype, shape, data }) => ndArray(dtype, shape, data));
    const stage = `gradients of ${name}`;
    const report = compareOnDevice(stage, names, nodes, values, { reference, found });
    reports.push({ ...report, parameters: grads.length });
  }
  return reports;
}
