/**
 * `npm run bench:contractions`: every product of `cases.ts`, compiled and by hand, each kernel by itself, in
 * interleaved rounds on one device; `*` marks the hand-written kernel and the chosen schedule. Results are
 * compared with the hand-written kernel's where there is one, else those of all schedules with each other.
 */
import { parseArgs } from 'node:util';
import { planKernels } from '../../compiler/fuse/plan-kernels.ts';
import { lower } from '../../compiler/kernel/lower.ts';
import type { KernelSpec } from '../../compiler/kernel/spec.ts';
import { textOf } from '../../compiler/ops/leaf.ts';
import { estimate, ranking } from '../../compiler/schedule/candidates.ts';
import { deviceCompiler, deviceProfile } from '../../compiler/schedule/device.ts';
import { printSchedule, type SingleSchedule } from '../../compiler/schedule/schedule.ts';
import { foldGrid, printKernel } from '../../compiler/wgsl/print-kernel.ts';
import { openDevice } from '../../host/node.ts';
import { type ContractionCase, contractionCases } from './cases.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '12' },
    only: { type: 'string' },
    /** Schedules to try besides the chosen one, as JSON; fields that are left out come from the chosen one. */
    try: { type: 'string', multiple: true, default: [] },
    /** Every candidate, beside its estimate. */
    all: { type: 'boolean', default: false },
    /** As on a device without subgroups. */
    'no-subgroups': { type: 'boolean', default: false },
    print: { type: 'boolean', default: false },
  },
});

interface Runnable {
  readonly name: string;
  readonly encode: (pass: GPUComputePassEncoder) => void;
  readonly result: GPUBuffer;
  readonly firstMs: number;
  least: number;
  leastCpu: number;
}

const opened = await openDevice();
const { device, host } = opened;
const { subgroupSize, ...facts } = opened;
const profile = deviceProfile({
  ...facts,
  ...(options['no-subgroups'] || subgroupSize === undefined ? {} : { subgroupSize }),
  limits: device.limits,
});
console.log(`${opened.how}, subgroups of ${opened.subgroupSize ?? '?'}`);
for (const c of contractionCases())
  if (options.only === undefined || c.name.includes(options.only)) await runCase(c);
opened.close();

async function runCase(c: ContractionCase): Promise<void> {
  const buffers = new Map<string, GPUBuffer>();
  const kernels = planKernels(
    {
      graph: c.graph,
      name: 'p',
      results: [{ node: c.result, target: { kind: 'output', name: 'r' } }],
    },
    { fuse: true, maxBindings: profile.maxBindings },
  ).kernels;
  const [spec] = kernels;
  if (spec === undefined || kernels.length !== 1 || spec.kind === 'side-by-side')
    throw new Error(`${c.name}: not one kernel`);
  const size = c.result.type.shape.reduce<number>((n, d) => n * Number(d), 1);
  const nameOf = (o: KernelSpec['operands'][number]): string =>
    o.access === 'read' ? textOf(o.tensor.node.attrs['name']) : 'result';
  for (const o of spec.operands)
    if (o.access === 'read') buffers.set(nameOf(o), filled(o.tensor.elements, buffers.size + 1));
  const runnables: Runnable[] = [];
  const result = (): GPUBuffer => storage(size);
  const hand = opened.subgroupSize === undefined ? undefined : c.hand?.(opened.subgroupSize);
  if (hand !== undefined) {
    const { kernel, binds } = hand;
    runnables.push(
      await prepare(
        `hand`,
        kernel.wgsl,
        kernel.grid,
        (r) => binds.map((n) => (n === 'result' ? r : need(buffers, n))),
        result(),
      ),
    );
  }
  const ranked = ranking(spec, profile).map((r) => r.schedule);
  const [chosen = fail(c.name)] = ranked;
  const tries = options.try.map((t): SingleSchedule => ({ ...chosen, ...JSON.parse(t) }));
  for (const schedule of [...(options.all ? ranked : [chosen]), ...tries]) {
    const { microseconds } = estimate(spec, schedule, profile);
    const ir = lower(spec, schedule, deviceCompiler(profile));
    const wgsl = printKernel(ir);
    if (options.print) console.log(wgsl);
    const bounds = ir.bounds.length > 0 ? boundsBuffer(ir.bounds) : undefined;
    runnables.push(
      await prepare(
        `${(microseconds / 1000).toFixed(3)} ms expected: ${printSchedule(schedule)}`,
        wgsl,
        foldGrid(ir.workgroups),
        (r) => [
          ...spec.operands.map((o) => (o.access === 'read' ? need(buffers, nameOf(o)) : r)),
          ...(bounds === undefined ? [] : [bounds]),
        ],
        result(),
      ),
    );
  }
  const values = [];
  for (const r of runnables) values.push(await read(r.result, size));
  const [first] = runnables;
  if (first === undefined) return;
  // As many in a submit as last some 30 ms.
  for (const r of runnables) await time(r, 1);
  const repeats = runnables.map((r) => Math.max(1, Math.min(200, Math.round(30 / r.least))));
  for (const r of runnables) r.least = r.leastCpu = Number.POSITIVE_INFINITY;
  for (let round = 0; round < Number(options.rounds); round++)
    for (const [i, r] of runnables.entries()) await time(r, repeats[i] ?? 1);
  console.log(`\n${c.name}`);
  const shown = [...runnables.entries()].sort(([, p], [, q]) => p.least - q.least);
  const best = shown[0]?.[1].least ?? 0;
  // The hand-written one, the chosen, and the fastest of the others.
  const fixed = hand === undefined ? 0 : 1;
  for (const [i, r] of shown.filter(([n], place) => n <= fixed || place < 4 || tries.length > 0)) {
    const error = largestError(values[i] ?? [], values[0] ?? []);
    const cells = [
      `${r.least.toFixed(3).padStart(9)} ms`,
      `${(c.flop / r.least / 1e6).toFixed(2).padStart(6)} GFLOP/s`,
      `${(c.flop / r.leastCpu / 1e6).toFixed(2).padStart(6)} a core`,
      `x${(r.least / best).toFixed(2)}`,
      `first ${r.firstMs.toFixed(0).padStart(5)} ms`,
      `${error < 1e-4 ? '' : `WRONG ${error} `}${i <= fixed ? '*' : ' '}${r.name}`,
    ];
    console.log(`  ${cells.join('  ')}`);
  }
}

