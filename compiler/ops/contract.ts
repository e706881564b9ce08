/** Contraction: a product of two tensors summed over the labels that the result does not have. */
import { type Dim, equalDims, shapeText } from '../graph/dim.ts';
import { ndArray, stridesOf } from '../graph/nd-array.ts';
import { type AtNode, type ContractLabels, type Node, type Op, ShapeError } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import { numberOf, textOf } from './leaf.ts';

/** attrs: labels `"mk,kn->mn"`, acc (dtype that sums are kept in). */
export const contract: Op = {
  name: 'contract',
  infer([a, b], attrs) {
    const labels = labelsOf(attrs['labels']);
    if (a === undefined || b === undefined) throw new InternalError('infer', 'contract takes two inputs');
    if (a.dtype !== b.dtype)
      throw new ShapeError('NN0240', `a product of ${a.dtype} and ${b.dtype}`, { left: a.dtype, right: b.dtype });
    const sizes = new Map<string, Dim>();
    for (const [text, shape] of [[labels.a, a.shape], [labels.b, b.shape]] as const) {
      if (text.length !== shape.length || new Set(text).size !== text.length)
        throw new InternalError('infer', `labels ${text} for ${shapeText(shape)}`);
      [...text].forEach((label, i) => {
        const size = shape[i] ?? 1;
        const seen = sizes.get(label);
        if (seen !== undefined && !equalDims(seen, size))
          throw new ShapeError('NN0203', `the sizes of ${shapeText(a.shape)} and ${shapeText(b.shape)} differ along ${label}`, { left: shapeText(a.shape), right: shapeText(b.shape) });
        sizes.set(label, size);
      });
    }
    return { dtype: a.dtype, shape: [...labels.out].map((l) => sizes.get(l) ?? missing(l)) };
  },
  lowering: { kind: 'contract', labels: (attrs) => labelsOf(attrs['labels']) },
  derivative: { kind: 'linear', adjoint: contractAdjoint },
  evaluate: ([a, b], attrs, type) => {
    if (a === undefined || b === undefined) throw new InternalError('evaluate', 'contract takes two inputs');
    const labels = labelsOf(attrs['labels']);
    const sizes = new Map<string, number>();
    [...labels.a].forEach((l, i) => sizes.set(l, a.shape[i] ?? 1));
    [...labels.b].forEach((l, i) => sizes.set(l, b.shape[i] ?? 1));
    const summed = [...sizes.keys()].filter((l) => !labels.out.includes(l));
    const loop = [...labels.out, ...summed];
    const stridesIn = (text: string, shape: readonly number[]): number[] => {
      const strides = stridesOf(shape);
      return loop.map((l) => (text.includes(l) ? (strides[text.indexOf(l)] ?? 0) : 0));
    };
    const [sa, sb] = [stridesIn(labels.a, a.shape), stridesIn(labels.b, b.shape)];
    const out = ndArray(type.dtype, type.shape.map(numberOf));
    const inner = summed.reduce((n, l) => n * (sizes.get(l) ?? 1), 1);
    const total = out.data.length * inner;
    for (let flat = 0; flat < total; flat++) {
      let rest = flat;
      let ia = 0;
      let ib = 0;
      for (let i = loop.length - 1; i >= 0; i--) {
        const n = sizes.get(loop[i] ?? '') ?? 1;
        const at = rest % n;
        rest = Math.floor(rest / n);
        ia += at * (sa[i] ?? 0);
        ib += at * (sb[i] ?? 0);
      }
      const o = Math.floor(flat / inner);
      out.data[o] = (out.data[o] ?? 0) + (a.data[ia] ?? Number.NaN) * (b.data[ib] ?? Number.NaN);
    }
    return out;
  },
  samples: [
    { inputs: [{ dtype: 'f32', shape: [3, 4] }, { dtype: 'f32', shape: [4, 5] }], attrs: { labels: 'mk,kn->mn', acc: 'f32' } },
    { inputs: [{ dtype: 'f32', shape: [2, 3, 4] }, { dtype: 'f32', shape: [2, 5, 4] }], attrs: { labels: 'bmk,bnk->bmn', acc: 'f32' } },
    { inputs: [{ dtype: 'f32', shape: [4] }, { dtype: 'f32', shape: [4] }], attrs: { labels: 'k,k->', acc: 'f32' } },
  ],
};

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
  if (na === undefined || nb === undefined) throw new InternalError('autodiff', 'contract takes two inputs');
  const acc = node.attrs['acc'] ?? 'f32';
  return input === 0
    ? graph.make(contract, [grad, nb], { labels: `${out},${b}->${a}`, acc })
    : graph.make(contract, [na, grad], { labels: `${a},${out}->${b}`, acc });
}
