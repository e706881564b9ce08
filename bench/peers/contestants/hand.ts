/**
 * Hand-written WGSL: what WebGPU reaches on this device without any library. Matrix products are subgroup
 * tiles where all subgroups have one size, else matmul is a register tile and the MLP is not offered; the
 * memory-bound cases are one kernel each.
 */

import { createWait, openDevice } from '../../../host/node.ts';
import {
  backFromTen,
  crossEntropy,
  gradientByTen,
  rowsByTen,
  storeScores,
} from '../../hand/narrow.ts';
import { subgroupTile } from '../../hand/subgroup-tile.ts';
import { component, type Kernel, plainKernel, unrolled } from '../../hand/wgsl.ts';
import { ADAM, type DataOf, SGD } from '../cases.ts';
import type { Contestant, Job } from '../contestant.ts';

export const name = 'hand-written';
export const version = '-';

let opened: { readonly device: GPUDevice; readonly lanes: number } | undefined;
export async function setup(): Promise<void> {
  const { device, subgroupSize: lanes = 0 } = await openDevice();
  opened = { device, lanes };
}
const gpu = () => {
  if (opened === undefined) throw new Error('no device');
  return opened;
};
/** The tiles divide the MLP's sizes for these. */
function tileLanes(): number {
  const { lanes } = gpu();
  if (lanes !== 4 && lanes !== 8) throw new Error('needs subgroups of 4 or of 8 lanes');
  return lanes;
}

const wait = createWait(true);

type Bind = GPUBuffer | Required<GPUBufferBinding>;
type Encode = (pass: GPUComputePassEncoder) => void;

function buffer(length: number, values?: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>) {
  const { device } = gpu();
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const made = device.createBuffer({ size: length * 4, usage });
  if (values !== undefined) device.queue.writeBuffer(made, 0, values);
  return made;
}
const part = (of: GPUBuffer, offset: number, length: number): Required<GPUBufferBinding> => ({
  buffer: of,
  offset: offset * 4,
  size: length * 4,
});

async function dispatch({ wgsl, grid }: Kernel, ...binds: readonly Bind[]): Promise<Encode> {
  const { device } = gpu();
  const module = device.createShaderModule({ code: wgsl });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: binds.map((bind, binding) => ({
      binding,
      resource: 'offset' in bind ? bind : { buffer: bind },
    })),
  });
  return (pass) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...grid);
  };
}

const STEPS_OF_A_SUBMIT = 16;

/** `result`: its first value is what `sync` reads, all of it what `output` reads. */
async function job(
  dispatches: readonly Promise<Encode>[],
  held: readonly GPUBuffer[],
  result: GPUBuffer,
): Promise<Job> {
  const { device } = gpu();
  const encoders = await wait(Promise.all(dispatches));
  const staging = (size: number): GPUBuffer =>
    device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const one = staging(4);
  const read = async (into: GPUBuffer): Promise<Float32Array> => {
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(result, 0, into, 0, into.size);
    device.queue.submit([encoder.finish()]);
    await wait(into.mapAsync(GPUMapMode.READ));
    const values = new Float32Array(into.getMappedRange().slice(0));
    into.unmap();
    return values;
  };
  return {
    run(count) {
      for (let left = count; left > 0; left -= STEPS_OF_A_SUBMIT) {
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        for (let step = Math.min(left, STEPS_OF_A_SUBMIT); step > 0; step--)
          for (const encode of encoders) encode(pass);
        pass.end();
        device.queue.submit([encoder.finish()]);
      }
    },
    sync: async () => (await read(one))[0] ?? Number.NaN,
    async output() {
      const all = staging(result.size);
      const values = await read(all);
      all.destroy();
      return values;
    },
    dispose() {
      for (const each of new Set([...held, result])) each.destroy();
      one.destroy();
    },
  };
}

function single(kernel: Kernel, inputs: readonly GPUBuffer[], length: number): Promise<Job> {
  const result = buffer(length);
  return job([dispatch(kernel, ...inputs, result)], inputs, result);
}

