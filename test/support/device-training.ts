/** The same training on the device: losses step by step, and the tensors at the end. */
import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Model } from '../../compiler/model.ts';
import type { DeviceProfile } from '../../compiler/schedule/device.ts';
import { openSession, readPlan } from '../../runtime/index.ts';
import { compileTraining, type Tensors } from './model.ts';
import { testDevice } from './run-graph.ts';

type Batch = Record<string, Float32Array | Int32Array | Uint8Array>;

export interface DeviceRun {
  readonly losses: readonly number[];
  /** Snapshots of all parameters after the asked-for steps. */
  readonly snapshots: ReadonlyMap<number, ReadonlyMap<string, NdArray>>;
  readonly dispatches: number;
}

/** Trains `steps` steps; `batchAt` gives the data of step i. */
export async function trainOnDevice(
  model: Model,
  dims: Readonly<Record<string, number>>,
  profile: DeviceProfile,
  state: Tensors,
  steps: number,
  batchAt: (step: number) => Batch,
  snapshotAfter: readonly number[] = [],
): Promise<DeviceRun> {
  const { plan, programAt } = compileTraining(model, dims, profile);
  const { device, host } = await testDevice();
  const session = await openSession(readPlan(JSON.parse(JSON.stringify(plan))), {
    device,
    host,
    slots: 1,
  });
  try {
    for (const [name, value] of state) session.write(name, Float32Array.from(value.data));
    const rows = Object.values(dims)[0] ?? 1;
    const losses: number[] = [];
    const snapshots = new Map<number, ReadonlyMap<string, NdArray>>();
    for (let step = 0; step < steps; step++) {
      session.metrics.reset();
      await session.runner(programAt(step)).run([batchAt(step)]);
      losses.push(((await session.metrics.read()).get('loss') ?? Number.NaN) / rows);
      if (!snapshotAfter.includes(step + 1)) continue;
      const read = await session.read(model.params.map((p) => p.path));
      const shapes = new Map(model.params.map((p) => [p.path, p.node.type.shape.map(Number)]));
      snapshots.set(
        step + 1,
        new Map(
          [...read].map(
            ([name, data]) => [name, ndArray('f32', shapes.get(name) ?? [], data)] as const,
          ),
        ),
      );
    }
    return { losses, snapshots, dispatches: plan.programs[0]?.dispatches.length ?? 0 };
  } finally {
    await session.settle();
    session.close();
  }
}
