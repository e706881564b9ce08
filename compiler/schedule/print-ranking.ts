/**
 * The legal schedules of a kernel with what they are estimated to cost, as text: what is chosen, then the others
 * from the cheapest on.
 *
 *     k01_sum  key 1f3a…
 *       > 64 us (launch 12, memory 5, access 50, arithmetic 2)  row by=invocation workgroup=16 lanes=rows
 *         81 us (…)  row by=invocation workgroup=4 lanes=rows
 */
import { InternalError } from '../internal-error.ts';
import type { KernelSpec } from '../kernel/spec.ts';
import { type Ranked, ranking } from './candidates.ts';
import type { DeviceProfile } from './device.ts';
import { printSchedule, type Schedule } from './schedule.ts';
import { specKey } from './spec-key.ts';

export function printRanking(
  name: string,
  spec: KernelSpec,
  taken: Schedule,
  device: DeviceProfile,
): string {
  if (spec.kind === 'side-by-side' && taken.kind === 'side-by-side') {
    const [number = ''] = name.split('_');
    const parts = spec.parts.flatMap((part, i) => {
      const schedule = taken.parts[i];
      return schedule === undefined
        ? []
        : printRanking(`${number}.${i}`, part, schedule, device).split('\n');
    });
    return [`${name}  side by side`, ...parts].join('\n  ');
  }
  if (spec.kind === 'side-by-side') throw new InternalError('schedule', 'parts without schedules');
  const ranked = ranking(spec, device);
  const chosen = printSchedule(taken);
  const width = Math.max(...ranked.map((r) => time(r.estimate.microseconds).length));
  const lines = ranked.map((one) => {
    const text = printSchedule(one.schedule);
    const total = time(one.estimate.microseconds).padStart(width);
    return `  ${text === chosen ? '>' : ' '} ${total} us (${parts(one)})  ${text}`;
  });
  return [`${name}  key ${specKey(spec)}`, ...lines].join('\n');
}

/** Three digits are more than the model knows. */
const time = (microseconds: number): string => Number(microseconds.toPrecision(3)).toString();

const parts = ({ estimate }: Ranked): string =>
  Object.entries(estimate.parts)
    .filter(([, microseconds]) => microseconds >= 0.5)
    .map(([part, microseconds]) => `${part} ${time(microseconds)}`)
    .join(', ');
