/** The kernels of a compilation without side-by-side dispatches, as what they then are. */
import type { Compiled } from '../../compiler/compile.ts';
import type { SingleSpec } from '../../compiler/kernel/spec.ts';
import type { SingleSchedule } from '../../compiler/schedule/schedule.ts';

export interface SingleKernel {
  readonly name: string;
  readonly spec: SingleSpec;
  readonly schedule: SingleSchedule;
}

export const singleKernels = ({ kernels }: Compiled): readonly SingleKernel[] =>
  kernels.map(({ name, spec, schedule }) => {
    if (spec.kind === 'side-by-side' || schedule.kind === 'side-by-side')
      throw new Error(`${name} has parts`);
    return { name, spec, schedule };
  });
