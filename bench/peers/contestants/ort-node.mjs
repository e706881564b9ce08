import { createRequire } from 'node:module';
import { models } from './ort-models.mjs';

const require = createRequire(import.meta.url);
export function contestant(ep) {
  const ort = require('onnxruntime-node'),
    opt = { executionProviders: [ep], logSeverityLevel: 3 };
  async function make(m) {
    const s = await ort.InferenceSession.create(m.bytes, opt),
      feeds = Object.fromEntries(
        Object.entries(m.feeds).map(([k, [x, dims]]) => [k, new ort.Tensor('float32', x, dims)]),
      );
    const key = m.value ?? 'y';
    let out;
    return {
      async run(k) {
        for (let i = 0; i < k; i++) {
          out = await s.run(feeds);
          if (m.carry) for (const [a, o] of Object.entries(m.carry)) feeds[a] = out[o];
        }
      },
      sync: async () => (await out[key].getData())[0],
      output: () => out[key].getData(),
      dispose: () => s.release(),
    };
  }
  return {
    version: require('onnxruntime-node/package.json').version,
    cases: Object.fromEntries(
      Object.entries(models).map(([k, f]) => [k, (spec, d) => make(f(spec, d))]),
    ),
  };
}
