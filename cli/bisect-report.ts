/** Runs `--bisect-passes` over all programs of a model and says which stage is the first to go wrong. */
import { type ProgramChoice, programName } from '../compiler/compile.ts';
import type { Model } from '../compiler/model.ts';
import type { StageReport } from '../train/bisect.ts';
import { checkStages } from '../verify/check-stages.ts';
import { type Gpu, withSession } from './gpu.ts';
import { tableLines } from './table.ts';
import type { Output } from './terminal.ts';

export interface BisectTask {
  readonly model: Model;
  readonly programs: readonly ProgramChoice[];
  readonly seed: number;
  readonly off: ReadonlySet<string>;
}

/** Prints a line for each stage of each program; returns whether all agree with the interpreter. */
export async function reportBisection(
  task: BisectTask,
  gpu: Gpu,
  output: Output,
): Promise<boolean> {
  const { model, programs, seed, off } = task;
  let sound = true;
  for (const program of programs) {
    const { kind, dims, sections } = program;
    output.line(output.paint(programName(kind, dims, sections), 'strong'));
    const reports = checkStages({
      model,
      program,
      seed,
      off,
      profile: gpu.profile,
      withSession: (plan, body) => withSession(gpu, plan, body),
    });
    for await (const report of reports) {
      output.line(`  ${lineOf(report, output)}`);
      if (report.deviation !== undefined) sound = false;
    }
  }
  output.line();
  output.line(
    sound
      ? output.paint('every stage computes what the interpreter does', 'good')
      : output.paint('the stages marked ✗ are the first that compute something else', 'error'),
  );
  return sound;
}

const stageNames: Readonly<Record<string, string>> = {
  kernels: 'kernels, one for each node, on the device',
  fuse: 'kernels, fused, on the device',
};

function lineOf(
  { stage, difference, deviation, suspects = [] }: StageReport,
  { paint }: Output,
): string {
  const sign = deviation === undefined ? paint('✓', 'good') : paint('✗', 'error');
  const share =
    difference === 0 ? 'equal' : `differs by ${difference.toExponential(1)} of the largest value`;
  const [line = ''] = tableLines([[sign, (stageNames[stage] ?? stage).padEnd(42), share]]);
  if (deviation === undefined) return line;
  const { result, element, expected, found } = deviation;
  const rules = suspects.map((rule) => `      it agrees without the rule ${rule}`);
  const facts = [`      ${result}[${element}] should be ${expected}, is ${found}`, ...rules];
  return [line, ...facts].join('\n');
}
