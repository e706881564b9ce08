/**
 * Makes a failing graph small: fewer results, nodes replaced by inputs that hold their values or by what they
 * are made of, smaller sizes; whatever keeps the failure stays (Zeller and Hildebrandt 2002).
 */
import * as b from '../../compiler/builder.ts';
import { elementCount, type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Attr, Attrs, Node } from '../../compiler/graph/node.ts';
import { reachable } from '../../compiler/graph/walk.ts';
import { meterOf } from './exactness.ts';
import { BOUND_SIZE, shapeOf } from './maker.ts';
import type { FuzzCase } from './random-graph.ts';

export interface ShrinkLimits {
  readonly tries: number;
  readonly seconds: number;
}

/** The smallest case found for which `fails` holds. */
export async function shrink(
  start: FuzzCase,
  fails: (c: FuzzCase) => Promise<boolean>,
  limits: ShrinkLimits = { tries: 600, seconds: 60 },
): Promise<FuzzCase> {
  const end = Date.now() + limits.seconds * 1000;
  let best = start;
  let tries = 0;
  for (let again = true; again; ) {
    again = false;
    for (const candidate of candidates(best)) {
      if (tries >= limits.tries || Date.now() > end) return best;
      if (candidate === undefined || !isSound(candidate)) continue;
      tries++;
      if (!(await fails(candidate))) continue;
      best = candidate;
      again = true;
      break;
    }
  }
  return best;
}

/** Smaller cases, the boldest first; undefined where an idea did not work out. */
function* candidates(c: FuzzCase): Generator<FuzzCase | undefined> {
  if (c.results.length > 1) {
    for (const i of c.results.keys()) yield withResults(c, [i]);
    for (const i of c.results.keys())
      yield withResults(
        c,
        [...c.results.keys()].filter((k) => k !== i),
      );
  }
  if (c.replaces.size > 0) yield { ...c, replaces: new Map() };
  const nodes = reachable(c.results).toReversed();
  for (const n of nodes)
    for (const x of n.inputs) if (c.results.includes(n)) yield withResult(c, n, x);
  for (const n of nodes) if (n.inputs.length > 0) yield frozen(c, n);
  for (const n of nodes)
    for (const x of n.inputs) if (sameType(x, n)) yield replaced(c, new Map([[n, x]]));
  yield resized(
    c,
    (n) => Math.ceil(n / 2),
    (n) => Math.floor(n / 2),
  );
  for (const n of nodes)
    if (n.op.name === 'slice') {
      yield* shorterSlices(c, n);
      yield* earlierSlices(c, n);
      yield fittedSlice(c, n);
    }
  for (const n of nodes) if (n.op.name === 'input') yield counted(c, String(n.attrs['name']));
  const sizes = new Set(nodes.filter((n) => n.inputs.length === 0).flatMap(shapeOf));
  for (const from of [...sizes].sort((p, q) => q - p))
    for (const to of new Set([1, 2, 3, Math.floor(from / 2), from - 1])) {
      if (to < 1 || to >= from) continue;
      yield resized(c, (n) => (n === from ? to : n));
      yield resized(c, (n) => (n % from === 0 ? (n / from) * to : n));
    }
}

/** 0, 1, 2, … in an input: numbers that happen to be equal hide what moves them. */
function counted(c: FuzzCase, name: string): FuzzCase | undefined {
  const value = c.inputs.get(name);
  if (value === undefined || value.dtype === 'bool' || value.data.every((v, i) => v === i))
    return undefined;
  const numbers = { ...value, data: value.data.map((_, i) => i) };
  return { ...c, inputs: new Map([...c.inputs, [name, numbers] as const]) };
}

const sameType = (x: Node, y: Node): boolean =>
  x.type.dtype === y.type.dtype && shapeOf(x).join() === shapeOf(y).join();

/** Every result still exact, and what overwrites an input still of its type. */
function isSound(c: FuzzCase): boolean {
  const meter = meterOf(c.inputs, BOUND_SIZE);
  const fits = [...c.replaces].every(([i, p]) => {
    const node = c.results[i];
    return node !== undefined && sameType(node, p);
  });
  return fits && c.results.every((n) => elementCount(shapeOf(n)) > 0 && meter.isExact(n));
}