/** 8 rows x 4 columns an invocation, for devices without subgroups of one size. */
const registerTile = (n: number): Kernel => ({
  name: 'matmul',
  grid: [n / 4, n / 64],
  wgsl: plainKernel(
    8,
    ['A: vec4f', 'B: vec4f', '!C: vec4f'],
    `let column = id.x / 8u;
let row = id.y * 64u + id.x % 8u * 8u;
${unrolled(8, (r) => `var s${r} = vec4f();`)}
for (var k = 0u; k < ${n / 4}u; k++) {
${unrolled(4, (q) => `let b${q} = B[(k * 4u + ${q}u) * ${n / 4}u + column];`)}
${unrolled(8, (r) => `{ let a = A[(row + ${r}u) * ${n / 4}u + k];\n${unrolled(4, (q) => `s${r} = fma(vec4f(a${component(q)}), b${q}, s${r});`)} }`)}
}
${unrolled(8, (r) => `C[(row + ${r}u) * ${n / 4}u + column] = s${r};`)}`,
  ),
});

function product(n: number): Kernel {
  const { lanes } = gpu();
  if (lanes === 0 || n % (4 * lanes) !== 0) return registerTile(n);
  return subgroupTile({
    name: 'matmul',
    m: n,
    n,
    k: n,
    lanes,
    rows: 4 * lanes,
    bindings: ['A: vec4f', 'B: vec4f', '!C: vec4f'],
    store: (index, sum) => `C[${index}] = ${sum};`,
  });
}

const hiddenLayer = (m: number): Kernel =>
  m > 1
    ? subgroupTile({
        name: 'hidden layer',
        m,
        n: 512,
        k: 784,
        lanes: tileLanes(),
        rows: 4 * tileLanes(),
        bindings: ['A: vec4f', 'B: vec4f', 'bias: vec4f', '!C: vec4f'],
        start: 'bias[column]',
        store: (index, sum) => `C[${index}] = max(${sum}, vec4f());`,
      })
    : {
        name: 'hidden layer of one row',
        grid: [16, 1],
        wgsl: plainKernel(
          8,
          ['A: vec4f', 'B: vec4f', 'bias: vec4f', '!C: vec4f'],
          `var sum = bias[i];
for (var k = 0u; k < 196u; k++) {
let a = A[k];
${unrolled(4, (q) => `sum += a${component(q)} * B[(k * 4u + ${q}u) * 128u + i];`)}
}
C[i] = max(sum, vec4f());`,
        ),
      };

const scores = (m: number): Kernel =>
  m > 1
    ? rowsByTen({
        name: 'scores',
        m,
        k: 512,
        lanes: tileLanes(),
        bindings: ['!Z: f32'],
        finish: storeScores,
      })
    : {
        name: 'scores of one row',
        grid: [1, 1],
        wgsl: plainKernel(
          10,
          ['H: f32', 'W: f32', 'bias: f32', '!Z: f32'],
          `var sum = bias[i];
for (var k = 0u; k < 512u; k++) { sum += H[k] * W[k * 10u + i]; }
Z[i] = sum;`,
        ),
      };

function mlpInference(batch: number, data: DataOf<'mlpInfer'>): Promise<Job> {
  const x = buffer(batch * 784, data.X);
  const params = [
    buffer(784 * 512, data.W1),
    buffer(512, data.b1),
    buffer(5120, data.W2),
    buffer(10, data.b2),
  ] as const;
  const [w1, b1, w2, b2] = params;
  const hidden = buffer(batch * 512);
  const z = buffer(batch * 10);
  const dispatches = [
    dispatch(hiddenLayer(batch), x, w1, b1, hidden),
    dispatch(scores(batch), hidden, w2, b2, z),
  ];
  return job(dispatches, [x, ...params, hidden], z);
}

/** All parameters lie in one buffer, from these floats on; padded to whole workgroups of the Adam kernel. */
const PLACES = {
  W1: [0, 784 * 512],
  b1: [401408, 512],
  W2: [401920, 5120],
  b2: [407040, 10],
} as const;
const ADAM_WORKGROUPS = 1591;
const FLOATS = ADAM_WORKGROUPS * 256;

