/** Kernels as files for people to read: the WGSL below a comment that says what it computes and where that comes from. */

import type { Plan, PlanKernel } from '../../runtime/plan.ts';
import { tensorName } from '../kernel/print-spec.ts';
import { printSchedule } from '../schedule/schedule.ts';
import type { ScheduledKernel } from './plan-builder.ts';

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** One file a kernel, numbered in the order of the plan. */
export function kernelFiles(plan: Plan, kernels: readonly ScheduledKernel[]): readonly TextFile[] {
  return plan.kernels.map((kernel) => {
    const scheduled = kernels.find((one) => one.id === kernel.id);
    return { name: `${kernel.name}.wgsl`, text: kernelText(plan, kernel, scheduled) };
  });
}

function kernelText(
  plan: Plan,
  kernel: PlanKernel,
  scheduled: ScheduledKernel | undefined,
): string {
  const header = [
    kernel.name,
    `used by ${usesOf(plan, kernel).join(', ') || 'no program'}`,
    ...(scheduled === undefined ? [] : [`schedule: ${printSchedule(scheduled.schedule)}`]),
    ...(scheduled === undefined ? [] : bindingLines(scheduled)),
    ...(kernel.origin.length === 0 ? [] : ['from:']),
    ...kernel.origin.map((line) => `  ${line}`),
  ];
  return `${header.map((line) => `// ${line}`).join('\n')}\n\n${kernel.wgsl.trimEnd()}\n`;
}

/** `train@64 step 3`: a program and the place of the dispatch in it, from 1. */
function usesOf(plan: Plan, kernel: PlanKernel): readonly string[] {
  return plan.programs.flatMap(({ name, dispatches }) => {
    const places = dispatches.flatMap((one, index) =>
      one.kernel === kernel.id ? [index + 1] : [],
    );
    return places.length === 0 ? [] : [`${name} (dispatch ${places.join(', ')})`];
  });
}

function bindingLines({ spec, places }: ScheduledKernel): readonly string[] {
  return spec.operands.map(({ tensor, access }, operand) => {
    const verb = { read: 'reads', write: 'writes', read_write: 'updates' }[access];
    const { binding, offset } = places[operand] ?? { binding: operand, offset: 0 };
    const from = offset === 0 ? '' : ` from element ${offset} on`;
    return `b${binding} ${verb} ${tensorName(tensor)} ${tensor.storage}[${tensor.elements}]${from}`;
  });
}
