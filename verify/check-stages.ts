/** A program stage by stage: each pass of the compiler in the interpreter, then its kernels on the device, one for each node and fused. */
import { compile, type ProgramChoice, programName } from '../compiler/compile.ts';
import type { NdArray } from '../compiler/graph/nd-array.ts';
import type { Model } from '../compiler/model.ts';
import type { DeviceProfile } from '../compiler/schedule/device.ts';
import { bisectPasses, type StageReport } from '../train/bisect.ts';
import { runProgram } from '../train/index.ts';
import type { WithSession } from './with-session.ts';

export interface StageTask {
  readonly model: Model;
  readonly program: ProgramChoice;
  readonly seed: number;
  readonly values?: ReadonlyMap<string, NdArray>;
  readonly off: ReadonlySet<string>;
  readonly profile: DeviceProfile;
  readonly withSession: WithSession;
}

/** Ends with the first stage that deviates. */
export function checkStages(task: StageTask): AsyncGenerator<StageReport> {
  const { model, program, seed, values, off, profile, withSession } = task;
  const { kind, dims, sections } = program;
  const name = programName(kind, dims, sections);
  return bisectPasses({
    model,
    kind,
    dims,
    sections,
    seed,
    off,
    ...(values === undefined ? {} : { values }),
    async runKernels(fuse, given) {
      const without = new Set(fuse ? off : [...off, 'fuse']);
      const { plan } = compile(model, { device: profile, programs: [program], off: without });
      return await withSession(plan, (session) =>
        runProgram(session, model, { kind, name, sections }, given),
      );
    },
  });
}
