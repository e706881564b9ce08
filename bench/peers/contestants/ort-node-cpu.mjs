// Not on the WebGPU device: the native CPU (2 threads), as a yardstick for what these cores can do.
import { contestant } from './ort-node.mjs';
export const name = 'ort-node-cpu',
  adapter = 'CPU (MLAS, no GPU)';
export const { version, cases } = contestant('cpu');
