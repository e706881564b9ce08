import { readFileSync } from 'node:fs';
import { models } from './ort-models.mjs';

// The browser's WebGPU bundle (the package's "node" export has no WebGPU). Runs in Node given navigator.gpu and the
// writeBuffer shim of lib/gpu.mjs. Start node with execArgv below: V8's optimising tier takes minutes on this 27 MB module on 2 cores.
const ort = await import(
  new URL('../node_modules/onnxruntime-web/dist/ort.webgpu.bundle.min.mjs', import.meta.url).href
);
export const name = 'ort-web',
  version = JSON.parse(
    readFileSync(new URL('../node_modules/onnxruntime-web/package.json', import.meta.url)),
  ).version;
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';
export const note =
  'training = hand-derived gradients written as one ONNX graph (ORT does not train)';
async function make(m) {
  const s = await ort.InferenceSession.create(m.bytes, {
    executionProviders: ['webgpu'],
    preferredOutputLocation: 'gpu-buffer',
  });
  const device = await ort.env.webgpu.device,
    own = [];
  const feeds = {};
  for (const [k, [x, dims]] of Object.entries(m.feeds)) {
    const b = device.createBuffer({
      size: Math.max(16, x.byteLength),
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    });
    device.queue.writeBuffer(b, 0, x);
    own.push(b);
    feeds[k] = ort.Tensor.fromGpuBuffer(b, { dataType: 'float32', dims });
  }
  const stage = device.createBuffer({
    size: 16,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  own.push(stage);
  const key = m.value ?? 'y';
  let out = null,
    held = {};
  return {
    async run(k) {
      for (let i = 0; i < k; i++) {
        if (out && !m.carry) for (const t of Object.values(out)) t.dispose();
        const r = await s.run(feeds);
        if (m.carry) {
          for (const [inp, o] of Object.entries(m.carry)) {
            held[inp]?.dispose();
            held[inp] = r[o];
            feeds[inp] = r[o];
          }
          out?.[key]?.dispose?.();
          out = { [key]: r[key] };
        } else out = r;
      }
    },
    async sync() {
      const t = out[key];
      if (t.location !== 'gpu-buffer') return t.data[0];
      const e = device.createCommandEncoder();
      e.copyBufferToBuffer(t.gpuBuffer, 0, stage, 0, 4);
      device.queue.submit([e.finish()]);
      await stage.mapAsync(GPUMapMode.READ);
      const v = new Float32Array(stage.getMappedRange())[0];
      stage.unmap();
      return v;
    },
    output: () => out[key].getData(),
    async dispose() {
      for (const t of [...Object.values(out ?? {}), ...Object.values(held)]) t.dispose?.();
      await s.release();
      own.forEach((b) => void b.destroy());
    },
  };
}
export const cases = Object.fromEntries(
  Object.entries(models).map(([k, f]) => [k, (spec, d) => make(f(spec, d))]),
);
