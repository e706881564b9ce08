/** `nn` and `ops`: the library of the language, by camel-case names. Their types are generated from its own signatures. */
import { builtinEntries, preludeEntries } from './entries.ts';
import { repeat } from './layer.ts';
import type { Nn, Ops } from './library.ts';
import { operators } from './operators.ts';
import type { Tensor } from './tensor.ts';

/** Layers, activations, losses, metrics, initial values, optimizers and schedules, beside all built-in functions. */
export const nn: Nn = { ...builtinEntries(), ...preludeEntries(), repeat } as unknown as Nn;

/** Built-in functions, and the operators of tensors as functions that take numbers on either side. */
export const ops: Ops = { ...builtinEntries(), ...operators } as unknown as Ops;

/**
 * The derivative of the sum of `y` by a tensor, or by each of a list. `y` may be any composition, derivatives among
 * them. Throws ModelError NN0405 where no path leads from one to the other.
 */
export function grad(y: Tensor, x: Tensor): Tensor;
export function grad<const X extends readonly Tensor[]>(
  y: Tensor,
  x: X,
): { -readonly [I in keyof X]: Tensor };
export function grad(y: Tensor, x: Tensor | readonly Tensor[]): unknown {
  return gradient(y, x);
}
const gradient = builtinEntries()['grad'] as (...args: readonly unknown[]) => unknown;
