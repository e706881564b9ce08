/**
 * Which nodes have values that f32 arithmetic in any order computes exactly, so that device and f64
 * interpreter must agree to the last bit: multiples of 1/256 whose sums of absolute terms stay small.
 * What is not exact (exp, a quotient) may stand below a `round` that it is nowhere near the edge of.
 */
import { isInteger } from '../../compiler/graph/dtype.ts';
import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { reachable } from '../../compiler/graph/walk.ts';
import { orthonormal } from '../../compiler/ops/orthonormal.ts';

/** f32 has 24 bits; one is left for what the rewriting of sums may add. */
const MOST_WHOLE = 2 ** 23;
const MOST_FRACTION = 2 ** 15;
const FRACTION = 256;
const MOST_INTEGER = 2 ** 31 - 1;

export interface Meter {
  value(node: Node): NdArray;
  /** Whether the node and all that it is made of are exact on any device. */
  isExact(node: Node): boolean;
}

/** `inputs` has the values of the inputs by name, and grows while the graph does; `size` is what every symbol stands for. */
export function meterOf(inputs: ReadonlyMap<string, NdArray>, size: number): Meter {
  const values = new Map<Node, NdArray>();
  /** At each place at least the sum of the absolute terms that the value is the sum of. */
  const bounds = new Map<Node, NdArray>();
  const exact = new Map<Node, boolean>();

  const measure = (node: Node): void => {
    for (const n of reachable([node], (m) => values.has(m))) {
      if (values.has(n)) continue;
      const value = isSize(n)
        ? ndArray(n.type.dtype, [], [size])
        : evaluated(n, n.inputs.map(known), inputs);
      values.set(n, value);
      bounds.set(
        n,
        boundOf(
          n,
          value,
          n.inputs.map((x) => bounds.get(x) ?? known(x)),
          n.inputs.map(known),
        ),
      );
    }
  };
  const known = (node: Node): NdArray => {
    const value = values.get(node);
    if (value === undefined) throw new Error(`%${node.id} has no value`);
    return value;
  };
  const decide = (node: Node): boolean => {
    if (isRounding(node) && !node.inputs.every((x) => exact.get(x) === true))
      return node.inputs.every((x) => isRoundable(x, known, (n) => exact.get(n) === true));
    return (
      node.inputs.every((x) => exact.get(x) === true) &&
      isExactHere(node, known(node), bounds.get(node) ?? known(node))
    );
  };
  return {
    value(node) {
      measure(node);
      return known(node);
    },
    isExact(node) {
      measure(node);
      for (const n of reachable([node], (m) => exact.has(m)))
        if (!exact.has(n)) exact.set(n, decide(n));
      return exact.get(node) === true;
    },
  };
}

function evaluated(
  node: Node,
  inputs: readonly NdArray[],
  given: ReadonlyMap<string, NdArray>,
): NdArray {
  const { op, attrs, type } = node;
  const value = op.evaluate?.(inputs, attrs, type) ?? given.get(String(attrs['name']));
  if (value === undefined) throw new Error(`no value for ${op.name} ${String(attrs['name'])}`);
  return value;
}

const absolute = (x: NdArray): NdArray => ({ ...x, dtype: 'f32', data: x.data.map(Math.abs) });

function boundOf(
  node: Node,
  value: NdArray,
  bounds: readonly NdArray[],
  inputs: readonly NdArray[],
): NdArray {
  const { lowering } = node.op;
  const again = (of: readonly NdArray[]): NdArray =>
    absolute(node.op.evaluate?.(of, node.attrs, { ...node.type, dtype: 'f32' }) ?? value);
  switch (lowering.kind) {
    case 'leaf':
      return absolute(value);
    case 'view':
    case 'contract':
      return again(bounds);
    case 'reduce':
      return lowering.combine === 'argmax' || lowering.combine === 'argmin'
        ? absolute(value)
        : again(bounds);
    case 'prefix':
      return again(bounds);
    // Numbers of rows stay as they are.
    case 'gather':
    case 'composite':
      return again(
        bounds.map((bound, i) =>
          isInteger(inputs[i]?.dtype ?? 'f32') ? (inputs[i] ?? bound) : bound,
        ),
      );
    case 'map':
      return mapBound(node, value, bounds);
    default:
      return lowering satisfies never;
  }
}

