/** A compiled plan in a page: the model, what each program dispatches, and the memory it takes. */
import { printSummary } from '../compiler/elaborate/summary.ts';
import type { Model } from '../compiler/model.ts';
import type { ScheduledKernel } from '../compiler/plan/plan-builder.ts';
import type { Plan, PlanBuffer, PlanProgram } from '../runtime/index.ts';
import { bytesText } from './numbers.ts';
import { tableLines } from './table.ts';

export function planSummary(model: Model, plan: Plan, kernels: readonly ScheduledKernel[]): string {
  const programs = plan.programs.map((program) => programText(program, plan, kernels));
  return [printSummary(model).trimEnd(), ...programs, buffersText(plan), requirementsText(plan)]
    .join('\n\n')
    .concat('\n');
}

function programText(
  { name, dispatches, copies }: PlanProgram,
  plan: Plan,
  kernels: readonly ScheduledKernel[],
): string {
  const rows = dispatches.map(({ kernel, grid }, index) => {
    const scheduled = kernels.find((one) => one.id === kernel);
    const { schedule } = scheduled ?? {};
    return [
      String(index + 1),
      plan.kernels.find((one) => one.id === kernel)?.name ?? '',
      schedule === undefined
        ? ''
        : 'variant' in schedule
          ? `${schedule.kind} ${schedule.variant}`
          : schedule.kind,
      `${grid.join('x')} workgroups${schedule === undefined ? '' : ` of ${schedule.workgroup}`}`,
    ];
  });
  const moved = copies.length === 0 ? '' : `, ${copies.length} copies`;
  const lines = tableLines(rows, ['right']).map((line) => `  ${line}`);
  return [`${name}: ${dispatches.length} dispatches${moved}`, ...lines].join('\n');
}

/** How many buffers of each class, and what they take together. */
export function buffersText({ buffers }: Plan): string {
  const classes: readonly PlanBuffer['class'][] = [
    'state',
    'input',
    'output',
    'scratch',
    'uniform',
  ];
  const rows = classes.map((kind) => {
    const own = buffers.filter((buffer) => buffer.class === kind);
    const bytes = own.reduce((sum, buffer) => sum + buffer.bytes, 0);
    return [kind, String(own.length), bytesText(bytes)];
  });
  const lines = tableLines(rows, ['left', 'right', 'right']).map((line) => `  ${line}`);
  return ['buffers', ...lines].join('\n');
}

function requirementsText({ requires: { features, limits, subgroupSize } }: Plan): string {
  const needs = [
    ...features,
    ...(subgroupSize === undefined ? [] : [`subgroups of ${subgroupSize}`]),
    ...Object.entries(limits).map(([name, value]) => `${name} ${value}`),
  ];
  return `needs beyond the defaults of WebGPU: ${needs.join(', ') || 'nothing'}`;
}