function need(buffers: ReadonlyMap<string, GPUBuffer>, name: string): GPUBuffer {
  const b = buffers.get(name);
  if (b === undefined) throw new Error(`no buffer ${name}`);
  return b;
}

async function prepare(
  name: string,
  code: string,
  grid: readonly number[],
  binds: (result: GPUBuffer) => readonly GPUBuffer[],
  result: GPUBuffer,
): Promise<Runnable> {
  const started = host.now();
  const pipeline = await host.wait(
    device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code }) },
    }),
  );
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: binds(result).map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const encode = (pass: GPUComputePassEncoder): void => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(grid[0] ?? 1, grid[1] ?? 1, grid[2] ?? 1);
  };
  const r: Runnable = { name, encode, result, firstMs: 0, least: Infinity, leastCpu: Infinity };
  await time(r, 1);
  return { ...r, firstMs: host.now() - started };
}

async function time(r: Runnable, repeats: number): Promise<void> {
  const cpu = process.cpuUsage();
  const started = host.now();
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (let i = 0; i < repeats; i++) r.encode(pass);
  pass.end();
  device.queue.submit([encoder.finish()]);
  await host.wait(device.queue.onSubmittedWorkDone());
  r.least = Math.min(r.least, (host.now() - started) / repeats);
  const used = process.cpuUsage(cpu);
  r.leastCpu = Math.min(r.leastCpu, (used.user + used.system) / 1000 / repeats);
}

function storage(floats: number): GPUBuffer {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  return device.createBuffer({ size: Math.ceil(floats / 4) * 16, usage });
}
function filled(floats: number, seed: number): GPUBuffer {
  const buffer = storage(floats);
  const values = new Float32Array(floats);
  for (let i = 0; i < floats; i++) values[i] = (((i * 7919 + seed * 104729) % 2003) - 1001) / 1001;
  device.queue.writeBuffer(buffer, 0, values);
  return buffer;
}
function boundsBuffer(bounds: readonly number[]): GPUBuffer {
  const size = Math.ceil(bounds.length / 4) * 16;
  const buffer = device.createBuffer({
    size,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(buffer, 0, new Uint32Array([...bounds, 0, 0, 0].slice(0, size / 4)));
  return buffer;
}

async function read(source: GPUBuffer, floats: number): Promise<Float32Array> {
  const staging = device.createBuffer({
    size: source.size,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, staging, 0, source.size);
  device.queue.submit([encoder.finish()]);
  await host.wait(staging.mapAsync(GPUMapMode.READ));
  const values = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return values.subarray(0, floats);
}

function largestError(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < want.length; i++) {
    scale = Math.max(scale, Math.abs(want[i] ?? 0));
    const gap = Math.abs((got[i] ?? 0) - (want[i] ?? 0));
    worst = Number.isNaN(gap) ? Infinity : Math.max(worst, gap);
  }
  return worst / scale;
}

function fail(name: string): never {
  throw new Error(`${name}: no schedule`);
}