function mapBound(node: Node, value: NdArray, bounds: readonly NdArray[]): NdArray {
  const of = mapBounds[node.op.name];
  const data = value.data.map((v, i) =>
    Math.max(Math.abs(v), of === undefined ? 0 : of(...bounds.map((b) => b.data[i] ?? 0))),
  );
  return { ...value, dtype: 'f32', data };
}

const larger = (...b: readonly number[]): number => Math.max(...b);
/** Of the other maps the value itself is the bound: they add nothing up. */
const mapBounds: Readonly<Record<string, (...b: readonly number[]) => number>> = {
  add: (a = 0, b = 0) => a + b,
  sub: (a = 0, b = 0) => a + b,
  mul: (a = 0, b = 0) => a * b,
  neg: larger,
  abs: larger,
  floor: larger,
  ceil: larger,
  trunc: larger,
  cast: larger,
  copy: larger,
  maximum: larger,
  minimum: larger,
  select: (_, yes = 0, no = 0) => Math.max(yes, no),
};

function isExactHere(node: Node, value: NdArray, bound: NdArray): boolean {
  const { dtype } = node.type;
  if (dtype === 'bool') return true;
  // The device takes roots and quotients for it, so also a 0.5 may be off in its last bit.
  if (node.op === orthonormal) return false;
  const most = bound.data.reduce((m, b) => Math.max(m, b), 0);
  // Single operations on integers wrap alike everywhere; sums of many are held in f64 by the reference.
  if (isInteger(dtype))
    return node.op.lowering.kind === 'map' || most <= MOST_INTEGER || isData(node);
  if (!value.data.every((v) => Number.isFinite(v) && Number.isInteger(v * FRACTION))) return false;
  return most <= (value.data.every(Number.isInteger) ? MOST_WHOLE : MOST_FRACTION);
}
const isSize = ({ op }: Node): boolean =>
  op.lowering.kind === 'leaf' && op.lowering.leaf === 'size';
const isData = (node: Node): boolean => ['leaf', 'view', 'gather'].includes(node.op.lowering.kind);

const isRounding = (node: Node): boolean => node.op.name === 'round';

/** Far from a half, and made by a few float maps of exact values, whose error is then too small to matter. */
function isRoundable(
  node: Node,
  value: (n: Node) => NdArray,
  isExact: (n: Node) => boolean,
): boolean {
  const far = value(node).data.every((v) => {
    const beyond = v - Math.floor(v);
    return Math.abs(v) <= 200 && Math.abs(beyond - 0.5) > 0.03;
  });
  return far && isShallow(node, value, isExact, 3);
}
function isShallow(
  node: Node,
  value: (n: Node) => NdArray,
  isExact: (n: Node) => boolean,
  depth: number,
): boolean {
  if (isExact(node)) return true;
  const { op, inputs } = node;
  const { kind } = op.lowering;
  const [x] = inputs;
  if (op === orthonormal && x !== undefined)
    return isExact(x) && areFarFromDependent(value(x), value(node));
  return (
    depth > 0 &&
    (kind === 'map' || kind === 'view') &&
    inputs.every((y) => isShallow(y, value, isExact, depth - 1))
  );
}

/** Whether each column of x keeps a good part of its length beside its shares of the columns before it; q is their orthonormal basis. */
function areFarFromDependent(x: NdArray, q: NdArray): boolean {
  const [rows = 1, columns = 1] = x.shape;
  const product = (a: NdArray, i: number, c: NdArray, j: number): number => {
    let total = 0;
    for (let row = 0; row < rows; row++)
      total += (a.data[row * columns + i] ?? 0) * (c.data[row * columns + j] ?? 0);
    return total;
  };
  return Array.from({ length: columns }, (_, j) => j).every((j) => {
    const squares = product(x, j, x, j);
    let own = squares;
    for (let earlier = 0; earlier < j; earlier++) own -= product(q, earlier, x, j) ** 2;
    return own > squares / 64;
  });
}
