/** The GPU buffers of a plan: created once, with the usages that the plan's programs need, and labelled for messages. */
import type { AdapterClass } from './adapter-class.ts';
import type { Plan, PlanBuffer } from './plan.ts';
import { roundUp, WORD } from './storage.ts';

/** A buffer of the plan on the device. Ring slot `s` of an input lies `s · stride` bytes further. */
export interface DeviceBuffer {
  readonly plan: PlanBuffer;
  readonly gpu: GPUBuffer;
  /** Bytes from one slot to the next; 0 where there is one slot only. */
  readonly stride: number;
}

/** Binding offsets keep to the portable alignment, as those of the plan do. */
const SLOT_ALIGNMENT = 256;
/** What the upload ring may take of the device's memory at most. */
const RING_BYTES = 256 * 2 ** 20;
/**
 * What it takes unless told: a CPU adapter's steps are long, so that few of them fill a submit; a GPU's are
 * short. Large batches get a few slots all the same.
 */
const USUAL_RING_BYTES = { cpu: 2 ** 20, gpu: 16 * 2 ** 20 } as const;
const USUAL_SLOTS = { least: 4, most: 32 } as const;

/** Slots of the upload ring: as many as `wanted` (by the device's class unless told), fewer where inputs are large. */
export function ringSlots(
  plan: Plan,
  limits: GPUSupportedLimits,
  deviceClass: AdapterClass,
  wanted?: number,
): number {
  const strides = plan.buffers
    .filter((buffer) => buffer.class === 'input')
    .map((buffer) => roundUp(buffer.bytes, SLOT_ALIGNMENT));
  const total = Math.max(
    1,
    strides.reduce((sum, stride) => sum + stride, 0),
  );
  const bounds = strides.map((stride) => limits.maxBufferSize / stride);
  const { least, most } = USUAL_SLOTS;
  const usual = Math.min(most, Math.max(least, USUAL_RING_BYTES[deviceClass] / total));
  return Math.max(1, Math.floor(Math.min(wanted ?? usual, RING_BYTES / total, ...bounds)));
}

/** Creates every buffer of the plan; constants are written at once. */
export function createBuffers(
  device: GPUDevice,
  plan: Plan,
  slots: number,
): ReadonlyMap<number, DeviceBuffer> {
  const usages = usagesOf(plan);
  return new Map(plan.buffers.map((buffer) => [buffer.id, create(buffer)]));

  function create(buffer: PlanBuffer): DeviceBuffer {
    const ring = buffer.class === 'input' && slots > 1;
    const stride = ring ? roundUp(buffer.bytes, SLOT_ALIGNMENT) : 0;
    const gpu = device.createBuffer({
      label: `${plan.name} ${buffer.class} ${buffer.id}: ${buffer.label}`,
      size: buffer.bytes + stride * (slots - 1),
      usage: usages.get(buffer.id) ?? GPUBufferUsage.STORAGE,
    });
    if (buffer.data !== undefined && buffer.data.length > 0) {
      device.queue.writeBuffer(gpu, 0, Uint32Array.from(buffer.data), 0, buffer.data.length);
    }
    return { plan: buffer, gpu, stride };
  }
}

/** How the programs use each buffer, and what the session itself does with its class. */
function usagesOf(plan: Plan): ReadonlyMap<number, GPUBufferUsageFlags> {
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC } = GPUBufferUsage;
  const ofClass = {
    state: STORAGE | COPY_SRC | COPY_DST,
    input: STORAGE | COPY_DST,
    output: STORAGE | COPY_SRC,
    scratch: STORAGE,
    uniform: COPY_DST,
  } as const;
  const usages = new Map<number, number>(
    plan.buffers.map((buffer) => [buffer.id, ofClass[buffer.class]]),
  );
  const add = (id: number, usage: number) => usages.set(id, (usages.get(id) ?? 0) | usage);
  const kernels = new Map(plan.kernels.map((kernel) => [kernel.id, kernel]));
  for (const program of plan.programs) {
    for (const { kernel, binds } of program.dispatches) {
      for (const [index, bind] of binds.entries()) {
        const uniform = kernels.get(kernel)?.bindings[index]?.access === 'uniform';
        add(bind.buffer, uniform ? UNIFORM : STORAGE);
      }
    }
    for (const copy of program.copies) {
      add(copy.from, COPY_SRC);
      add(copy.to, COPY_DST);
    }
  }
  return usages;
}

/**
 * Writes bytes to a buffer, also where their number is not a multiple of four: the last one to
 * three go through a word of their own, and the padding behind them becomes 0.
 */
export function createUpload(
  queue: GPUQueue,
): (buffer: GPUBuffer, offset: number, data: ArrayBufferView) => void {
  const word = new Uint8Array(WORD);
  return (buffer, offset, data) => {
    const tail = data.byteLength % WORD;
    const whole = data.byteLength - tail;
    if (whole > 0) queue.writeBuffer(buffer, offset, data.buffer, data.byteOffset, whole);
    if (tail === 0) return;
    word.fill(0);
    for (let at = 0; at < tail; at += 1) word[at] = byteAt(data, whole + at);
    queue.writeBuffer(buffer, offset + whole, word);
  };
}

function byteAt(data: ArrayBufferView, index: number): number {
  return new Uint8Array(data.buffer, data.byteOffset + index, 1)[0] ?? 0;
}
