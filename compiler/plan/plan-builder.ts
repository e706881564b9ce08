/**
 * Puts the programs of a model into one plan: their kernels, each text once, and their dispatches, over
 * buffers and tensors that all of them share (`buffer-table.ts`, `tensor-table.ts`).
 */
import type { Plan, PlanDispatch, PlanKernel, PlanProgram } from '../../runtime/plan.ts';
import type { KernelPlan } from '../fuse/plan-kernels.ts';
import { type StorageDType, storageBits } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import type { KernelIr } from '../kernel/ir.ts';
import type { OperandPlace } from '../kernel/kernel-builder.ts';
import { lower } from '../kernel/lower.ts';
import type { KernelSpec, Tensor } from '../kernel/spec.ts';
import { type Bound, bindOperands, type Location } from '../memory/bind-operands.ts';
import { rowBlocks } from '../memory/row-blocks.ts';
import { chooseSchedule, scheduleDispatch } from '../schedule/choose-schedule.ts';
import { type DeviceProfile, deviceCompiler } from '../schedule/device.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { Overrides } from '../schedule/schedule-settings.ts';
import { foldGrid, printKernel } from '../wgsl/print-kernel.ts';
import { BufferTable, boundsBytes, paddedBytes } from './buffer-table.ts';
import { CapacityError, tooLarge } from './capacity-error.ts';
import { kernelName, kernelOrigins } from './kernel-name.ts';
import { type ProgramMemory, programMemory } from './program-memory.ts';
import { tensorPath } from './tensor-path.ts';
import { type PlacedProgram, type ProgramPlaces, TensorTable } from './tensor-table.ts';

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
  /** Bytes of workgroup memory. */
  readonly workgroupBytes: number;
}

/** A kernel of a program as it runs there. */
export interface PlacedKernel {
  readonly spec: KernelSpec;
  /** Of each operand: where the tensor begins. */
  readonly places: readonly { readonly buffer: number; readonly offset: number }[];
  /** Numbers of its dispatches in the program: several where a tensor is too large to be bound as a whole. */
  readonly dispatches: readonly number[];
}

interface ProgramFacts extends Omit<PlacedProgram, 'plan'> {
  readonly kind: PlanProgram['kind'];
  readonly dims: Readonly<Record<string, number>>;
}

/** A kernel, or a part of one, with the places of its operands. */
interface KernelPart {
  readonly spec: KernelSpec;
  readonly locations: readonly Location[];
}

/** What a dispatch needs to know of its kernel. */
interface MadeKernel {
  readonly id: number;
  readonly bounds: readonly number[];
  readonly workgroups: number;
}

export class PlanBuilder {
  readonly #buffers: BufferTable;
  readonly #tensors: TensorTable;
  readonly #kernels: PlanKernel[] = [];
  readonly #programs: (ProgramFacts & PlacedProgram)[] = [];
  readonly #kernelByText = new Map<string, MadeKernel>();
  /** The kernels of the finished plan. */
  readonly scheduled: ScheduledKernel[] = [];
  /** The kernels of each program of the finished plan, in order. */
  readonly placed: (readonly PlacedKernel[])[] = [];
  /** What each program of the finished plan needs for a while. */
  readonly memory: ProgramMemory[] = [];
  readonly #device: DeviceProfile;
  readonly #choose: typeof chooseSchedule;
  readonly #overrides: Overrides | undefined;
  #usesSubgroups = false;
  #usesHalf = false;
  #mostBindings = 0;

  /** `choose` may prefer another schedule than the best ranked; `overrides` are those given by hand. */
  constructor(
    device: DeviceProfile,
    choose: typeof chooseSchedule = chooseSchedule,
    overrides?: Overrides,
  ) {
    this.#buffers = new BufferTable(device);
    this.#tensors = new TensorTable(this.#buffers);
    this.#device = device;
    this.#choose = choose;
    this.#overrides = overrides;
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

  /** Adds a program; memory is laid out when all of them are known. */
  program(plan: KernelPlan, facts: ProgramFacts): void {
    this.#programs.push({ ...facts, plan });
  }

  #program(
    { plan, graph, name, kind, dims }: ProgramFacts & PlacedProgram,
    { locationOf, blocks }: ProgramPlaces,
  ): PlanProgram {
    const byKernel = plan.kernels.map((spec) =>
      this.#parts(spec, locationOf, graph).map((part) => this.#dispatch(part, graph)),
    );
    const dispatches = byKernel.flat();
    const sizes = byKernel.map((own) => own.length);
    let next = 0;
    const placed = plan.kernels.map((spec, i): PlacedKernel => {
      const places = spec.operands.map(({ tensor }) => {
        const { buffer, offset } = locationOf(tensor);
        return { buffer, offset };
      });
      return { spec, places, dispatches: (byKernel[i] ?? []).map(() => next++) };
    });
    this.placed.push(placed);
    this.memory.push(programMemory(name, blocks, sizes, graph));
    return { name, kind, dims, dispatches, copies: [], swaps: this.#tensors.swaps(plan) };
  }

  #dispatch({ spec, locations }: KernelPart, graph: Graph): PlanDispatch {
    const { maxBindings, maxBindingBytes } = this.#device;
    const bound = bindOperands(spec.operands, locations, maxBindings);
    this.#mostBindings = Math.max(this.#mostBindings, bound.binds.length);
    const kernelText = `kernel ${kernelName(this.#kernels.length, spec)}`;
    if (bound.binds.length > maxBindings)
      throw new CapacityError(
        `${kernelText} binds ${bound.binds.length} buffers; this device allows ${maxBindings}`,
        'compute it in smaller parts',
      );
    const widest = Math.max(0, ...bound.binds.map((bind) => bind.bytes));
    if (widest > maxBindingBytes)
      throw new CapacityError(
        `${kernelText} binds ${widest} bytes of one buffer; this device binds at most ${maxBindingBytes}`,
        'use a smaller batch (`--batch`), or smaller layers',
      );
    const { id, bounds, workgroups } = this.#kernel(spec, bound, graph);
    const binds = [...bound.binds];
    if (bounds.length > 0)
      binds.push({
        buffer: this.#buffers.bounds(bounds),
        offset: 0,
        bytes: boundsBytes(bounds),
      });
    return { kernel: id, binds, grid: foldGrid(workgroups) };
  }

