/**
 * A program made ready: its pipelines and bind groups in the order of the dispatches, one bind
 * group for each ring slot where a dispatch reads inputs, and for each order of the buffers that change
 * places. Encoding a step allocates nothing.
 */
import type { DeviceBuffer } from './buffers.ts';
import type { Kernel } from './pipelines.ts';
import type { PlanDispatch, PlanProgram } from './plan.ts';
import type { Swaps } from './swaps.ts';
import type { Marks } from './timestamps.ts';

export interface Program {
  readonly plan: PlanProgram;
  readonly steps: readonly Step[];
  readonly copies: readonly Copy[];
  readonly swaps: Swaps;
  /** Groups of buffers that change places after each step. */
  readonly exchanges: readonly number[];
}

interface Step {
  readonly pipeline: GPUComputePipeline;
  /** Groups of buffers that change places and that it binds: bit i of a variant's number is group i of these. */
  readonly exchanging: readonly number[];
  /** By variant, then by ring slot; a single one where the dispatch reads no inputs. */
  readonly groups: readonly (readonly GPUBindGroup[])[];
  readonly grid: readonly [number, number, number];
}

interface Copy {
  readonly from: GPUBuffer;
  readonly fromOffset: number;
  readonly to: GPUBuffer;
  readonly toOffset: number;
  readonly bytes: number;
}

/** Bind groups are kept by what they bind: identical ones of several dispatches and programs are one. */
export type GroupCache = Map<string, GPUBindGroup>;

export function prepareProgram(
  device: GPUDevice,
  program: PlanProgram,
  parts: {
    readonly kernels: ReadonlyMap<number, Kernel>;
    readonly buffers: ReadonlyMap<number, DeviceBuffer>;
    readonly slots: number;
    readonly groups: GroupCache;
    readonly swaps: Swaps;
  },
): Program {
  const { kernels, buffers, slots, groups, swaps } = parts;
  return {
    plan: program,
    swaps,
    exchanges: swaps.groupsOfProgram(program),
    steps: program.dispatches.map((dispatch) => {
      const kernel = required(kernels, dispatch.kernel);
      const used = dispatch.binds.some((bind) => required(buffers, bind.buffer).stride > 0);
      const count = used ? slots : 1;
      const exchanging = swaps.groupsOf(dispatch.binds.map((bind) => bind.buffer));
      return {
        pipeline: kernel.pipeline,
        exchanging,
        groups: Array.from({ length: 2 ** exchanging.length }, (_, variant) => {
          const exchanged = new Set(exchanging.filter((_, bit) => (variant >> bit) % 2 === 1));
          return Array.from({ length: count }, (_, slot) =>
            group(dispatch, kernel, slot, exchanged),
          );
        }),
        grid: dispatch.grid,
      };
    }),
    copies: program.copies.map(({ from, fromOffset, to, toOffset, bytes }) => ({
      from: required(buffers, from).gpu,
      fromOffset,
      to: required(buffers, to).gpu,
      toOffset,
      bytes,
    })),
  };

  function group(
    dispatch: PlanDispatch,
    kernel: Kernel,
    slot: number,
    exchanged: ReadonlySet<number>,
  ): GPUBindGroup {
    const binds = dispatch.binds.map((bind) => {
      const buffer = required(buffers, swaps.under(bind.buffer, exchanged));
      return { buffer, offset: bind.offset + slot * buffer.stride, size: bind.bytes };
    });
    const ranges = binds.map(({ buffer, offset, size }) => `${buffer.plan.id} ${offset} ${size}`);
    const key = `${kernel.layoutKey}|${ranges.join()}`;
    const existing = groups.get(key);
    if (existing !== undefined) return existing;
    const created = device.createBindGroup({
      label: `${program.name} ${kernel.plan.name}`,
      layout: kernel.layout,
      entries: binds.map(({ buffer, offset, size }, binding) => ({
        binding,
        resource: { buffer: buffer.gpu, offset, size },
      })),
    });
    groups.set(key, created);
    return created;
  }
}

/**
 * Encodes one step for each slot, all in one pass unless the program also copies buffers. What was encoded
 * must be submitted: the buffers that it exchanges have changed places then.
 */
export function encodeSteps(
  encoder: GPUCommandEncoder,
  program: Program,
  slots: readonly number[],
  count: number,
  marks?: Marks,
): void {
  let pass: GPUComputePassEncoder | undefined;
  for (let step = 0; step < count; step += 1) {
    pass ??= encoder.beginComputePass(
      marks && timed(marks, step === 0, program.copies.length === 0 || step === count - 1),
    );
    encodeStep(pass, program, slots[step] ?? 0);
    program.swaps.exchange(program.exchanges);
    if (program.copies.length === 0) continue;
    pass.end();
    pass = undefined;
    for (const copy of program.copies) {
      const { from, fromOffset, to, toOffset, bytes } = copy;
      encoder.copyBufferToBuffer(from, fromOffset, to, toOffset, bytes);
    }
  }
  pass?.end();
}

/** The first pass tells when it begins, the last one when it ends. */
function timed(
  { querySet, begin, end }: Marks,
  first: boolean,
  last: boolean,
): GPUComputePassDescriptor {
  if (!first && !last) return {};
  return {
    timestampWrites: {
      querySet,
      ...(first ? { beginningOfPassWriteIndex: begin } : {}),
      ...(last ? { endOfPassWriteIndex: end } : {}),
    },
  };
}

function encodeStep(pass: GPUComputePassEncoder, program: Program, slot: number): void {
  let current: GPUComputePipeline | undefined;
  for (const { pipeline, groups, exchanging, grid } of program.steps) {
    if (pipeline !== current) pass.setPipeline(pipeline);
    current = pipeline;
    let variant = 0;
    for (let bit = 0; bit < exchanging.length; bit += 1)
      if (program.swaps.isExchanged(exchanging[bit] ?? 0)) variant += 2 ** bit;
    const bySlot = groups[variant] ?? [];
    pass.setBindGroup(0, bySlot[bySlot.length === 1 ? 0 : slot]);
    pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
  }
}

/** An entry that the reader of the plan has made sure of. */
function required<T>(entries: ReadonlyMap<number, T>, id: number): T {
  const entry = entries.get(id);
  if (entry === undefined) throw new Error(`plan id ${id} was not checked: this is a bug in nnc`);
  return entry;
}
