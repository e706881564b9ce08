/**
 * A short benchmark of a device: what its memory, its arithmetic and its shader compiler take. Three small kernels,
 * a quarter of a second on a software adapter. The compiler's cost model can be given the result.
 */
import type { OpenedDevice } from './adapter.ts';

/** Nanoseconds of the whole device, with all its cores or multiprocessors at work. */
export interface DeviceTimes {
  /** Bytes a nanosecond, read and written, of a copy of memory. */
  readonly bandwidth: number;
  /** One more dispatch in a pass. */
  readonly launch: number;
  /** One access of one invocation to one element, and to four at once. */
  readonly narrow: number;
  readonly wide: number;
  /** One scalar operation of one invocation. */
  readonly operation: number;
  /** Milliseconds until a kernel of eight accesses has run for the first time. */
  readonly compile: number;
}

/** A GPU is given more, or the overhead of a submit would be measured. */
const ELEMENTS = { cpu: 1 << 20, gpu: 1 << 24 } as const;
const WORKGROUP = 64;
const TRIPS = 1024;
/** Sums of an invocation that do not wait for each other; more would not fit a CPU's registers. */
const SUMS = 3;
/** Of each measurement, the least is taken. */
const ROUNDS = 8;
/** Of one submit: a single one may take less than an empty submit varies by. */
const COPIES = 8;

/** Of an invocation: in each trip a multiplication and an addition for each of the sums, which are vectors of four. */
const OPERATIONS = TRIPS * SUMS * 4 * 2;

/** `salt` makes the text new to the driver's cache of compiled shaders. */
const arithmetic = (salt: number): string => `
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let x = vec4f(f32(id.x)) * ${(1 + (salt % 1000) / 1e6).toFixed(6)};
${range(SUMS)
  .map((i) => `  var a${i} = x + ${i}f;`)
  .join('\n')}
  for (var t = 0u; t < ${TRIPS}u; t += 1u) {
${range(SUMS)
  .map((i) => `    a${i} = a${i} * x + 0.5;`)
  .join('\n')}
  }
  y[id.x] = ${range(SUMS)
    .map((i) => `a${i}`)
    .join(' + ')};
}`;

/** Copies, eight accesses an invocation: four neighbours read, four written. */
const copying = (type: 'f32' | 'vec4f', salt: number): string => `
@group(0) @binding(0) var<storage, read> x: array<${type}>;
@group(0) @binding(1) var<storage, read_write> y: array<${type}>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x * 4u;
${range(4)
  .map((j) => `  y[i + ${j}u] = x[i + ${j}u] + ${type}(${j + 1 + (salt % 1000)});`)
  .join('\n')}
}`;

const range = (n: number): number[] => [...Array(n).keys()];

export async function measureDevice({
  device,
  host,
  deviceClass,
}: OpenedDevice): Promise<DeviceTimes> {
  const elements = ELEMENTS[deviceClass];
  const bytes = 4 * elements;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [x, y] = [0, 1].map(() => device.createBuffer({ size: bytes, usage }));
  if (x === undefined || y === undefined) throw new Error('no buffers');
  const timed = async (encode: (encoder: GPUCommandEncoder) => void): Promise<number> => {
    const started = host.now();
    const encoder = device.createCommandEncoder();
    encode(encoder);
    device.queue.submit([encoder.finish()]);
    await host.wait(device.queue.onSubmittedWorkDone());
    return host.now() - started;
  };
  const least = async (
    encode: (encoder: GPUCommandEncoder) => void,
    rounds = ROUNDS,
  ): Promise<number> => {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < rounds; i++) best = Math.min(best, await timed(encode));
    return best;
  };
  const kernel = async (code: string) => {
    const started = host.now();
    const pipeline = await host.wait(
      device.createComputePipelineAsync({
        layout: 'auto',
        compute: { module: device.createShaderModule({ code }) },
      }),
    );
    const entries = [x, y]
      .map((buffer, binding) => ({ binding, resource: { buffer } }))
      .filter(({ binding }) => code.includes(`@binding(${binding})`));
    const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    const encode =
      (workgroups: number, times = 1) =>
      (encoder: GPUCommandEncoder): void => {
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        for (let i = 0; i < times; i++) pass.dispatchWorkgroups(workgroups);
        pass.end();
      };
    await timed(encode(1));
    return { encode, compile: host.now() - started };
  };
  try {
    const salt = Math.floor(host.now() * 1000);
    const empty = await least(() => undefined, 5);
    const copied = await least((encoder) => {
      for (let i = 0; i < COPIES; i++) encoder.copyBufferToBuffer(x, 0, y, 0, bytes);
    });
    const wide = await kernel(copying('vec4f', salt));
    const wideMs = await least(wide.encode(elements / 16 / WORKGROUP));
    const launches = await least(wide.encode(1, 64));
    const narrow = await kernel(copying('f32', salt));
    const narrowMs = await least(narrow.encode(elements / 4 / WORKGROUP));
    const sums = await kernel(arithmetic(salt));
    const workgroups = elements >> 16;
    const sumsMs = await least(sums.encode(workgroups));
    const nanoseconds = (ms: number): number => 1e6 * Math.max(1e-6, ms - empty);
    return {
      bandwidth: (COPIES * 2 * bytes) / nanoseconds(copied),
      launch: nanoseconds(launches) / 64,
      wide: nanoseconds(wideMs) / (2 * (elements / 4)),
      narrow: nanoseconds(narrowMs) / (2 * elements),
      operation: nanoseconds(sumsMs) / (workgroups * WORKGROUP * OPERATIONS),
      compile: wide.compile,
    };
  } finally {
    x.destroy();
    y.destroy();
  }
}
