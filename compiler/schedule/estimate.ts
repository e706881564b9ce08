/**
 * How long a scheduled kernel will take, from what its lowered form does (`count-work.ts`) and what that
 * costs on the device (`device-rates.ts`). Good for comparing schedules of one kernel; no stopwatch.
 */
import { storageBits } from '../graph/dtype.ts';
import type { KernelSpec } from '../kernel/spec.ts';
import { noWork, type Work } from './count-work.ts';
import type { DeviceProfile } from './device.ts';
import { ratesOfClass } from './device-rates.ts';

/** Where the time goes, each in microseconds. Memory and instructions overlap; the rest adds up. */
export interface EstimateParts {
  readonly launch: number;
  /** Bytes that come from memory, at full bandwidth. */
  readonly memory: number;
  /** Instructions that access storage or workgroup memory. */
  readonly access: number;
  /** All other instructions. */
  readonly arithmetic: number;
  readonly barriers: number;
  /** Compilation, shared by the runs that it is expected to serve. */
  readonly compile: number;
}

export interface Estimate {
  /** launch + max(memory, access + arithmetic + barriers) + compile. */
  readonly microseconds: number;
  readonly parts: EstimateParts;
}

export interface Grid {
  readonly workgroups: number;
  readonly workgroup: number;
}

/** Runs that share what compilation takes. */
const COMPILE_RUNS = 3_000;
/** Milliseconds of compilation beyond which a kernel is waited for. */
const PATIENCE = 1000;

/**
 * What compilation is worth avoiding, in microseconds a run. Beyond the patience it grows as the square:
 * a second more must save a millisecond of every run, and nothing is worth five.
 */
const compileCost = (milliseconds: number): number =>
  (1000 * milliseconds) / COMPILE_RUNS + Math.max(0, milliseconds - PATIENCE) ** 2 / 1000;

/** Invocations that a GPU needs to be busy. */
const BUSY_GPU = 16_384;
/** Lanes of a device that does not say. */
const USUAL_LANES = { cpu: 4, gpu: 32 } as const;

/** `bytes`: what comes from memory, unless every operand comes once. */
export function estimateWork(
  work: Work,
  grid: Grid,
  bytes: number,
  device: DeviceProfile,
): Estimate {
  const rates = device.rates ?? ratesOfClass[device.class];
  const lanes = device.subgroupSize ?? USUAL_LANES[device.class];
  const subgroups = grid.workgroups * Math.ceil(grid.workgroup / lanes);
  const invocations = grid.workgroups * grid.workgroup;
  // Workgroups are dealt out to cores; a last, incomplete round leaves cores idle.
  const busy = Math.min(
    grid.workgroups / (rates.cores * Math.ceil(grid.workgroups / rates.cores)),
    device.class === 'gpu' ? invocations / BUSY_GPU : 1,
  );
  const time = (nanoseconds: number): number =>
    nanoseconds / 1000 / rates.cores / Math.min(1, busy);
  const elements = work.narrow + 4 * work.wide;
  const parts: EstimateParts = {
    launch: rates.launch / 1000,
    memory: bytes / rates.bandwidth / 1000,
    access: time(
      invocations *
        ((work.narrow + work.wide) * rates.access +
          elements * rates.component +
          work.shared * rates.shared),
    ),
    arithmetic: time(
      subgroups * (work.operations * rates.operation + work.exchanged * rates.exchange) +
        grid.workgroups * rates.workgroup,
    ),
    barriers: time(invocations * work.barriers * rates.barrier),
    compile: compileCost(work.sites * rates.compileSite + work.statements * rates.compileStatement),
  };
  const { launch, memory, access, arithmetic, barriers, compile } = parts;
  return {
    microseconds: launch + Math.max(memory, access + arithmetic + barriers) + compile,
    parts,
  };
}

/** What a kernel takes that does no less than this. */
export const leastTime = (
  work: Partial<Work>,
  grid: Grid,
  bytes: number,
  device: DeviceProfile,
): number => estimateWork({ ...noWork, ...work }, grid, bytes, device).microseconds;

/** Bytes of everything that the kernel binds, each once; what it updates, twice. */
export function boundBytes(spec: KernelSpec): number {
  return spec.operands.reduce(
    (sum, { tensor, access }) =>
      sum + ((access === 'read_write' ? 2 : 1) * tensor.elements * storageBits(tensor.storage)) / 8,
    0,
  );
}