/** SGD is the end of each gradient's kernel; Adam collects the gradients in a buffer of the same places first. */
function mlpTraining(m: number, opt: 'sgd' | 'adam', data: DataOf<'mlpTrain'>): Promise<Job> {
  const lanes = tileLanes();
  const sgd = opt === 'sgd';
  const store = (index: string, sum: string): string =>
    sgd ? `C[${index}] -= ${SGD.lr} * ${sum};` : `C[${index}] = ${sum};`;
  const x = buffer(m * 784, data.X);
  const labels = buffer(m, data.labels);
  const hidden = buffer(m * 512);
  const back = buffer(m * 512);
  const byScores = buffer(m * 11);
  const rows = part(byScores, 0, m * 10);
  /** The loss, and Adam's two bias corrections. */
  const sums = buffer(4);
  const params = buffer(FLOATS);
  for (const [name, [at]] of Object.entries(PLACES))
    gpu().device.queue.writeBuffer(params, at * 4, data[name as keyof typeof PLACES]);
  const gradients = sgd ? params : buffer(FLOATS);
  const p = placesIn(params);
  const g = placesIn(gradients);
  const moments = sgd ? [] : [buffer(FLOATS), buffer(FLOATS)];
  const dispatches = [
    dispatch(hiddenLayer(m), x, p.W1, p.b1, hidden),
    dispatch(
      rowsByTen({
        name: 'scores and loss gradient',
        m,
        k: 512,
        lanes,
        bindings: ['Y: i32', '!D: f32'],
        finish: crossEntropy(m),
      }),
      hidden,
      p.W2,
      p.b2,
      labels,
      byScores,
    ),
    dispatch(backFromTen({ m, n: 512, lanes }), rows, p.W2, hidden, back),
    dispatch(gradientByTen({ m, n: 512, lanes, store }), hidden, rows, g.W2),
    dispatch(
      subgroupTile({
        name: 'hidden weight gradient',
        m: 784,
        n: 512,
        k: m,
        lanes,
        rows: 16,
        transposed: true,
        bindings: ['A: vec4f', 'B: vec4f', '!C: vec4f'],
        store,
      }),
      x,
      back,
      g.W1,
    ),
    dispatch(hiddenBias(m, store), back, g.b1),
    dispatch(outputBias(m, store), byScores, g.b2, sums),
    ...(sgd ? [] : [dispatch(adamUpdate, gradients, params, ...moments, sums)]),
  ];
  const held = [x, labels, hidden, back, byScores, params, gradients, ...moments];
  return job(dispatches, held, sums);
}

const placesIn = (of: GPUBuffer) => ({
  W1: part(of, ...PLACES.W1),
  b1: part(of, ...PLACES.b1),
  W2: part(of, ...PLACES.W2),
  b2: part(of, ...PLACES.b2),
});

type Store = (index: string, sum: string) => string;

const hiddenBias = (m: number, store: Store): Kernel => ({
  name: 'hidden bias gradient',
  grid: [16, 1],
  wgsl: plainKernel(
    8,
    ['G: vec4f', '!C: vec4f'],
    `var sum = vec4f();
for (var row = 0u; row < ${m}u; row++) { sum += G[row * 128u + i]; }
${store('i', 'sum')}`,
  ),
});

/** Invocations 0 to 9 sum the columns of the gradient, the last one the losses; it also counts Adam's step. */
const outputBias = (m: number, store: Store): Kernel => ({
  name: 'output bias gradient, loss',
  grid: [1, 1],
  wgsl: plainKernel(
    11,
    ['D: f32', '!C: f32', '!S: f32'],
    `let place = select(vec2u(10u, i), vec2u(1u, ${m * 10}u), i == 10u);
var sum = 0.0;
for (var row = 0u; row < ${m}u; row++) { sum += D[row * place.x + place.y]; }
if (i < 10u) { ${store('i', 'sum')} } else {
S[0] = sum / ${m}.0;
S[1] = S[1] * ${ADAM.b1} + ${1 - ADAM.b1};
S[2] = S[2] * ${ADAM.b2} + ${1 - ADAM.b2};
}`,
  ),
});

