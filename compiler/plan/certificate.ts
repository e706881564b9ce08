/** What a plan asks of a device, limit by limit, with the kernel or tensor that asks for most: for `nnc compile --target-device`. */
import type { Plan, PlanDispatch } from '../../runtime/plan.ts';
import type { DeviceProfile } from '../schedule/device.ts';
import { MAX_WORKGROUPS } from '../wgsl/print-kernel.ts';
import type { ScheduledKernel } from './plan-builder.ts';

export interface Demand {
  readonly what: string;
  readonly unit: 'count' | 'bytes';
  readonly most: number;
  readonly limit: number;
  /** Who asks for most. */
  readonly where: string;
}

/** Every demand is within its limit: the compiler refuses what is not, naming it. */
export function demandsOf(
  { plan, kernels }: { readonly plan: Plan; readonly kernels: readonly ScheduledKernel[] },
  device: DeviceProfile,
): readonly Demand[] {
  const names = new Map(plan.kernels.map(({ id, name }) => [id, name]));
  const dispatches = plan.programs.flatMap((program) => program.dispatches);
  const binds = dispatches.flatMap((dispatch) =>
    dispatch.binds.map((bind) => ({ dispatch, bind })),
  );
  return [
    most(
      ['storage buffers of a kernel', 'count', device.maxBindings],
      plan.kernels.map(({ name, bindings }) => ({
        value: bindings.filter(({ access }) => access !== 'uniform').length,
        where: name,
      })),
    ),
    most(
      ['invocations of a workgroup', 'count', device.maxWorkgroupInvocations],
      kernels.map(({ name, schedule }) => ({ value: schedule.workgroup, where: name })),
    ),
    most(
      ['workgroup memory', 'bytes', device.maxWorkgroupBytes],
      kernels.map(({ name, workgroupBytes }) => ({ value: workgroupBytes, where: name })),
    ),
    most(
      ['workgroups in one dimension', 'count', MAX_WORKGROUPS],
      dispatches.map(({ kernel, grid }) => ({
        value: Math.max(...grid),
        where: names.get(kernel) ?? '',
      })),
    ),
    most(
      ['largest binding', 'bytes', device.maxBindingBytes],
      binds.map(({ dispatch, bind }) => ({
        value: bind.bytes,
        where: `${contents(plan, bind)} in ${names.get(dispatch.kernel) ?? ''}`,
      })),
    ),
    most(
      ['largest buffer', 'bytes', device.maxBufferBytes],
      plan.buffers.map(({ bytes, label }) => ({ value: bytes, where: label })),
    ),
  ];
}

function most(
  [what, unit, limit]: readonly [string, Demand['unit'], number],
  cases: readonly { readonly value: number; readonly where: string }[],
): Demand {
  const [first] = [...cases].sort((a, b) => b.value - a.value);
  return { what, unit, limit, most: first?.value ?? 0, where: first?.where ?? 'nothing' };
}

/** The tensors that have a name and lie in what is bound, else what the buffer is called. */
function contents(plan: Plan, bind: PlanDispatch['binds'][number]): string {
  const names = plan.tensors
    .filter(
      ({ buffer, offset }) =>
        buffer === bind.buffer && bind.offset <= offset && offset < bind.offset + bind.bytes,
    )
    .map(({ name }) => name);
  const [first, ...others] = [...new Set(names)];
  if (first !== undefined)
    return others.length === 0 ? first : `${first} and ${others.length} more`;
  return plan.buffers.find(({ id }) => id === bind.buffer)?.label ?? '';
}
