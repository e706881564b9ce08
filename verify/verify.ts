/**
 * All checks of a model on a device, one after another: every kernel alone, the stages of the compiler with the kernels
 * unfused and fused, the gradients in f64 and on the device. Knows nothing of files, terminals or how a device is found.
 */
import {
  type Compiled,
  type CompileOptions,
  compile,
  type ProgramChoice,
  programName,
} from '../compiler/compile.ts';
import type { KernelPlan } from '../compiler/fuse/plan-kernels.ts';
import type { Model } from '../compiler/model.ts';
import type { DeviceProfile } from '../compiler/schedule/device.ts';
import type { StageReport } from '../train/bisect.ts';
import { type Blame, blameNode } from './blame-node.ts';
import { checkDeviceGradients, type DeviceGradients } from './check-device-gradients.ts';
import { checkGradients, type GradientCheck, type GradientResult } from './check-gradients.ts';
import { checkKernels, type TrialResult } from './check-kernels.ts';
import { checkStages } from './check-stages.ts';
import type { Worst } from './compare-numbers.ts';
import { trialValues } from './values.ts';
import type { WithSession } from './with-session.ts';

export interface VerifyTask {
  readonly model: Model;
  readonly programs: readonly ProgramChoice[];
  /** Of the data, and of all that is random in the checks. */
  readonly seed: number;
  readonly profile: DeviceProfile;
  readonly schedules?: CompileOptions['schedules'];
  /** Rules of the file's own need not be derivatives. */
  readonly trustRules?: boolean;
  readonly withSession: WithSession;
  /** Is told what comes next. */
  onCheck?(what: string): void;
}

export interface Verification {
  readonly compiled: Compiled;
  readonly kernels: readonly TrialResult[];
  readonly stages: readonly StageOf[];
  readonly gradients: GradientCheck;
  readonly deviceGradients: readonly DeviceGradients[];
  readonly findings: readonly Finding[];
}

export interface StageOf {
  readonly program: string;
  readonly report: StageReport;
}

/** Something that is wrong, with what it was traced to. */
export type Finding =
  | { readonly kind: 'kernel'; readonly result: WrongTrial; readonly blame: Blame }
  | { readonly kind: 'stage'; readonly stage: StageOf }
  | { readonly kind: 'gradient'; readonly result: GradientResult }
  | { readonly kind: 'device gradient'; readonly report: DeviceGradients };

export type WrongTrial = TrialResult & { readonly worst: Worst };

/** Wrong kernels that are traced to a node; one mistake mostly shows in several of them. */
const MOST_BLAMED = 3;

export async function verify(task: VerifyTask): Promise<Verification> {
  const { model, programs, seed, profile, withSession, schedules } = task;
  const plans: KernelPlan[] = [];
  const compiled = compile(model, {
    device: profile,
    programs,
    ...(schedules === undefined ? {} : { schedules }),
    onStage(stage) {
      if (stage.kind === 'kernels') plans.push(stage.plan);
    },
  });
  const values = trialValues(model, programs, seed);
  const findings: Finding[] = [];

  task.onCheck?.(`${compiled.plan.kernels.length} kernels, each alone`);
  const kernels = await checkKernels(compiled, plans, values, withSession);
  for (const result of firstOfEach(kernels.filter(isWrong)).slice(0, MOST_BLAMED)) {
    task.onCheck?.(`which node of a kernel is wrong`);
    const blame = await blameNode(model.graph, result, profile, withSession);
    findings.push({ kind: 'kernel', result, blame });
  }

  const stages: StageOf[] = [];
  for (const program of programs) {
    const name = programName(program.kind, program.dims, program.sections);
    task.onCheck?.(`${name}, fused and unfused`);
    const off = new Set<string>();
    const reports = checkStages({ model, program, seed, values, off, profile, withSession });
    for await (const report of reports) {
      const stage = { program: name, report };
      stages.push(stage);
      if (report.deviation !== undefined) findings.push({ kind: 'stage', stage });
    }
  }

  const { dims } = programs.find((one) => one.kind === 'train') ?? { dims: undefined };
  if (dims === undefined)
    return { compiled, kernels, stages, gradients: noGradients, deviceGradients: [], findings };
  task.onCheck?.('gradients against differences');
  const gradients = checkGradients(model, dims, values, seed, task.trustRules);
  for (const result of gradients.results)
    if (result.differs) findings.push({ kind: 'gradient', result });
  task.onCheck?.('gradients on the device');
  const deviceGradients = await checkDeviceGradients(model, dims, values, profile, withSession);
  for (const report of deviceGradients)
    if (report.deviation !== undefined) findings.push({ kind: 'device gradient', report });
  return { compiled, kernels, stages, gradients, deviceGradients, findings };
}

const noGradients: GradientCheck = { results: [], standIns: [] };

const isWrong = (result: TrialResult): result is WrongTrial =>
  result.wrong > 0 && result.worst !== undefined;

/** One of those that run the same kernels. */
function firstOfEach(results: readonly WrongTrial[]): readonly WrongTrial[] {
  const seen = new Set<string>();
  return results.filter(({ trial }) => {
    const key = trial.kernels.join();
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  });
}
