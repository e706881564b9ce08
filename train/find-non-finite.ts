/**
 * Where a number that is not finite comes from. Much that is infinite on the way is harmless: a mask, or the branch of a
 * `where` that is not taken. So the search goes backwards from what is wrong at the end, and follows an input only if
 * the node would have fewer such numbers without those of that input. Constants of the file are never to blame: what was
 * made of them is.
 */
import type { NdArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';

/** A node that is the first to have such a number. */
export interface Spot {
  readonly node: Node;
  /** Flat index of the first one, and what is there. */
  readonly element: number;
  readonly value: number;
  readonly inputs: readonly SpotInput[];
}

export interface SpotInput {
  readonly node: Node;
  /** Of its finite numbers; absent where it has none. */
  readonly range?: readonly [least: number, most: number];
  /** How many of its numbers are not finite. */
  readonly notFinite: number;
  /** What it has where the spot is, if it has the same elements. */
  readonly at?: number;
}

export interface NonFinite {
  /** Where the first infinite number or NaN is made that reaches the end. */
  readonly first: Spot;
  /** Where the first NaN is made of infinite numbers, if that is another node. */
  readonly becomesNaN?: Spot;
}

type ValueAt = (node: Node) => NdArray | undefined;

/** `bad` are results that are not finite; `valueAt` has the values of all nodes below. */
export function findNonFinite(bad: readonly Node[], valueAt: ValueAt): NonFinite | undefined {
  const first = earliest(bad, valueAt, (v) => !Number.isFinite(v));
  if (first === undefined) return undefined;
  const becomesNaN = earliest(bad, valueAt, Number.isNaN);
  return {
    first,
    ...(becomesNaN === undefined || becomesNaN.node === first.node ? {} : { becomesNaN }),
  };
}

type IsBad = (value: number) => boolean;

/** The first, in the order of the data, of those nodes that have bad numbers without having them from an input. */
function earliest(results: readonly Node[], valueAt: ValueAt, isBad: IsBad): Spot | undefined {
  const open = results.filter((node) => countBad(valueAt(node), isBad) > 0);
  const seen = new Set<Node>(open);
  const origins: Node[] = [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const guilty = guiltyInputs(node, valueAt, isBad);
    if (guilty.length === 0) origins.push(node);
    for (const input of guilty) {
      if (seen.has(input)) continue;
      seen.add(input);
      open.push(input);
    }
  }
  const [first] = origins.sort((a, b) => a.id - b.id);
  return first && spotAt(first, valueAt, isBad);
}

/** Inputs without whose bad numbers the node would have fewer of its own. */
function guiltyInputs(node: Node, valueAt: ValueAt, isBad: IsBad): readonly Node[] {
  const suspects = [...new Set(node.inputs)].filter(
    (input) => countBad(valueAt(input), isBad) > 0 && !isConstant(input),
  );
  if (suspects.length === 0) return [];
  const own = countBad(valueAt(node), isBad);
  const without = (mended: readonly Node[]): number => {
    const inputs = node.inputs.flatMap((input) => {
      const value = valueAt(input);
      if (value === undefined || !mended.includes(input)) return value ?? [];
      return { ...value, data: value.data.map((v) => (isBad(v) ? 1 : v)) };
    });
    return countBad(node.op.evaluate?.(inputs, node.attrs, node.type), isBad);
  };
  if (without(suspects) >= own) return [];
  const alone = suspects.filter((input) => without([input]) < own);
  return alone.length === 0 ? suspects : alone;
}

function isConstant({ op, inputs }: Node): boolean {
  const { lowering } = op;
  if (lowering.kind === 'leaf') return lowering.leaf !== 'input';
  return inputs.every(isConstant);
}

function spotAt(node: Node, valueAt: ValueAt, isBad: IsBad): Spot {
  const data = valueAt(node)?.data ?? new Float64Array(0);
  const element = data.findIndex(isBad);
  const inputs = node.inputs.map((input): SpotInput => {
    const value = valueAt(input);
    const range = rangeOf(value?.data ?? []);
    const at = node.op.lowering.kind === 'map' ? value?.data[element] : undefined;
    return {
      node: input,
      ...(range === undefined ? {} : { range }),
      notFinite: countBad(value, (v) => !Number.isFinite(v)),
      ...(at === undefined ? {} : { at }),
    };
  });
  return { node, element, value: data[element] ?? Number.NaN, inputs };
}

function rangeOf(data: Iterable<number>): readonly [number, number] | undefined {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return least > most ? undefined : [least, most];
}

function countBad(value: NdArray | undefined, isBad: IsBad): number {
  let count = 0;
  for (const v of value?.data ?? []) if (isBad(v)) count += 1;
  return count;
}