const adamUpdate: Kernel = {
  name: 'Adam',
  grid: [ADAM_WORKGROUPS, 1],
  wgsl: plainKernel(
    64,
    ['G: vec4f', '!P: vec4f', '!M: vec4f', '!V: vec4f', 'S: f32'],
    `let g = G[i];
let m = ${ADAM.b1} * M[i] + ${1 - ADAM.b1} * g;
let v = ${ADAM.b2} * V[i] + ${1 - ADAM.b2} * g * g;
M[i] = m;
V[i] = v;
P[i] -= ${ADAM.lr} * (m / S[1]) / (sqrt(v / S[2]) + ${ADAM.eps});`,
  ),
};

const elementwise = (n: number): Kernel => ({
  name: 'twenty operations',
  grid: [n / 256, 1],
  wgsl: plainKernel(
    64,
    ['X: vec4f', '!Y: vec4f'],
    `let x = X[i];
var y = x;
${unrolled(5, () => 'y = max(y * 1.1 + x, vec4f()) - vec4f(0.25);')}
Y[i] = y;`,
  ),
});

const eachQuad = (cols: number, body: string): string =>
  `for (var c = 0u; c < ${cols / 4}u; c++) { ${body} }`;

/** A row an invocation. */
const softmax = (rows: number, cols: number): Kernel => ({
  name: 'softmax',
  grid: [rows / 8, 1],
  wgsl: plainKernel(
    8,
    ['X: vec4f', '!Y: vec4f'],
    `let row = i * ${cols / 4}u;
var m = X[row];
${eachQuad(cols, 'm = max(m, X[row + c]);')}
let top = vec4f(max(max(m.x, m.y), max(m.z, m.w)));
var s = vec4f();
${eachQuad(cols, 'let e = exp(X[row + c] - top); Y[row + c] = e; s += e;')}
let scale = 1.0 / (s.x + s.y + s.z + s.w);
${eachQuad(cols, 'Y[row + c] = Y[row + c] * scale;')}`,
  ),
});

/** A row an invocation. */
const layerNorm = (rows: number, cols: number, eps: number): Kernel => ({
  name: 'layer norm',
  grid: [rows / 8, 1],
  wgsl: plainKernel(
    8,
    ['X: vec4f', 'G: vec4f', 'B: vec4f', '!Y: vec4f'],
    `let row = i * ${cols / 4}u;
var s = vec4f();
${eachQuad(cols, 's += X[row + c];')}
let mean = (s.x + s.y + s.z + s.w) / ${cols}.0;
var q = vec4f();
${eachQuad(cols, 'let d = X[row + c] - mean; q += d * d;')}
let scale = inverseSqrt((q.x + q.y + q.z + q.w) / ${cols}.0 + ${eps});
${eachQuad(cols, 'Y[row + c] = (X[row + c] - mean) * scale * G[c] + B[c];')}`,
  ),
});

export const cases: Contestant['cases'] = {
  matmul: ({ n }, { A, B }) => single(product(n), [buffer(n * n, A), buffer(n * n, B)], n * n),
  mlpInfer: ({ batch }, data) => mlpInference(batch, data),
  mlpTrain: ({ batch, opt }, data) => mlpTraining(batch, opt, data),
  elementwise20: ({ n }, { X }) => single(elementwise(n), [buffer(n, X)], n),
  softmax: ({ rows, cols }, { X }) =>
    single(softmax(rows, cols), [buffer(rows * cols, X)], rows * cols),
  layernorm: ({ rows, cols, eps }, { X, g, b }) =>
    single(
      layerNorm(rows, cols, eps),
      [buffer(rows * cols, X), buffer(cols, g), buffer(cols, b)],
      rows * cols,
    ),
};