function withResults(c: FuzzCase, kept: readonly number[]): FuzzCase {
  const replaces = new Map<number, Node>();
  kept.forEach((old, i) => {
    const p = c.replaces.get(old);
    if (p !== undefined) replaces.set(i, p);
  });
  return { ...c, results: kept.flatMap((i) => c.results[i] ?? []), replaces };
}

/** A result that is what it was made of instead; it overwrites nothing then. */
const withResult = (c: FuzzCase, from: Node, to: Node): FuzzCase => ({
  ...c,
  results: c.results.map((n) => (n === from ? to : n)),
  replaces: new Map([...c.replaces].filter(([i]) => c.results[i] !== from)),
});

/** An input with the node's value in its place. */
function frozen(c: FuzzCase, node: Node): FuzzCase | undefined {
  const name = `c${c.inputs.size}`;
  const value = meterOf(c.inputs, BOUND_SIZE).value(node);
  const input = b.input(c.graph, name, 'data', node.type.dtype, shapeOf(node));
  const inputs = new Map([...c.inputs, [name, value] as const]);
  return replaced({ ...c, inputs }, new Map([[node, input]]));
}

function replaced(c: FuzzCase, by: ReadonlyMap<Node, Node>): FuzzCase | undefined {
  const made = new Map<Node, Node>(by);
  for (const n of reachable(c.results, (m) => by.has(m)))
    if (!made.has(n)) made.set(n, remade(c, n, made, n.attrs));
  return { ...c, results: c.results.map((n) => made.get(n) ?? n) };
}

const remade = (c: FuzzCase, n: Node, made: ReadonlyMap<Node, Node>, attrs: Attrs): Node => {
  const inputs = n.inputs.map((x) => made.get(x) ?? x);
  const same = attrs === n.attrs && inputs.every((x, i) => x === n.inputs[i]);
  return same ? n : c.graph.make(n.op, inputs, attrs);
};

/** Attributes that hold sizes. */
const sizeAttrs = ['shape', 'size', 'n', 'count'];

/** The same graph with other sizes, the data cut to fit; undefined where its views then leave their tensors. */
function resized(
  c: FuzzCase,
  size: (n: number) => number,
  start: (n: number) => number = (n) => n,
): FuzzCase | undefined {
  const made = new Map<Node, Node>();
  const inputs = new Map(c.inputs);
  try {
    for (const n of reachable([...c.results, ...c.replaces.values()])) {
      const attrs = Object.fromEntries(
        Object.entries(n.attrs).map(([name, a]) => [name, resizedAttr(name, a, size, start)]),
      );
      if (n.op.name === 'input') {
        const name = String(n.attrs['name']);
        const value = c.inputs.get(name);
        if (value === undefined) return undefined;
        const shape = numbersIn(attrs['shape']);
        if (shape.join() === shapeOf(n).join()) continue;
        const other = `${name.replace(/_.*/, '')}_${shape.join('_')}`;
        inputs.set(other, cropped(value, shape));
        made.set(n, c.graph.make(n.op, [], { ...attrs, name: other }));
      } else {
        const changed = JSON.stringify(attrs) !== JSON.stringify(n.attrs);
        const next = remade(c, n, made, changed ? attrs : n.attrs);
        if (!staysInside(next)) return undefined;
        made.set(n, next);
      }
    }
  } catch {
    return undefined;
  }
  const at = (n: Node): Node => made.get(n) ?? n;
  if (c.results.every((n) => at(n) === n)) return undefined;
  const replaces = new Map([...c.replaces].map(([i, p]) => [i, at(p)] as const));
  return { ...c, inputs, replaces, results: c.results.map(at) };
}

function resizedAttr(
  name: string,
  a: Attr,
  size: (n: number) => number,
  start: (n: number) => number,
): Attr {
  return sizeAttrs.includes(name) ? mapped(a, size) : name === 'start' ? mapped(a, start) : a;
}

