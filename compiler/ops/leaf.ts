/** Leaves: values from outside and values made from nothing. */
import { type Dim, isSymbolic } from '../graph/dim.ts';
import { type DType, loadedAs, type StorageDType } from '../graph/dtype.ts';
import { ndArray } from '../graph/nd-array.ts';
import type { Attr, Attrs, Node, Op } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';

/**
 * What an input is: `param` and `state` live on the device from step to step, `data` comes with every
 * batch, `counter` is the step number, `metric` a running sum.
 */
export type InputKind = 'param' | 'state' | 'data' | 'counter' | 'metric';

export const dimsOf = (a: Attr | undefined): readonly Dim[] => {
  if (!Array.isArray(a)) throw new InternalError('ops', 'a shape attribute is missing');
  return (a as readonly Attr[]).map((d) => {
    if (typeof d === 'number' || isSymbolic(d)) return d;
    throw new InternalError('ops', 'a shape attribute holds something other than sizes');
  });
};
export const numbersOf = (a: Attr | undefined): readonly number[] => dimsOf(a).map(numberOf);
export const numberOf = (a: Attr | undefined): number => {
  if (typeof a !== 'number')
    throw new InternalError('ops', `a number was expected, not ${JSON.stringify(a)}`);
  return a;
};
export const textOf = (a: Attr | undefined): string => {
  if (typeof a !== 'string')
    throw new InternalError('ops', `a string was expected, not ${JSON.stringify(a)}`);
  return a;
};

/** attrs: name, kind (InputKind), storage (StorageDType), shape. */
export const input: Op = {
  name: 'input',
  infer: (_, attrs) => ({
    dtype: loadedAs(textOf(attrs['storage']) as StorageDType),
    shape: dimsOf(attrs['shape']),
  }),
  lowering: { kind: 'leaf', leaf: 'input' },
  derivative: { kind: 'none' },
};

/** How a node's elements lie in memory. */
export const storageOf = ({ op, attrs, type }: Node): StorageDType =>
  op.lowering.kind === 'leaf' ? (textOf(attrs['storage']) as StorageDType) : type.dtype;

/** attrs: value, dtype. A scalar. */
export const literalOp: Op = {
  name: 'literal',
  infer: (_, attrs) => ({ dtype: textOf(attrs['dtype']) as DType, shape: [] }),
  lowering: { kind: 'leaf', leaf: 'literal' },
  derivative: { kind: 'none' },
  evaluate: (_, attrs, type) => ndArray(type.dtype, [], [literalValue(attrs)]),
  samples: [{ inputs: [], attrs: { value: 1.5, dtype: 'f32' } }],
};
const literalValue = (attrs: Attrs): number => numberOf(attrs['value']);

/** attrs: dim, dtype. A size as a scalar; binding the sizes turns it into a literal. */
export const sizeOp: Op = {
  name: 'size',
  infer: (_, attrs) => ({ dtype: textOf(attrs['dtype']) as DType, shape: [] }),
  lowering: { kind: 'leaf', leaf: 'size' },
  derivative: { kind: 'none' },
  evaluate: (_, attrs, type) => ndArray(type.dtype, [], [numberOf(attrs['dim'])]),
  samples: [{ inputs: [], attrs: { dim: 7, dtype: 'f32' } }],
};

/** attrs: n. [0, 1, …, n-1] as i32; never stored, since it is the index itself. */
export const iota: Op = {
  name: 'iota',
  infer: (_, attrs) => ({ dtype: 'i32', shape: dimsOf([attrs['n'] ?? 0]) }),
  lowering: { kind: 'leaf', leaf: 'iota' },
  derivative: { kind: 'none' },
  evaluate: (_, attrs) => {
    const n = numberOf(attrs['n']);
    return ndArray(
      'i32',
      [n],
      Array.from({ length: n }, (_, i) => i),
    );
  },
  samples: [{ inputs: [], attrs: { n: 5 } }],
};
