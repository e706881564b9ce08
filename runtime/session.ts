/**
 * A plan on a device: everything is created here once, and nothing while it runs. The only way from
 * a `Plan` to a GPU; the commands, a page and the tests all go through it.
 */
import { adapterClass } from './adapter-class.ts';
import { createBuffers, createUpload, type DeviceBuffer, ringSlots } from './buffers.ts';
import { checkDevice } from './check-device.ts';
import { type DeviceGuard, guardDevice, type RuntimeHost } from './device-guard.ts';
import { scoped } from './error-scope.ts';
import { DeviceLimitError, SessionError } from './errors.ts';
import { findTensor, type TensorChoice } from './find-tensor.ts';
import { createFlight } from './flight.ts';
import { createMetrics, type Metrics, STAGING_BUFFERS } from './metrics.ts';
import { copyStates } from './move-state.ts';
import { createPace, MAX_STEPS, SUBMIT_MS } from './pace.ts';
import { createKernels, createPipelines, type Pipelines } from './pipelines.ts';
import type { Plan, PlanBuffer, PlanTensor } from './plan.ts';
import { type GroupCache, prepareProgram } from './program.ts';
import { createReadback } from './readback.ts';
import { createRing, type SlotOwners } from './ring.ts';
import { createRunner, type Runner } from './runner.ts';
import {
  bytesOf,
  elementsOf,
  fromNumbers,
  mismatch,
  roundUp,
  type TensorData,
  viewAs,
  WORD,
} from './storage.ts';
import { createSwaps } from './swaps.ts';
import { createTimestamps } from './timestamps.ts';

/** What a session runs on, and how it paces its steps. */
export interface SessionOptions {
  readonly device: GPUDevice;
  readonly host: RuntimeHost;
  /** Steps in one submit at most; fewer where that many batches would not fit. Unless told 4 to 32, by the size of a batch. */
  readonly slots?: number;
  /** How long a submit should last; by the device's class unless told (`SUBMIT_MS`). */
  readonly submitMs?: number;
  /**
   * Asks the device's own clock how long submits take, where it has one; otherwise they are timed from outside.
   * A function makes what asks it.
   */
  readonly timestamps?: boolean | typeof createTimestamps;
  /** Is told of every pipeline that is ready: how many are, and how many there will be. */
  onPipeline?(ready: number, all: number): void;
}

export interface ReadChoice extends TensorChoice {
  /** Only so many elements from the first on, or all there are. */
  readonly first?: number;
}

/** A plan on a device: its tensors to read and write, its programs to run. */
export interface Session {
  readonly plan: Plan;
  /** Slots of the upload ring, hence the most batches of one `run`. */
  readonly slots: number;
  /** Ready to run the program of this name. Throws SessionError if there is none. */
  runner(program: string): Runner;
  /**
   * Sets a parameter, state, counter or metric, behind what has been submitted. Takes the array
   * type of the dtype (u8: Uint8Array, bool: Uint32Array, f16 and bf16: the bits in a Uint16Array) or plain
   * numbers, in row-major order.
   */
  write(name: string, data: ArrayBufferView | readonly number[], choice?: TensorChoice): void;
  /** Tensors by name after everything submitted so far: waits for the device. Inputs cannot be read. */
  read(names: readonly string[], choice?: ReadChoice): Promise<ReadonlyMap<string, TensorData>>;
  readonly metrics: Metrics;
  /** Waits until all that was submitted is done; throws what the device has reported meanwhile. */
  settle(): Promise<void>;
  /** Buffers, pipelines and dispatches that the session holds. */
  counts(): Counts;
  /**
   * A session on another plan of the same model, whose parameters, states, counter and sums are this one's after all that
   * was submitted; those that only the other plan has are 0. Kernels that both have are not compiled again. This session is
   * closed then; where the other one cannot be opened, it stays as it is.
   */
  grow(plan: Plan): Promise<Session>;
  /** Destroys every buffer. The device stays its owner's. Calls after it throw. */
  close(): void;
}

