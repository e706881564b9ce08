/** Runs a bound graph on the device at hand: the other side of every comparison with the interpreter. */

import type { FusionOptions } from '../../compiler/fuse/merging.ts';
import { type KernelPlan, planKernels } from '../../compiler/fuse/plan-kernels.ts';
import type { Graph } from '../../compiler/graph/graph.ts';
import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { reachable } from '../../compiler/graph/walk.ts';
import { orderKernels } from '../../compiler/memory/order-kernels.ts';
import { storageOf, textOf } from '../../compiler/ops/leaf.ts';
import type { ScheduledKernel } from '../../compiler/plan/plan-builder.ts';
import { PlanBuilder } from '../../compiler/plan/plan-builder.ts';
import type { Result } from '../../compiler/program-graph.ts';
import { type DeviceProfile, deviceProfile, portable } from '../../compiler/schedule/device.ts';
import { splitDepths } from '../../compiler/schedule/split-depth.ts';
import type { OpenedDevice } from '../../host/node.ts';
import { openDevice } from '../../host/node.ts';
import { openSession, readPlan } from '../../runtime/index.ts';
import type { Plan } from '../../runtime/plan.ts';
import { arrayOf } from '../../train/element-arrays.ts';

export interface GraphRun {
  readonly values: readonly NdArray[];
  readonly plan: Plan;
  readonly kernels: readonly ScheduledKernel[];
}

/** The compiler's view of an opened device. */
export function profileOf(opened: OpenedDevice): DeviceProfile {
  return deviceProfile({ ...opened, limits: opened.device.limits });
}

let opened: Promise<OpenedDevice> | undefined;
/** One device for a test file, which closes it in the end. */
export const testDevice = (): Promise<OpenedDevice> => (opened ??= openDevice());
/**
 * The next call of testDevice, of another file in this process or within a long one, opens a device anew. A driver keeps
 * all that it compiled as long as its device lives: lavapipe six mappings a kernel, of 65,530 that a process may have.
 */
export async function closeTestDevice(): Promise<void> {
  const old = opened;
  opened = undefined;
  (await old)?.close();
}

export interface RunOptions {
  readonly device?: DeviceProfile;
  readonly fuse?: boolean;
  /** Other decisions of fusion than the compiler's. */
  readonly fusion?: Partial<Omit<FusionOptions, 'fuse'>>;
  /** Instead of the rules of thumb. */
  readonly choose?: ConstructorParameters<typeof PlanBuilder>[1];
  /** Results that overwrite inputs (kind param or state), by position. */
  readonly replaces?: ReadonlyMap<number, Node>;
  /** Changes the finished plan: to plant mistakes. */
  edit?(plan: Plan): Plan;
}

/** The plan of a bound graph whose inputs are all named. */
export function compileGraph(
  graph: Graph,
  nodes: readonly Node[],
  options: RunOptions = {},
): { plan: Plan; kernels: readonly ScheduledKernel[]; kernelPlan: KernelPlan } {
  const device = options.device ?? portable;
  const results = nodes.map((node, i): Result => {
    const input = options.replaces?.get(i);
    return {
      node,
      target: input === undefined ? { kind: 'output', name: `r${i}` } : { kind: 'replace', input },
    };
  });
  const states = inputsBelow([...nodes, ...(options.replaces?.values() ?? [])]);
  const planned = (swapped: ReadonlySet<string>): { builder: PlanBuilder; plan: KernelPlan } => {
    const builder = new PlanBuilder(device, options.choose);
    for (const n of states) {
      const [kind, name] = [textOf(n.attrs['kind']), textOf(n.attrs['name'])];
      if (kind === 'param' || kind === 'state')
        builder.state(name, kind, storageOf(n), n.type.shape.map(Number), swapped.has(name));
    }
    const plan = splitDepths(
      planKernels(
        { graph, name: 'predict', results },
        {
          fuse: options.fuse ?? true,
          maxBindings: device.maxBindings,
          sharedBuffer: builder.sharedBuffer,
          deviceClass: device.class,
          ...options.fusion,
        },
      ),
      device,
    );
    const found = new Set(plan.swaps.map(({ state }) => textOf(state.node.attrs['name'])));
    return found.size > swapped.size ? planned(found) : { builder, plan: orderKernels(plan) };
  };
  const { builder, plan } = planned(new Set());
  builder.program(plan, { name: 'predict', kind: 'predict', dims: {}, graph });
  return {
    plan: readPlan(JSON.parse(JSON.stringify(builder.finish('test')))),
    kernels: builder.scheduled,
    kernelPlan: plan,
  };
}

const inputsBelow = (nodes: readonly Node[]): Node[] =>
  [...reachable(nodes)].filter(
    (n) => n.op.lowering.kind === 'leaf' && n.op.lowering.leaf === 'input',
  );

/** Compiles and runs; values of the results, in order. `given` holds every input by name. */
export async function runGraph(
  graph: Graph,
  nodes: readonly Node[],
  given: ReadonlyMap<string, NdArray>,
  options: RunOptions = {},
): Promise<GraphRun> {
  const { plan: made, kernels } = compileGraph(graph, nodes, options);
  const plan = options.edit?.(made) ?? made;
  const { device, host } = await testDevice();
  const session = await openSession(plan, { device, host, slots: 1 });
  try {
    const batch: Record<string, ArrayBufferView> = {};
    for (const t of plan.tensors) {
      const value = given.get(t.name);
      if (t.role === 'output' || value === undefined) continue;
      if (t.role === 'input') batch[t.name] = arrayOf(t.dtype, value.data);
      else session.write(t.name, arrayOf(t.dtype, value.data));
    }
    await session.runner('predict').run([batch]);
    const outputs = plan.tensors.filter((t) => t.role === 'output').map((t) => t.name);
    const read = outputs.length === 0 ? new Map() : await session.read(outputs);
    const replaced = [...(options.replaces?.values() ?? [])].map((n) => textOf(n.attrs['name']));
    const states = replaced.length === 0 ? new Map() : await session.read(replaced);
    const values = nodes.map((n, i) => {
      const input = options.replaces?.get(i);
      const data =
        input === undefined ? read.get(`r${i}`) : states.get(textOf(input.attrs['name']));
      return ndArray(n.type.dtype, n.type.shape.map(Number), data);
    });
    return { values, plan, kernels };
  } finally {
    await session.settle();
    session.close();
  }
}
