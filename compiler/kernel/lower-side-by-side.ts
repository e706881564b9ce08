/** Lowers kernels side by side: each part takes the workgroups from where the one before it ends. */
import { InternalError } from '../internal-error.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { KernelIr, Stmt } from './ir.ts';
import { type BuilderOptions, bindingsOf, KernelFrame } from './kernel-builder.ts';
import { operandNumbers } from './side-by-side.ts';
import type { KernelSpec, SideBySideSpec, SingleSpec } from './spec.ts';

export type SideBySideSchedule = Schedule & { kind: 'side-by-side' };

export function lowerSideBySide(
  spec: SideBySideSpec,
  s: SideBySideSchedule,
  options: BuilderOptions,
  lowerPart: (spec: KernelSpec, schedule: Schedule, options: BuilderOptions) => KernelIr,
): KernelIr {
  const frame = new KernelFrame();
  const places =
    options.places ?? spec.operands.map((_, i) => ({ binding: i, offset: 0 }) as const);
  let workgroups = 0;
  const body = spec.parts.map((part, i): Stmt => {
    const schedule = s.parts[i];
    if (schedule?.workgroup !== s.workgroup)
      throw new InternalError('lower', 'parts of one dispatch with different workgroups');
    const ir = lowerPart(part, schedule, {
      ...options,
      frame,
      places: placesOf(part, spec, places),
    });
    const from = workgroups;
    workgroups += ir.workgroups;
    return { kind: 'part', name: `part${i}`, from, workgroups: ir.workgroups, body: ir.body };
  });
  return {
    bindings: bindingsOf(spec.operands, places, frame),
    workgroup: s.workgroup,
    workgroups,
    shared: frame.shared,
    bounds: frame.bounds,
    usesSubgroups: frame.usesSubgroups,
    body,
  };
}

function placesOf(
  part: SingleSpec,
  spec: SideBySideSpec,
  places: NonNullable<BuilderOptions['places']>,
): NonNullable<BuilderOptions['places']> {
  return operandNumbers(part, spec.operands).map((n) => {
    const place = places[n];
    if (place === undefined) throw new InternalError('lower', 'a part with an unknown operand');
    return place;
  });
}