/** What a session holds, for tests and reports. */
export interface Counts {
  /** GPU buffers, staging included. */
  readonly buffers: number;
  readonly bytes: Readonly<Record<PlanBuffer['class'] | 'staging', number>>;
  readonly pipelines: number;
  readonly bindGroups: number;
  /** Dispatches of one step by program. */
  readonly dispatches: Readonly<Record<string, number>>;
}

/**
 * Creates buffers, compiles all kernels and makes the bind groups. The plan must come from
 * `readPlan` or from the compiler. Throws DeviceLimitError, KernelError, DeviceFailure (out of
 * memory) or DeviceLostError, and leaves nothing behind then.
 */
export async function openSession(plan: Plan, options: SessionOptions): Promise<Session> {
  return (await openPlaces(plan, options, createPipelines())).session;
}

/** A session, and where its tensors lie. */
interface Places {
  readonly session: Session;
  bufferNow(tensor: PlanTensor): DeviceBuffer;
}

async function openPlaces(
  plan: Plan,
  options: SessionOptions,
  pipelines: Pipelines,
): Promise<Places> {
  const { device, host } = options;
  const problems = checkDevice(plan, device);
  if (problems.length > 0) throw new DeviceLimitError(plan.name, problems);
  const guard = guardDevice(device, host);
  const owned: { destroy(): void }[] = [];
  try {
    return await open(plan, options, pipelines, guard, owned);
  } catch (error) {
    guard.close();
    for (const buffer of owned) buffer.destroy();
    throw error;
  }
}