  /** The kernel as it is, or in parts where a tensor is too large to be bound as a whole. */
  #parts(
    spec: KernelSpec,
    locationOf: (tensor: Tensor) => Location,
    graph: Graph,
  ): readonly KernelPart[] {
    const limit = this.#device.maxBindingBytes;
    const locations = spec.operands.map((o) => locationOf(o.tensor));
    const large = new Set(locations.flatMap(({ bytes }, i) => (bytes > limit ? [i] : [])));
    const [first] = large;
    if (first === undefined) return [{ spec, locations }];
    if (spec.kind === 'side-by-side')
      return spec.parts.flatMap((part) => this.#parts(part, locationOf, graph));
    const blocks = rowBlocks(spec, large, limit);
    if (blocks === undefined) {
      const tensor = spec.operands[first]?.tensor;
      const path = tensor === undefined ? '' : tensorPath(tensor, graph);
      throw tooLarge(
        path,
        locations[first]?.bytes ?? 0,
        limit,
        kernelName(this.#kernels.length, spec),
      );
    }
    return blocks.map((block) => ({
      spec: block.spec,
      locations: locations.map((location, i) => windowOf(location, block.windows.get(i))),
    }));
  }

  /** The kernel with this text, made where there is none yet. What a schedule by hand changes in it changes neither its number nor what shares it. */
  #kernel(spec: KernelSpec, bound: Bound, graph: Graph): MadeKernel {
    const chosen = this.#lowered(spec, scheduleDispatch(spec, this.#device, this.#choose), bound);
    const key = `${chosen.wgsl}\n${chosen.bindings.map((b) => `${b.access}${b.minBytes}`).join()}`;
    const seen = this.#kernelByText.get(key);
    if (seen !== undefined) return seen;
    const id = this.#kernels.length;
    const name = kernelName(id, spec);
    const byHand = this.#overrides?.of(name, spec);
    const { schedule, ir, wgsl, bindings } =
      byHand === undefined ? chosen : this.#lowered(spec, byHand, bound);
    this.#usesSubgroups ||= ir.usesSubgroups;
    this.#usesHalf ||= wgsl.startsWith('enable f16;');
    this.#kernels.push({
      id,
      name,
      wgsl,
      entry: 'main',
      bindings,
      origin: kernelOrigins(graph, spec.nodes),
    });
    this.scheduled.push({
      id,
      name,
      spec,
      schedule,
      places: bound.places,
      workgroupBytes: workgroupBytes(ir),
    });
    const made = { id, bounds: ir.bounds, workgroups: ir.workgroups };
    this.#kernelByText.set(key, made);
    return made;
  }

  #lowered(spec: KernelSpec, schedule: Schedule, { binds, places }: Bound) {
    const ir = lower(spec, schedule, { ...deviceCompiler(this.#device), places });
    const bindings: PlanKernel['bindings'] = [
      ...ir.bindings.map((b, i) => ({ access: b.access, minBytes: binds[i]?.bytes ?? 16 })),
      ...(ir.bounds.length > 0
        ? [{ access: 'uniform' as const, minBytes: boundsBytes(ir.bounds) }]
        : []),
    ];
    return { schedule, ir, wgsl: printKernel(ir), bindings };
  }

  /** Throws ScheduleError where a schedule by hand is for no kernel of the plan. */
  finish(name: string): Plan {
    const places = this.#tensors.place(this.#programs);
    const programs = this.#programs.map((program, i) => {
      return this.#program(program, places[i] ?? noMemory(program.name));
    });
    this.#overrides?.check();
    const largest = Math.max(0, ...this.#buffers.all.map((b) => b.bytes));
    const binds = programs.flatMap((p) => p.dispatches.flatMap((d) => d.binds));
    const widest = Math.max(0, ...binds.map((b) => b.bytes));
    const limits: Record<string, number> = {};
    if (this.#mostBindings > DEFAULTS.maxStorageBuffersPerShaderStage)
      limits['maxStorageBuffersPerShaderStage'] = this.#mostBindings;
    if (widest > DEFAULTS.maxStorageBufferBindingSize)
      limits['maxStorageBufferBindingSize'] = widest;
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
      programs,
    };
  }
}

const noMemory = (program: string): never => {
  throw new InternalError('plan', `${program} has no memory`);
};

/** Bytes of workgroup memory that a kernel declares; a bool takes a word. */
const workgroupBytes = ({ shared }: KernelIr): number =>
  shared.reduce(
    (sum, { type, size }) => sum + (size * type.width * storageBits(type.dtype)) / 8,
    0,
  );

/** Elements of a tensor as a range of their own, filled up to whole vectors. */
function windowOf(
  location: Location,
  window: { readonly first: number; readonly count: number } | undefined,
): Location {
  if (window === undefined) return location;
  const { storage } = location;
  const offset = location.offset + (window.first * storageBits(storage)) / 8;
  return { ...location, offset, bytes: paddedBytes(storage, window.count) };
}
