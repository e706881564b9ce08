/** Collects the buffers, tensors, kernels and programs of a plan. Parameters and slots are shared by all programs. */
import type {
  Plan,
  PlanBuffer,
  PlanDispatch,
  PlanKernel,
  PlanProgram,
  PlanTensor,
} from '../../runtime/plan.ts';
import type { KernelPlan } from '../fuse/plan-kernels.ts';
import type { StorageDType } from '../graph/dtype.ts';
import { storageBits } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { InternalError } from '../internal-error.ts';
import { lower } from '../kernel/lower.ts';
import type { KernelSpec, Tensor } from '../kernel/spec.ts';
import { assignSlots, type Lifetime } from '../memory/assign-slots.ts';
import { textOf } from '../ops/leaf.ts';
import { chooseSchedule } from '../schedule/choose-schedule.ts';
import type { DeviceProfile } from '../schedule/device.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { foldGrid, printKernel } from '../wgsl/print-kernel.ts';
import { CapacityError } from './capacity-error.ts';
import { kernelName, kernelOrigins } from './kernel-name.ts';

/** WebGPU's default limits: a plan that stays within them asks for nothing. */
const DEFAULTS = {
  maxStorageBuffersPerShaderStage: 8,
  maxStorageBufferBindingSize: 134217728,
  maxBufferSize: 268435456,
} as const;

export const paddedBytes = (storage: StorageDType, elements: number): number =>
  Math.max(16, Math.ceil((elements * storageBits(storage)) / 8 / 16) * 16);

export interface ScheduledKernel {
  readonly id: number;
  readonly name: string;
  readonly spec: KernelSpec;
  readonly schedule: Schedule;
}

interface ProgramFacts {
  readonly name: string;
  readonly kind: PlanProgram['kind'];
  readonly dims: Readonly<Record<string, number>>;
  /** Multiplies what an input's node holds: the runtime knows nothing of graphs. */
  readonly graph: Graph;
}

export class PlanBuilder {
  readonly #buffers: (Omit<PlanBuffer, 'bytes'> & { bytes: number })[] = [];
  readonly #tensors: PlanTensor[] = [];
  readonly #kernels: PlanKernel[] = [];
  readonly #programs: PlanProgram[] = [];
  readonly #bufferByKey = new Map<string, number>();
  readonly #kernelByText = new Map<string, number>();
  readonly #slotBytes: number[] = [];
  readonly #slotBuffers: number[] = [];
  readonly scheduled: ScheduledKernel[] = [];
  readonly #device: DeviceProfile;
  readonly #choose: typeof chooseSchedule;
  #usesSubgroups = false;
  #mostBindings = 0;

  /** `choose` may prefer another schedule than the rules of thumb. */
  constructor(device: DeviceProfile, choose: typeof chooseSchedule = chooseSchedule) {
    this.#device = device;
    this.#choose = choose;
  }