/** A slice that is a result may be shorter along an axis. */
function* shorterSlices(c: FuzzCase, n: Node): Generator<FuzzCase | undefined> {
  const size = shapeOf(n);
  for (const [i, length] of size.entries())
    for (const to of new Set([1, 2, length - 1])) {
      if (to < 1 || to >= length) continue;
      const attrs = { ...n.attrs, size: size.map((d, k) => (k === i ? to : d)) };
      const shorter = c.graph.make(n.op, n.inputs, attrs);
      yield c.results.includes(n) ? withResult(c, n, shorter) : undefined;
    }
}

/** A slice that begins earlier leaves room to cut what it is taken of. */
function* earlierSlices(c: FuzzCase, n: Node): Generator<FuzzCase | undefined> {
  const [start, step] = [numbersIn(n.attrs['start']), numbersIn(n.attrs['step'])];
  for (const [i, length] of shapeOf(n).entries()) {
    const least = Math.max(0, (length - 1) * -(step[i] ?? 1));
    const own = start[i] ?? 0;
    for (const first of new Set([least, (least + own) >> 1, own - 1])) {
      if (first < least || first >= own) continue;
      const attrs = { ...n.attrs, start: start.map((at, k) => (k === i ? first : at)) };
      yield replaced(c, new Map([[n, c.graph.make(n.op, n.inputs, attrs)]]));
    }
  }
}

/** A slice of a tensor that ends where the slice does. */
function fittedSlice(c: FuzzCase, n: Node): FuzzCase | undefined {
  const [x] = n.inputs;
  if (x === undefined) return undefined;
  const [start, step, size] = ['start', 'step', 'size'].map((name) => numbersIn(n.attrs[name]));
  const shape = shapeOf(x).map((_, i) => {
    const first = start?.[i] ?? 0;
    return Math.max(first, first + ((size?.[i] ?? 1) - 1) * (step?.[i] ?? 1)) + 1;
  });
  if (shape.join() === shapeOf(x).join()) return undefined;
  const value = cropped(meterOf(c.inputs, BOUND_SIZE).value(x), shape);
  const name = `c${c.inputs.size}`;
  const inputs = new Map([...c.inputs, [name, value] as const]);
  const input = b.input(c.graph, name, 'data', x.type.dtype, shape);
  return replaced({ ...c, inputs }, new Map([[n, c.graph.make(n.op, [input], n.attrs)]]));
}

const numbersIn = (a: Attr | undefined): number[] =>
  a !== undefined && isList(a) ? a.map(Number) : [];
const isList = (a: Attr): a is readonly Attr[] => Array.isArray(a);
function mapped(a: Attr, size: (n: number) => number): Attr {
  if (isList(a)) return a.map((part) => mapped(part, size));
  return typeof a === 'number' ? size(a) : a;
}

function staysInside(n: Node): boolean {
  if (n.op.name === 'argsort')
    return Number(n.attrs['count']) <= (n.inputs[0] ? (shapeOf(n.inputs[0]).at(-1) ?? 1) : 1);
  if (n.op.name !== 'slice') return true;
  const inner = n.inputs[0] === undefined ? [] : shapeOf(n.inputs[0]);
  const [start = [], step = [], size = []] = ['start', 'step', 'size'].map((name) =>
    numbersIn(n.attrs[name]),
  );
  return inner.every((d, i) => {
    const first = start[i] ?? 0;
    const last = first + ((size[i] ?? 1) - 1) * (step[i] ?? 1);
    return first >= 0 && first < d && last >= 0 && last < d;
  });
}

/** The leading part of a tensor. */
function cropped(x: NdArray, shape: readonly number[]): NdArray {
  const out = ndArray(x.dtype, shape);
  for (let flat = 0; flat < out.data.length; flat++) {
    let rest = flat;
    let source = 0;
    let stride = 1;
    for (let i = shape.length - 1; i >= 0; i--) {
      const n = shape[i] ?? 1;
      source += (rest % n) * stride;
      rest = Math.floor(rest / n);
      stride *= x.shape[i] ?? 1;
    }
    out.data[flat] = x.data[source] ?? 0;
  }
  return out;
}
