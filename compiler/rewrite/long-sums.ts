/** A few long sums become many partial sums and a short one. */
import * as b from '../builder.ts';
import type { Node } from '../graph/node.ts';
import { numbersOf } from '../ops/leaf.ts';
import { isPool } from '../ops/view.ts';
import type { Rule } from './rebuild.ts';

/** Fewer rows than this leave most of a device idle … */
const FEW_ROWS = 64;
/** … once each has this many elements. */
export const LONG = 8192;
/** Partial sums are read by one kernel up to so many: two kernels more would take longer. */
const LONG_POOL = 32_768;
const MOST_PARTS = 1024;
/** Rows shorter than this are hardly a reduction. */
const SHORTEST = 8;

/** A few long sums become many partial sums and a short one; also kinder to rounding. */
export const longReduction: Rule = {
  name: 'split/long-reduction',
  apply(g, node) {
    const { lowering } = node.op;
    const [x] = node.inputs;
    if (lowering.kind !== 'reduce' || x === undefined || lowering.combine.startsWith('arg'))
      return undefined;
    const axes = numbersOf(node.attrs['axes']);
    const shape = x.type.shape.map(Number);
    const kept = shape.flatMap((_, i) => (axes.includes(i) ? [] : [i]));
    const count = (of: readonly number[]): number => of.reduce((n, i) => n * (shape[i] ?? 1), 1);
    const elements = count(axes);
    const long = isPool(x) ? LONG_POOL : LONG;
    if (count(kept) >= FEW_ROWS || elements < long) return undefined;
    const reduce = (of: Node, along: readonly number[]): Node =>
      g.make(node.op, [of], { ...node.attrs, axes: along });
    const cut = kept.length === 0 ? naturalCut(shape) : undefined;
    if (cut !== undefined) {
      const [outer, inner] = [axes.filter((i) => i < cut), axes.filter((i) => i >= cut)];
      return reduce(reduce(x, inner), outer);
    }
    const sizes = kept.map((i) => shape[i] ?? 1);
    const line = b.reshape(g, b.permute(g, x, [...kept, ...axes]), [...sizes, elements]);
    const exact = largestDivisor(elements, MOST_PARTS);
    const parts = exact >= 8 ? exact : Math.min(MOST_PARTS, Math.ceil(Math.sqrt(elements)));
    const length = Math.ceil(elements / parts);
    const neutral = NEUTRAL[lowering.combine];
    if (parts * length > elements && neutral === undefined) return undefined;
    const zeros = [...sizes, elements].map(() => 0);
    const whole =
      parts * length === elements
        ? line
        : b.pad(g, line, zeros, [...zeros.slice(1), parts * length - elements], neutral);
    const rows = b.reshape(g, whole, [...sizes, parts, length]);
    return reduce(reduce(rows, [kept.length + 1]), [kept.length]);
  },
};

/** What changes nothing; a largest or smallest element would need one of the type. */
const NEUTRAL: Readonly<Partial<Record<string, number>>> = { sum: 0, prod: 1 };

/** Where a tensor falls into enough rows that are long enough: what else is computed of it can then share its kernel. */
export function naturalCut(shape: readonly number[]): number | undefined {
  let rows = 1;
  for (let cut = 1; cut < shape.length; cut++) {
    rows *= shape[cut - 1] ?? 1;
    const long = shape.slice(cut).reduce((n, size) => n * size, 1);
    if (rows >= FEW_ROWS && rows < LONG && long >= SHORTEST) return cut;
  }
  return undefined;
}

function largestDivisor(n: number, most: number): number {
  for (let d = Math.min(most, n); d > 1; d--) if (n % d === 0) return d;
  return 1;
}