  /** A buffer shared under a key; it grows to the largest size asked for. */
  #buffer(key: string, bytes: number, kind: PlanBuffer['class'], label: string): number {
    this.#checkSize(label, bytes);
    const seen = this.#bufferByKey.get(key);
    if (seen !== undefined) {
      const buffer = this.#buffers[seen];
      if (buffer !== undefined) buffer.bytes = Math.max(buffer.bytes, bytes);
      return seen;
    }
    const id = this.#buffers.push({ id: this.#buffers.length, bytes, class: kind, label }) - 1;
    this.#bufferByKey.set(key, id);
    return id;
  }

  #checkSize(label: string, bytes: number): void {
    const limit = Math.min(this.#device.maxBindingBytes, this.#device.maxBufferBytes);
    if (bytes > limit)
      throw new CapacityError(
        `\`${label}\` needs ${megabytes(bytes)}; this device binds at most ${megabytes(limit)}`,
        'use a smaller batch (`--batch`), or a smaller layer',
      );
  }

  /** Declares a tensor that outlives a step. */
  state(
    name: string,
    role: 'param' | 'state' | 'counter' | 'metric',
    storage: StorageDType,
    shape: readonly number[],
  ): void {
    const key = `${role}:${name}`;
    if (this.#bufferByKey.has(key)) return;
    const buffer = this.#buffer(
      key,
      paddedBytes(
        storage,
        shape.reduce((a, b) => a * b, 1),
      ),
      'state',
      name,
    );
    this.#tensors.push({ name, role, dtype: storage, shape, buffer, offset: 0 });
  }

  program(plan: KernelPlan, facts: ProgramFacts): void {
    const bufferOf = this.#placeTensors(plan, facts);
    const dispatches = plan.kernels.map((spec): PlanDispatch => {
      const schedule = this.#choose(spec, this.#device);
      const ir = lower(spec, schedule, { boundsFromUniform: this.#device.class === 'cpu' });
      const wgsl = printKernel(ir);
      this.#usesSubgroups ||= ir.usesSubgroups;
      const sizes = spec.operands.map((o) => paddedBytes(o.tensor.storage, o.tensor.elements));
      this.#mostBindings = Math.max(this.#mostBindings, sizes.length);
      if (sizes.length > this.#device.maxBindings)
        throw new CapacityError(
          `kernel ${kernelName(this.#kernels.length, spec)} binds ${sizes.length} tensors; this device allows ${this.#device.maxBindings}`,
          'compute it in smaller parts',
        );
      const kernel = this.#kernel(
        spec,
        schedule,
        wgsl,
        ir.bindings.map((b, i) => ({ access: b.access, minBytes: sizes[i] ?? 16 })),
        ir.bounds,
        facts.graph,
      );
      const binds = spec.operands.map((o, i) => ({
        buffer: bufferOf(o.tensor),
        offset: 0,
        bytes: sizes[i] ?? 16,
      }));
      if (ir.bounds.length > 0)
        binds.push({ buffer: this.#bounds(ir.bounds), offset: 0, bytes: boundsBytes(ir.bounds) });
      return { kernel, binds, grid: foldGrid(ir.workgroups) };
    });
    this.#programs.push({
      name: facts.name,
      kind: facts.kind,
      dims: facts.dims,
      dispatches,
      copies: [],
    });
  }

  #kernel(
    spec: KernelSpec,
    schedule: Schedule,
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
    const name = kernelName(id, spec);
    this.#kernels.push({
      id,
      name,
      wgsl,
      entry: 'main',
      bindings: all,
      origin: kernelOrigins(graph, spec.nodes),
    });
    this.scheduled.push({ id, name, spec, schedule });
    this.#kernelByText.set(key, id);
    return id;
  }

  #bounds(words: readonly number[]): number {
    const key = `bounds:${words.join()}`;
    const seen = this.#bufferByKey.get(key);
    if (seen !== undefined) return seen;
    const padded = [...words, ...Array<number>(boundsBytes(words) / 4 - words.length).fill(0)];
    const id =
      this.#buffers.push({
        id: this.#buffers.length,
        bytes: boundsBytes(words),
        class: 'uniform',
        label: 'loop bounds',
        data: padded,
      }) - 1;
    this.#bufferByKey.set(key, id);
    return id;
  }

  /** The buffer of every tensor of a program: named ones by name, the others in slots. */
  #placeTensors(plan: KernelPlan, facts: ProgramFacts): (tensor: Tensor) => number {
    const placed = new Map<number, number>();
    const lifetimes = new Map<number, { tensor: Tensor; from: number; to: number }>();
    for (const r of plan.results) {
      const tensor = plan.tensorOf(r.node);
      if (r.target.kind === 'output')
        placed.set(tensor.id, this.#output(r.target.name, tensor, plan, facts));
    }
    plan.kernels.forEach((spec, at) => {
      for (const { tensor } of spec.operands) {
        if (placed.has(tensor.id)) continue;
        if (tensor.node.op.lowering.kind === 'leaf')
          placed.set(tensor.id, this.#input(tensor, facts));
        else {
          const life = lifetimes.get(tensor.id);
          if (life === undefined) lifetimes.set(tensor.id, { tensor, from: at, to: at });
          else life.to = at;
        }
      }
    });
    const lives = [...lifetimes.values()].map(
      (l): Lifetime => ({
        tensor: l.tensor.id,
        bytes: paddedBytes(l.tensor.storage, l.tensor.elements),
        from: l.from,
        to: l.to,
      }),
    );
    for (const l of lives)
      this.#checkSize(describe(lifetimes.get(l.tensor)?.tensor, facts.graph), l.bytes);
    const { slotOf } = assignSlots(lives, this.#slotBytes);
    this.#slotBytes.forEach((bytes, slot) => {
      this.#slotBuffers[slot] = this.#buffer(`slot:${slot}`, bytes, 'scratch', `slot ${slot}`);
    });
    return (tensor) =>
      placed.get(tensor.id) ?? this.#slotBuffers[slotOf.get(tensor.id) ?? -1] ?? nowhere(tensor);
  }

  #output(name: string, tensor: Tensor, plan: KernelPlan, facts: ProgramFacts): number {
    const buffer = this.#buffer(
      `output:${name}`,
      paddedBytes(tensor.storage, tensor.elements),
      'output',
      name,
    );
    const shape =
      plan.results.find((r) => r.target.kind === 'output' && r.target.name === name)?.node.type
        .shape ?? [];
    this.#tensors.push({
      name,
      role: 'output',
      dtype: tensor.storage,
      shape: shape.map(Number),
      buffer,
      offset: 0,
      program: facts.name,
    });
    return buffer;
  }

  #input(tensor: Tensor, facts: ProgramFacts): number {
    const name = textOf(tensor.node.attrs['name']);
    const kind = textOf(tensor.node.attrs['kind']);
    if (kind !== 'data') {
      const seen = this.#bufferByKey.get(`${kind}:${name}`);
      if (seen === undefined)
        throw new InternalError('plan', `the ${kind} ${name} was not declared`);
      return seen;
    }
    const buffer = this.#buffer(
      `data:${name}`,
      paddedBytes(tensor.storage, tensor.elements),
      'input',
      name,
    );
    const shape = tensor.node.type.shape.map(Number);
    if (
      !this.#tensors.some((t) => t.role === 'input' && t.name === name && t.program === facts.name)
    )
      this.#tensors.push({
        name,
        role: 'input',
        dtype: tensor.storage,
        shape,
        buffer,
        offset: 0,
        program: facts.name,
      });
    return buffer;
  }

  finish(name: string): Plan {
    const largest = Math.max(0, ...this.#buffers.map((b) => b.bytes));
    const limits: Record<string, number> = {};
    if (this.#mostBindings > DEFAULTS.maxStorageBuffersPerShaderStage)
      limits['maxStorageBuffersPerShaderStage'] = this.#mostBindings;
    if (largest > DEFAULTS.maxStorageBufferBindingSize)
      limits['maxStorageBufferBindingSize'] = largest;
    if (largest > DEFAULTS.maxBufferSize) limits['maxBufferSize'] = largest;
    const { subgroupSize } = this.#device;
    return {
      version: 1,
      name,
      requires: {
        features: this.#usesSubgroups ? ['subgroups'] : [],
        limits,
        ...(this.#usesSubgroups && subgroupSize !== undefined ? { subgroupSize } : {}),
      },
      buffers: this.#buffers,
      tensors: this.#tensors,
      kernels: this.#kernels,
      programs: this.#programs,
    };
  }
}

const boundsBytes = (words: readonly number[]): number => Math.ceil(words.length / 4) * 16;
const megabytes = (bytes: number): string =>
  bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${bytes} bytes`;
const nowhere = (tensor: Tensor): never => {
  throw new InternalError('plan', `tensor ${tensor.id} (${tensor.node.op.name}) has no memory`);
};
function describe(tensor: Tensor | undefined, graph: Graph): string {
  if (tensor === undefined) return 'a tensor';
  const [origin] = graph.originsOf(tensor.node);
  return origin === undefined || origin.path === ''
    ? tensor.node.op.name
    : `${tensor.node.op.name} of ${origin.path}`;
}
