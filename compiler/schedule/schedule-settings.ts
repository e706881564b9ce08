/**
 * Schedules by hand: `k03` (`k03.1` for a part of it) or a kernel's whole name or its `specKey`, and settings as `printSchedule` writes
 * them. Not all need be given: of the legal schedules that have those settings, the best ranked is taken.
 */
import type { KernelSpec, SingleSpec } from '../kernel/spec.ts';
import { ranking } from './candidates.ts';
import { chooseSchedule } from './choose-schedule.ts';
import type { DeviceProfile } from './device.ts';
import type { Schedule, SingleSchedule } from './schedule.ts';
import { ScheduleError } from './schedule-error.ts';
import { scheduleSideBySide } from './side-by-side-schedule.ts';
import { specKey } from './spec-key.ts';

/** Settings by kernel: `k03` to `variant=direct rows=4`. */
export type ScheduleSettings = ReadonlyMap<string, string>;

export interface Overrides {
  /** The schedule that was asked for this kernel. Throws ScheduleError where it is not legal. */
  of(name: string, spec: KernelSpec): Schedule | undefined;
  /** Throws ScheduleError for a setting that no kernel took. */
  check(): void;
}

export function overridesFrom(settings: ScheduleSettings, device: DeviceProfile): Overrides {
  const names: string[] = [];
  const open = new Set(settings.keys());
  const find = (
    wanted: readonly string[],
    name: string,
    spec: SingleSpec,
  ): SingleSchedule | undefined => {
    const keys = settings.size === 0 ? [] : [...wanted, specKey(spec)];
    const key = keys.find((k) => settings.has(k));
    if (key === undefined) return undefined;
    open.delete(key);
    return scheduleOf(name, spec, settings.get(key) ?? '', device);
  };
  return {
    of(name, spec) {
      const [number = ''] = name.split('_');
      if (spec.kind !== 'side-by-side') {
        names.push(name);
        return find([name, number], name, spec);
      }
      // Parts count from 0: `k03.1` is the second.
      const byHand = new Map<SingleSpec, SingleSchedule>();
      spec.parts.forEach((part, i) => {
        names.push(`${number}.${i}`);
        const found = find([`${name}.${i}`, `${number}.${i}`], `${number}.${i}`, part);
        if (found !== undefined) byHand.set(part, found);
      });
      return byHand.size === 0
        ? undefined
        : scheduleSideBySide(
            spec,
            device,
            (part) => byHand.get(part) ?? chooseSchedule(part, device),
          );
    },
    check() {
      const [unknown] = open;
      if (unknown === undefined) return;
      throw new ScheduleError(
        `there is no kernel \`${unknown}\` to give a schedule`,
        `kernels here: ${names.join(', ')}`,
      );
    },
  };
}

function scheduleOf(
  name: string,
  spec: SingleSpec,
  text: string,
  device: DeviceProfile,
): SingleSchedule {
  const legal = ranking(spec, device).map((r) => r.schedule);
  const wanted = settingsIn(name, spec, text, legal);
  const fits = (s: SingleSchedule, [key, value]: readonly [string, string]): boolean =>
    settingOf(s, key) === value;
  let left = legal;
  for (const setting of wanted) {
    const values = valuesOf(left, setting[0]);
    left = left.filter((s) => fits(s, setting));
    if (left.length > 0) continue;
    const before = wanted.slice(0, wanted.indexOf(setting)).map(([k, v]) => `${k}=${v}`);
    throw new ScheduleError(
      `\`${setting.join('=')}\` is not legal for \`${name}\`${before.length > 0 ? ` with ${before.join(' ')}` : ''}`,
      `legal here: ${setting[0]}=${values.join('|')}`,
    );
  }
  const [best] = left;
  if (best === undefined) throw new ScheduleError(`\`${name}\` has no schedule`, '');
  return best;
}

/** The text as key and value, each a key of this kind of kernel. */
function settingsIn(
  name: string,
  spec: SingleSpec,
  text: string,
  legal: readonly SingleSchedule[],
): readonly (readonly [string, string])[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const keys = [...new Set(legal.flatMap((s) => Object.keys(s)))].filter((k) => k !== 'kind');
  return words.flatMap((word, i) => {
    const [key = '', value] = word.split('=');
    if (value === undefined && i === 0 && word === spec.kind) return [];
    if (value !== undefined && keys.includes(key)) return [[key, value] as const];
    throw new ScheduleError(
      `\`${word}\` says nothing of the schedule of \`${name}\`, a ${spec.kind} kernel`,
      `its settings are ${keys.map((k) => `${k}=${valuesOf(legal, k).join('|')}`).join(' ')}`,
    );
  });
}

const settingOf = (s: SingleSchedule, key: string): string | undefined => {
  const found = Object.entries(s).find(([k]) => k === key);
  return found === undefined ? undefined : String(found[1]);
};

/** Values of a setting among these schedules, numbers in order. */
const valuesOf = (schedules: readonly SingleSchedule[], key: string): readonly string[] =>
  [...new Set(schedules.flatMap((s) => settingOf(s, key) ?? []))].sort(
    (a, b) => Number(a) - Number(b) || (a < b ? -1 : 1),
  );
