// onnxruntime-node's own WebGPU provider: its own Dawn inside the native library, so dispatches and bytes cannot be counted; tensors go through the CPU.
import { contestant } from './ort-node.mjs';
export const name = 'ort-node-webgpu',
  adapter = 'native Dawn of onnxruntime-node on the default Vulkan device';
export const { version, cases } = contestant('webgpu');
