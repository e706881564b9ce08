/** One program of a plan, measured: what each of its kernels takes, and a whole step as a session runs it. */
import type { Compiled } from '../compiler/compile.ts';
import type { Model } from '../compiler/model.ts';
import type { DeviceProfile } from '../compiler/schedule/device.ts';
import type { DeviceTimes } from '../host/node.ts';
import { type Peaks, type Reached, reached } from '../inspect/peaks.ts';
import { type DispatchTimes, measureDispatches } from '../runtime/dispatch-times.ts';
import { initialise } from '../train/index.ts';
import { syntheticInputs } from '../train/synthetic-inputs.ts';
import { type Gpu, withSession } from './gpu.ts';
import { type KernelCost, kernelCosts } from './kernel-costs.ts';

/** What was reached is absent where the time is below what the clock tells apart. */
export interface ProfileRow extends KernelCost, Partial<Reached> {
  readonly microseconds: number;
  /** Of all kernels of the program. */
  readonly share: number;
}

export interface ProgramProfile {
  readonly program: string;
  readonly clock: DispatchTimes['clock'];
  /** The slowest first. */
  readonly kernels: readonly ProfileRow[];
  /** Of the kernels, each alone. */
  readonly microseconds: number;
  readonly bytes: number;
  readonly flops: number;
  /** Of one step of many in a row, batch in place, by this machine's clock. */
  readonly stepMicroseconds: number;
  /** Of each dispatch, in the order in which they run. */
  readonly dispatches: readonly number[];
}

/** By the benchmark of `nnc doctor`. Bytes and operations a nanosecond are GB/s and GFLOP/s. A GPU's copies are slower than its kernels. */
export const peaksOf = (times: DeviceTimes, device: DeviceProfile): Peaks => ({
  gbPerSecond: device.class === 'gpu' ? 16 / times.wide : times.bandwidth,
  gflopPerSecond: 1 / times.operation,
});

export interface ProfileTask {
  readonly model: Model;
  readonly compiled: Compiled;
  /** Number of the program in the plan. */
  readonly index: number;
  readonly repeat: number;
  readonly seed: number;
  readonly peaks: Peaks;
  /** For the estimates of what limits a kernel: with measured rates. */
  readonly profile: DeviceProfile;
  onRun(done: number, all: number): void;
}

export async function profileProgram(gpu: Gpu, task: ProfileTask): Promise<ProgramProfile> {
  const { model, compiled, index, repeat, peaks } = task;
  const { plan } = compiled;
  const program = plan.programs[index]?.name ?? '';
  const inputs = syntheticInputs(model, plan, program, task.seed);
  const { device, host } = gpu.opened;
  const { clock, microseconds: dispatches } = await measureDispatches(plan, program, {
    device,
    host,
    repeat,
    inputs,
    initial: (session) => initialise(session, model),
    onRun: task.onRun,
  });
  const stepMicroseconds = await withSession(gpu, plan, async (session) => {
    initialise(session, model);
    const runner = session.runner(program);
    await runner.run([inputs]);
    await session.settle();
    const from = host.now();
    // Each as long as the pace wants it, so that submits are not what is measured.
    for (let done = 0; done < repeat; ) {
      const steps = Math.min(runner.repeats, repeat - done);
      await runner.run(Array<null>(steps).fill(null));
      done += steps;
    }
    await session.settle();
    return (1000 * (host.now() - from)) / repeat;
  });
  const costs = kernelCosts(compiled, index, task.profile);
  const timeOf = (cost: KernelCost): number =>
    sum(cost.dispatches.map((at) => dispatches[at] ?? 0));
  const microseconds = sum(dispatches);
  const rows = costs.map((cost) => profileRow(cost, timeOf(cost), microseconds, peaks));
  return {
    program,
    clock,
    kernels: rows.sort((a, b) => b.microseconds - a.microseconds),
    microseconds,
    bytes: sum(costs.map((cost) => cost.bytes)),
    flops: sum(costs.map((cost) => cost.flops)),
    stepMicroseconds,
    dispatches,
  };
}

function profileRow(cost: KernelCost, microseconds: number, all: number, peaks: Peaks): ProfileRow {
  const share = all > 0 ? microseconds / all : 0;
  return { ...cost, microseconds, share, ...reached(cost, microseconds, peaks) };
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
