/** What a device was measured to take, once for each adapter: kept in the user's cache folder by the adapter's facts. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { OpenedDevice } from './adapter.ts';
import { cacheFolder } from './cache-folder.ts';
import { type DeviceTimes, measureDevice } from './measure-device.ts';

/** Changes with what is measured, so that older files count as missing. */
const VERSION = 2;

const keys: readonly (keyof DeviceTimes)[] = [
  'bandwidth',
  'launch',
  'narrow',
  'wide',
  'operation',
  'compile',
];

export interface KeptTimes {
  readonly times: DeviceTimes;
  /** False where they have just been measured. */
  readonly kept: boolean;
}

/** The times kept for this adapter; measured and kept where there are none. `measure`: in place of the benchmark. */
export async function deviceTimes(
  opened: OpenedDevice,
  folder: string = path.join(cacheFolder(), 'devices'),
  measure: (opened: OpenedDevice) => Promise<DeviceTimes> = measureDevice,
): Promise<KeptTimes> {
  const file = path.join(folder, `${factsMark(opened)}.json`);
  const found = readTimes(file);
  if (found !== undefined) return { times: found, kept: true };
  const times = rounded(await measure(opened));
  try {
    mkdirSync(folder, { recursive: true });
    const fresh = `${file}.${process.pid}.new`;
    writeFileSync(fresh, `${JSON.stringify({ adapter: factsOf(opened), times }, null, 2)}\n`);
    renameSync(fresh, file);
  } catch {
    // A folder that cannot be written costs the next process the measurement, and nothing else.
  }
  return { times, kept: false };
}

/** All that tells one adapter from another, and one version of its driver. */
const factsOf = ({ info, how, deviceClass, subgroupSize }: OpenedDevice) => ({
  version: VERSION,
  vendor: info.vendor,
  architecture: info.architecture,
  device: info.device,
  description: info.description,
  how,
  deviceClass,
  subgroupSize: subgroupSize ?? null,
});

const factsMark = (opened: OpenedDevice): string =>
  createHash('sha256')
    .update(JSON.stringify(factsOf(opened)))
    .digest('hex')
    .slice(0, 16);

function readTimes(file: string): DeviceTimes | undefined {
  try {
    const { times } = JSON.parse(readFileSync(file, 'utf8')) as { times: DeviceTimes };
    return keys.every((key) => Number.isFinite(times[key]) && times[key] > 0) ? times : undefined;
  } catch {
    return undefined;
  }
}

/** Two digits: a second measurement of the same device should lead to the same kernels. */
const rounded = (times: DeviceTimes): DeviceTimes => {
  const two = (value: number): number => Number(value.toPrecision(2));
  return {
    bandwidth: two(times.bandwidth),
    launch: two(times.launch),
    narrow: two(times.narrow),
    wide: two(times.wide),
    operation: two(times.operation),
    compile: two(times.compile),
  };
};
