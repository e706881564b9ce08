/**
 * Puts the programs of a model into one plan: their kernels, each text once, and their dispatches, over
 * buffers and tensors that all of them share (`buffer-table.ts`, `tensor-table.ts`).
 */
import type { Plan, PlanDispatch, PlanKernel, PlanProgram } from '../../runtime/plan.ts';
import type { KernelPlan } from '../fuse/plan-kernels.ts';
import type { StorageDType } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { OperandPlace } from '../kernel/kernel-builder.ts';
import { lower } from '../kernel/lower.ts';
import type { KernelSpec } from '../kernel/spec.ts';
import { bindOperands } from '../memory/bind-operands.ts';
import { chooseSchedule } from '../schedule/choose-schedule.ts';
import type { DeviceProfile } from '../schedule/device.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { foldGrid, printKernel } from '../wgsl/print-kernel.ts';
import { BufferTable, boundsBytes } from './buffer-table.ts';
import { CapacityError } from './capacity-error.ts';
import { kernelName, kernelOrigins } from './kernel-name.ts';
import { TensorTable } from './tensor-table.ts';

/** WebGPU's default limits: a plan that stays within them asks for nothing. */
const DEFAULTS = {
  maxStorageBuffersPerShaderStage: 8,
  maxStorageBufferBindingSize: 134217728,
  maxBufferSize: 268435456,
} as const;

export interface ScheduledKernel {
  readonly id: number;
  readonly name: string;
  readonly spec: KernelSpec;
  readonly schedule: Schedule;
  /** Where its operands lie within what it binds. */
  readonly places: readonly OperandPlace[];
}

interface ProgramFacts {
  readonly name: string;
  readonly kind: PlanProgram['kind'];
  readonly dims: Readonly<Record<string, number>>;
  /** Knows where nodes come from. */
  readonly graph: Graph;
}

export class PlanBuilder {
  readonly #buffers: BufferTable;
  readonly #tensors: TensorTable;
  readonly #kernels: PlanKernel[] = [];
  readonly #programs: PlanProgram[] = [];
  readonly #kernelByText = new Map<string, number>();
  readonly scheduled: ScheduledKernel[] = [];
  readonly #device: DeviceProfile;
  readonly #choose: typeof chooseSchedule;
  #usesSubgroups = false;
  #usesHalf = false;
  #mostBindings = 0;

  /** `choose` may prefer another schedule than the rules of thumb. */
  constructor(device: DeviceProfile, choose: typeof chooseSchedule = chooseSchedule) {
    this.#buffers = new BufferTable(device);
    this.#tensors = new TensorTable(this.#buffers);
    this.#device = device;
    this.#choose = choose;
  }

  /** Declares a tensor that outlives a step; `swapped` where some program exchanges it with a twin. */
  state(
    name: string,
    role: 'param' | 'state' | 'counter' | 'metric',
    storage: StorageDType,
    shape: readonly number[],
    swapped = false,
  ): void {
    this.#tensors.state(name, role, storage, shape, swapped);
  }

  /** A key of the buffer that an input shares with others, once all states are declared; undefined where it has one of its own. */
  readonly sharedBuffer = (input: Node): string | undefined => this.#tensors.sharedBuffer(input);

  program(plan: KernelPlan, facts: ProgramFacts): void {
    const locationOf = this.#tensors.place(plan, facts);
    const dispatches = plan.kernels.map((spec): PlanDispatch => {
      const schedule = this.#choose(spec, this.#device);
      const locations = spec.operands.map((o) => locationOf(o.tensor));
      const bound = bindOperands(spec.operands, locations, this.#device.maxBindings);
      const { places } = bound;
      const boundsFromUniform = this.#device.class === 'cpu';
      const ir = lower(spec, schedule, { boundsFromUniform, places });
      const wgsl = printKernel(ir);
      this.#usesSubgroups ||= ir.usesSubgroups;
      this.#usesHalf ||= wgsl.startsWith('enable f16;');
      this.#mostBindings = Math.max(this.#mostBindings, bound.binds.length);
      if (bound.binds.length > this.#device.maxBindings)
        throw new CapacityError(
          `kernel ${kernelName(this.#kernels.length, spec)} binds ${bound.binds.length} buffers; this device allows ${this.#device.maxBindings}`,
          'compute it in smaller parts',
        );
      const kernel = this.#kernel(
        { spec, schedule, places },
        wgsl,
        ir.bindings.map((b, i) => ({ access: b.access, minBytes: bound.binds[i]?.bytes ?? 16 })),
        ir.bounds,
        facts.graph,
      );
      const binds = [...bound.binds];
      if (ir.bounds.length > 0)
        binds.push({
          buffer: this.#buffers.bounds(ir.bounds),
          offset: 0,
          bytes: boundsBytes(ir.bounds),
        });
      return { kernel, binds, grid: foldGrid(ir.workgroups) };
    });
    this.#programs.push({
      name: facts.name,
      kind: facts.kind,
      dims: facts.dims,
      dispatches,
      copies: [],
      swaps: this.#tensors.swaps(plan),
    });
  }

  #kernel(
    made: Omit<ScheduledKernel, 'id' | 'name'>,
    wgsl: string,
    bindings: PlanKernel['bindings'],
    bounds: readonly number[],
    graph: Graph,
  ): number {
    const all =
      bounds.length > 0
        ? [...bindings, { access: 'uniform' as const, minBytes: boundsBytes(bounds) }]
        : bindings;
    const key = `${wgsl}\n${all.map((b) => `${b.access}${b.minBytes}`).join()}`;
    const seen = this.#kernelByText.get(key);
    if (seen !== undefined) return seen;
    const id = this.#kernels.length;
    const name = kernelName(id, made.spec);
    this.#kernels.push({
      id,
      name,
      wgsl,
      entry: 'main',
      bindings: all,
      origin: kernelOrigins(graph, made.spec.nodes),
    });
    this.scheduled.push({ id, name, ...made });
    this.#kernelByText.set(key, id);
    return id;
  }

  finish(name: string): Plan {
    const largest = Math.max(0, ...this.#buffers.all.map((b) => b.bytes));
    const limits: Record<string, number> = {};
    if (this.#mostBindings > DEFAULTS.maxStorageBuffersPerShaderStage)
      limits['maxStorageBuffersPerShaderStage'] = this.#mostBindings;
    if (largest > DEFAULTS.maxStorageBufferBindingSize)
      limits['maxStorageBufferBindingSize'] = largest;
    if (largest > DEFAULTS.maxBufferSize) limits['maxBufferSize'] = largest;
    const { subgroupSize } = this.#device;
    return {
      version: 2,
      name,
      requires: {
        features: [
          ...(this.#usesSubgroups ? ['subgroups'] : []),
          ...(this.#usesHalf ? ['shader-f16'] : []),
        ],
        limits,
        ...(this.#usesSubgroups && subgroupSize !== undefined ? { subgroupSize } : {}),
      },
      buffers: this.#buffers.all,
      tensors: this.#tensors.all,
      kernels: this.#kernels,
      programs: this.#programs,
    };
  }
}
