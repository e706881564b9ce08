/** The class of an adapter: what it says of itself, and names only where it says nothing. */
import { expect, test } from 'vitest';
import { type AdapterNames, adapterClass } from '../../runtime/adapter-class.ts';

const names = (description: string): AdapterNames => ({
  vendor: '',
  architecture: '',
  device: '',
  description,
});

test('the flag decides, whatever the name is', () => {
  expect(adapterClass({ ...names('Radeon 780M'), isFallbackAdapter: true })).toBe('cpu');
  expect(adapterClass({ ...names('WARP drive 9000'), isFallbackAdapter: false })).toBe('gpu');
});

test.each([
  ['llvmpipe (LLVM 15.0.6, 256 bits)', 'cpu'],
  ['SwiftShader Device (Subzero)', 'cpu'],
  ['Microsoft Basic Render Driver', 'cpu'],
  ['Apple M2', 'gpu'],
  ['', 'gpu'],
] as const)('without a flag: %s', (name, expected) => {
  expect(adapterClass(names(name))).toBe(expected);
});
