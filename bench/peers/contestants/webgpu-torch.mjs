// webgpu-torch 0.3.5: `mm gradient not supported yet`, no reduction over an axis, no broadcasting, no optimisers - so no training, softmax or layer norm.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const log = console.log;
console.log = () => {};
const torch = require('webgpu-torch');
export const name = 'webgpu-torch',
  version = require('webgpu-torch/package.json').version;
export async function setup() {
  if (!(await torch.initWebGPUAsync())) throw new Error('no WebGPU');
  console.log = log;
}

// its constructor only takes nested arrays: give it the flat one and then reshape the view
function T(x, shape) {
  const t = new torch.Tensor(Array.from(x));
  const st = [];
  let s = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    st[i] = s;
    s *= shape[i];
  }
  return t.withShape(shape, st);
}
function pure(f) {
  let y = null,
    dev = null,
    stage = null;
  return {
    run(k) {
      for (let i = 0; i < k; i++) y = f();
    },
    async sync() {
      // its own read-back copies the whole tensor; read one value from the buffer instead
      dev ??= y.device.gpuDevice;
      stage ??= dev.createBuffer({
        size: 16,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      });
      const e = dev.createCommandEncoder();
      e.copyBufferToBuffer(y.storage.gpuBuffer, 0, stage, 0, 4);
      dev.queue.submit([e.finish()]);
      await stage.mapAsync(GPUMapMode.READ);
      const v = new Float32Array(stage.getMappedRange())[0];
      stage.unmap();
      return v;
    },
    output: async () => Float32Array.from((await y.toArrayAsync()).flat(4)),
  };
}
export const cases = {
  matmul({ n }, d) {
    const A = T(d.A, [n, n]),
      B = T(d.B, [n, n]);
    return pure(() => A.mm(B));
  },
  mlpInfer({ batch }, d) {
    // biases expanded on the host: it does not broadcast
    const rep = (b) => {
      const r = new Float32Array(batch * b.length);
      for (let i = 0; i < batch; i++) r.set(b, i * b.length);
      return r;
    };
    const X = T(d.X, [batch, 784]),
      W1 = T(d.W1, [784, 512]),
      W2 = T(d.W2, [512, 10]),
      b1 = T(rep(d.b1), [batch, 512]),
      b2 = T(rep(d.b2), [batch, 10]);
    return pure(() => X.mm(W1).add(b1).relu().mm(W2).add(b2));
  },
  elementwise20({ n }, d) {
    // y*1.1 as y + 0.1*y, y-0.25 as y + (-0.25)*ones: still 20 operations
    const X = T(d.X, [n]),
      one = torch.ones([n]);
    return pure(() => {
      let y = X;
      for (let i = 0; i < 5; i++) y = y.add(y, 0.1).add(X).relu().add(one, -0.25);
      return y;
    });
  },
};
