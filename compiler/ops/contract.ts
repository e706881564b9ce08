/** Contraction: a product of two tensors summed over the labels that the result does not have. */
import { type Dim, equalDims, shapeText } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import { type NdArray, ndArray, stridesOf } from '../graph/nd-array.ts';
import { type AtNode, type ContractLabels, type Node, type Op, ShapeError } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import { numberOf, textOf } from './leaf.ts';

/** attrs: labels `"mk,kn->mn"`, acc (dtype that sums are kept in). */
export const contract: Op = {
  name: 'contract',
  infer([a, b], attrs) {
    const labels = labelsOf(attrs['labels']);
    if (a === undefined || b === undefined)
      throw new InternalError('infer', 'contract takes two inputs');
    if (a.dtype !== b.dtype)
      throw new ShapeError('NN0240', `a product of ${a.dtype} and ${b.dtype}`, {
        left: a.dtype,
        right: b.dtype,
      });
    const sizes = new Map<string, Dim>();
    for (const [text, shape] of [
      [labels.a, a.shape],
      [labels.b, b.shape],
    ] as const) {
      if (text.length !== shape.length || new Set(text).size !== text.length)
        throw new InternalError('infer', `labels ${text} for ${shapeText(shape)}`);
      [...text].forEach((label, i) => {
        const size = shape[i] ?? 1;
        const seen = sizes.get(label);
        if (seen !== undefined && !equalDims(seen, size))
          throw new ShapeError(
            'NN0203',
            `the sizes of ${shapeText(a.shape)} and ${shapeText(b.shape)} differ along ${label}`,
            { left: shapeText(a.shape), right: shapeText(b.shape) },
          );
        sizes.set(label, size);
      });
    }
    for (const label of labels.a + labels.b)
      if (!labels.out.includes(label) && !(labels.a.includes(label) && labels.b.includes(label)))
        throw new InternalError('infer', `the label ${label} is in one operand only; sum it first`);
    return { dtype: a.dtype, shape: [...labels.out].map((l) => sizes.get(l) ?? missing(l)) };
  },
  lowering: { kind: 'contract', labels: (attrs) => labelsOf(attrs['labels']) },
  derivative: { kind: 'linear', adjoint: contractAdjoint },
  evaluate: ([a, b], attrs, type) => {
    if (a === undefined || b === undefined)
      throw new InternalError('evaluate', 'contract takes two inputs');
    const labels = labelsOf(attrs['labels']);
    const sizes = new Map<string, number>([
      ...[...labels.a].map((l, i) => [l, a.shape[i] ?? 1] as const),
      ...[...labels.b].map((l, i) => [l, b.shape[i] ?? 1] as const),
    ]);
    const summed = [...sizes.keys()].filter((l) => !labels.out.includes(l));
    const out = ndArray(type.dtype, type.shape.map(numberOf));
    // The last axis of the result runs innermost, so that rows are walked in order.
    const inner = labels.out.slice(-1);
    const n = sizes.get(inner) ?? 1;
    const rows = [...labels.out.slice(0, -1)];
    const strides = (text: string, x: NdArray) => {
      const own = stridesOf(x.shape);
      return (l: string) => (l !== '' && text.includes(l) ? (own[text.indexOf(l)] ?? 0) : 0);
    };
    const [strideA, strideB] = [strides(labels.a, a), strides(labels.b, b)];
    const [rowA, rowB] = [offsets(rows, sizes, strideA), offsets(rows, sizes, strideB)];
    const [sumA, sumB] = [offsets(summed, sizes, strideA), offsets(summed, sizes, strideB)];
    const [stepA, stepB] = [strideA(inner), strideB(inner)];
    const multiplyAdd = multiplyAddOf(type.dtype);
    for (let row = 0; row < rowA.length; row++)
      for (let k = 0; k < sumA.length; k++) {
        const ia = (rowA[row] ?? 0) + (sumA[k] ?? 0);
        const ib = (rowB[row] ?? 0) + (sumB[k] ?? 0);
        multiplyAdd(out.data, row * n, n, a.data, ia, stepA, b.data, ib, stepB);
      }
    return out;
  },
  samples: [
    {
      inputs: [
        { dtype: 'f32', shape: [3, 4] },
        { dtype: 'f32', shape: [4, 5] },
      ],
      attrs: { labels: 'mk,kn->mn', acc: 'f32' },
    },
    {
      inputs: [
        { dtype: 'f32', shape: [2, 3, 4] },
        { dtype: 'f32', shape: [2, 5, 4] },
      ],
      attrs: { labels: 'bmk,bnk->bmn', acc: 'f32' },
    },
    {
      inputs: [
        { dtype: 'f32', shape: [4] },
        { dtype: 'f32', shape: [4] },
      ],
      attrs: { labels: 'k,k->', acc: 'f32' },
    },
  ],
};

/** Offset of every index vector over the labels, row-major. */
function offsets(
  labels: readonly string[],
  sizes: ReadonlyMap<string, number>,
  stride: (label: string) => number,
): number[] {
  return labels.reduce<number[]>(
    (all, l) =>
      all.flatMap((base) =>
        Array.from({ length: sizes.get(l) ?? 1 }, (_, i) => base + i * stride(l)),
      ),
    [0],
  );
}

type MultiplyAdd = (
  out: Float64Array,
  o: number,
  n: number,
  a: Float64Array,
  ia: number,
  stepA: number,
  b: Float64Array,
  ib: number,
  stepB: number,
) => void;

/** out[o+j] += a[ia+j*stepA] * b[ib+j*stepB] for j < n; integers wrap. */
function multiplyAddOf(dtype: DType): MultiplyAdd {
  if (dtype !== 'i32' && dtype !== 'u32')
    return (out, o, n, a, ia, stepA, b, ib, stepB) => {
      for (let j = 0; j < n; j++)
        out[o + j] = (out[o + j] ?? 0) + (a[ia + j * stepA] ?? 0) * (b[ib + j * stepB] ?? 0);
    };
  return (out, o, n, a, ia, stepA, b, ib, stepB) => {
    for (let j = 0; j < n; j++) {
      const sum = (out[o + j] ?? 0) + Math.imul(a[ia + j * stepA] ?? 0, b[ib + j * stepB] ?? 0);
      out[o + j] = dtype === 'u32' ? sum >>> 0 : sum | 0;
    }
  };
}

const missing = (label: string): never => {
  throw new InternalError('infer', `the label ${label} of the result is in neither operand`);
};

export function labelsOf(attr: unknown): ContractLabels {
  const match = /^([a-zA-Z]*),([a-zA-Z]*)->([a-zA-Z]*)$/.exec(textOf(attr as string));
  if (match === null) throw new InternalError('ops', `bad labels ${String(attr)}`);
  return { a: match[1] ?? '', b: match[2] ?? '', out: match[3] ?? '' };
}

/** d/da of contract(a, b) is contract(g, b), and the other way round; a contraction again. */
function contractAdjoint({ graph, node }: AtNode, grad: Node, input: number): Node {
  const { a, b, out } = labelsOf(node.attrs['labels']);
  const [na, nb] = node.inputs;
  if (na === undefined || nb === undefined)
    throw new InternalError('autodiff', 'contract takes two inputs');
  const acc = node.attrs['acc'] ?? 'f32';
  return input === 0
    ? graph.make(contract, [grad, nb], { labels: `${out},${b}->${a}`, acc })
    : graph.make(contract, [na, grad], { labels: `${a},${out}->${b}`, acc });
}