async function open(
  plan: Plan,
  options: SessionOptions,
  pipelines: Pipelines,
  guard: DeviceGuard,
  owned: { destroy(): void }[],
): Promise<Places> {
  const { device, host } = options;
  const kernels = await createKernels(device, plan, guard, pipelines, options.onPipeline);
  const deviceClass = adapterClass(device.adapterInfo);
  const slots = ringSlots(plan, device.limits, deviceClass, options.slots);
  const groups: GroupCache = new Map();
  const swaps = createSwaps(plan);

  const { buffers, programs } = await scoped(device, guard, () => {
    const buffers = createBuffers(device, plan, slots);
    for (const buffer of buffers.values()) owned.push(buffer.gpu);
    const parts = { kernels, buffers, slots, groups, swaps };
    const programs = new Map(
      plan.programs.map((program) => [program.name, prepareProgram(device, program, parts)]),
    );
    return { buffers, programs };
  });

  const readable = plan.tensors.filter((tensor) => tensor.role !== 'input');
  const largest = readable.reduce((sum, tensor) => sum + roundUp(bytesOf(tensor), WORD), 0);
  const { readback, metrics } = await scoped(device, guard, () => {
    const readback = createReadback(device, guard, largest);
    owned.push({ destroy: readback.close });
    const metrics = createMetrics(device, guard, sumsOf(plan, bufferNow), readSums);
    owned.push(metrics);
    return { readback, metrics };
  });

  const timing = options.timestamps === true ? createTimestamps : options.timestamps || undefined;
  const timestamps = timing?.(device, guard);
  if (timestamps !== undefined) owned.push(timestamps);
  const upload = createUpload(device.queue);
  const flight = createFlight(device.queue, guard, host.now);
  const submitMs = options.submitMs ?? SUBMIT_MS[deviceClass];
  const owners: SlotOwners = new Map();
  const runners = new Map(
    plan.programs.map((program): [string, Runner] => {
      const inputs = plan.tensors
        .filter((tensor) => tensor.role === 'input' && tensor.program === program.name)
        .map((tensor) => ({ tensor, buffer: bufferOf(buffers, tensor) }));
      const prepared = programs.get(program.name);
      if (prepared === undefined) throw new SessionError(`no program \`${program.name}\``);
      const ring = createRing(program.name, inputs, slots, owners, upload);
      const pace = createPace(submitMs, MAX_STEPS);
      const { now } = host;
      const parts = { program: prepared, ring, slots, pace, flight, timestamps, now };
      return [program.name, createRunner(device, guard, parts)];
    }),
  );

  const session: Session = {
    plan,
    slots,
    metrics,
    runner(name) {
      const runner = runners.get(name);
      if (runner !== undefined) return runner;
      const known = [...runners.keys()].map((one) => `\`${one}\``).join(', ');
      throw new SessionError(`no program \`${name}\` in ${plan.name}; it has ${known || 'none'}`);
    },
    write(name, data, choice = {}) {
      guard.check();
      const tensor = findTensor(plan, name, choice);
      if (tensor.role === 'input' || tensor.role === 'output') {
        throw new SessionError(
          `\`${name}\` is an ${tensor.role}: \`run\` takes inputs, nothing sets outputs`,
        );
      }
      const array = ArrayBuffer.isView(data) ? data : fromNumbers(tensor, data);
      const problem = mismatch(tensor, array);
      if (problem !== undefined) throw new SessionError(problem);
      upload(bufferNow(tensor).gpu, tensor.offset, array);
    },
    read,
    async settle() {
      await flight.settle();
      guard.check();
    },
    counts: () => ({
      buffers: buffers.size + STAGING_BUFFERS + 1,
      bytes: countBytes(
        buffers.values(),
        readback.bytes + STAGING_BUFFERS * WORD * metrics.names.length,
      ),
      pipelines: new Set([...kernels.values()].map((kernel) => kernel.pipeline)).size,
      bindGroups: groups.size,
      dispatches: Object.fromEntries(plan.programs.map((one) => [one.name, one.dispatches.length])),
    }),
    async grow(larger) {
      guard.check();
      const next = await openPlaces(larger, options, pipelines);
      try {
        guard.check();
      } catch (error) {
        next.session.close();
        throw error;
      }
      copyStates(device, { plan, bufferNow }, { plan: larger, bufferNow: next.bufferNow });
      session.close();
      return next.session;
    },
    close() {
      guard.close();
      for (const buffer of owned.splice(0)) buffer.destroy();
    },
  };
  return { session, bufferNow };

  /** Where a tensor lies after the steps encoded so far. */
  function bufferNow(tensor: PlanTensor): DeviceBuffer {
    return bufferOf(buffers, { ...tensor, buffer: swaps.current(tensor.buffer) });
  }

  async function read(
    names: readonly string[],
    { first = Number.POSITIVE_INFINITY, ...choice }: ReadChoice = {},
  ): Promise<ReadonlyMap<string, TensorData>> {
    guard.check();
    const wanted = names.map((name) => {
      const tensor = findTensor(plan, name, choice);
      if (tensor.role === 'input')
        throw new SessionError(`\`${name}\` is an input: it cannot be read`);
      const part = { dtype: tensor.dtype, shape: [Math.min(first, elementsOf(tensor.shape))] };
      return { tensor, part, bytes: new ArrayBuffer(roundUp(bytesOf(part), WORD)) };
    });
    await readback.read(
      wanted.map(({ tensor, bytes }) => ({
        buffer: () => bufferNow(tensor),
        offset: tensor.offset,
        target: new Uint8Array(bytes),
      })),
    );
    guard.check();
    return new Map(wanted.map(({ tensor, part, bytes }) => [tensor.name, viewAs(part, bytes)]));
  }

  async function readSums(): Promise<ReadonlyMap<string, number>> {
    const values = await read(metrics.names, { role: 'metric' });
    return new Map([...values].map(([name, data]) => [name, data[0] ?? 0]));
  }
}

function sumsOf(plan: Plan, bufferNow: (tensor: PlanTensor) => DeviceBuffer) {
  return plan.tensors
    .filter((tensor) => tensor.role === 'metric')
    .map((tensor) => ({
      name: tensor.name,
      buffer: () => bufferNow(tensor),
      offset: tensor.offset,
    }));
}

function bufferOf(buffers: ReadonlyMap<number, DeviceBuffer>, tensor: PlanTensor): DeviceBuffer {
  const buffer = buffers.get(tensor.buffer);
  if (buffer === undefined)
    throw new SessionError(`\`${tensor.name}\` lies in no buffer of the plan`);
  return buffer;
}

function countBytes(buffers: Iterable<DeviceBuffer>, staging: number): Counts['bytes'] {
  const bytes = { state: 0, input: 0, output: 0, scratch: 0, uniform: 0, staging };
  for (const buffer of buffers) bytes[buffer.plan.class] += buffer.gpu.size;
  return bytes;
}
