/** `nnc compile --target-device`: a plan against the limits of a class of devices. */
import type { Compiled } from '../compiler/compile.ts';
import { type Demand, demandsOf } from '../compiler/plan/certificate.ts';
import { chrome, type DeviceProfile, portable } from '../compiler/schedule/device.ts';
import { bytesText, grouped } from './numbers.ts';
import { tableLines } from './table.ts';

export const targetNames = ['baseline', 'chrome', 'adapter'] as const;
export type TargetName = (typeof targetNames)[number];

/** What a class stands for; `adapter` is the device at hand. */
export const targets: Readonly<
  Record<Exclude<TargetName, 'adapter'>, { profile: DeviceProfile; text: string }>
> = {
  baseline: { profile: portable, text: "WebGPU's default limits, which every device has" },
  chrome: { profile: chrome, text: "a GPU as Chrome shows it on a desktop, at Dawn's least tier" },
};

export const targetText = (target: TargetName): string =>
  target === 'adapter' ? 'the device at hand' : targets[target].text;

export function certificateText(
  compiled: Compiled,
  device: DeviceProfile,
  target: TargetName,
): string {
  const { features } = compiled.plan.requires;
  const rows = demandsOf(compiled, device).map(demandRow);
  const needs =
    features.length === 0 ? 'no optional feature' : `the features ${features.join(', ')}`;
  return [
    `fits ${target} (${targetText(target)}), with ${needs}`,
    ...tableLines(rows, ['left', 'right', 'left']).map((line) => `  ${line}`),
  ].join('\n');
}

function demandRow({ what, unit, most, limit, where }: Demand): string[] {
  const text = unit === 'bytes' ? bytesText : grouped;
  return [what, `${text(most)} of ${text(limit)}`, where];
}
