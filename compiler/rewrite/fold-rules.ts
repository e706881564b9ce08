/** Constant folding and identities of arithmetic. None of them costs anything or rounds differently. */
import * as b from '../builder.ts';
import { equalShapes } from '../graph/dim.ts';
import { isFloat } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { cast, evaluator, mapOp } from '../ops/map.ts';
import { expand } from '../ops/reduce.ts';
import * as f from '../scalar/intrinsics.ts';
import { binary, bothOrders, unary } from './pattern.ts';
import type { Rule } from './rebuild.ts';
import { filled, uniformValue } from './uniform.ts';

const constant = (g: Graph, value: number, like: Node): Node =>
  filled(g, value, like.type.dtype, like.type.shape);
const is = (x: Node | undefined, c: number): boolean => x !== undefined && uniformValue(x) === c;

/** A map of known numbers is a known number. Not where it overflows: kernels have no literal for that. */
const foldConstants: Rule = {
  name: 'fold/constants',
  apply(g, node) {
    const { lowering } = node.op;
    if (lowering.kind !== 'map') return undefined;
    const at: number[] = [];
    for (const x of node.inputs) {
      const value = uniformValue(x);
      if (value === undefined) return undefined;
      at.push(value);
    }
    const types = node.inputs.map((x) => x.type.dtype);
    const value = evaluator(lowering.scalar(node.attrs), types)(at);
    if (!Number.isFinite(value)) return undefined;
    if (isFloat(node.type.dtype) && !Number.isFinite(Math.fround(value))) return undefined;
    return constant(g, value, node);
  },
};

/** The number stands on the right, so that c·x and x·c are one node. */
const numberRight: Rule = {
  name: 'fold/number-right',
  apply(g, node) {
    const [x, y] = binary(node, f.add) ?? binary(node, f.mul) ?? [];
    if (x === undefined || y === undefined || uniformValue(x) === undefined) return undefined;
    return uniformValue(y) === undefined ? g.make(node.op, [y, x]) : undefined;
  },
};

const addition: Rule = {
  name: 'fold/add',
  apply(g, node) {
    for (const [x, y] of bothOrders(node, f.add)) {
      if (is(y, 0)) return x;
      if (x === y && isFloat(node.type.dtype)) return b.mul(g, x, 2);
      const minus = unary(y, f.neg);
      if (minus !== undefined) return b.sub(g, x, minus);
    }
    return undefined;
  },
};

const subtraction: Rule = {
  name: 'fold/sub',
  apply(g, node) {
    const [x, y] = binary(node, f.sub) ?? [];
    if (x === undefined || y === undefined) return undefined;
    if (is(y, 0)) return x;
    if (is(x, 0)) return b.neg(g, y);
    const minus = unary(y, f.neg);
    return minus && b.add(g, x, minus);
  },
};

const multiplication: Rule = {
  name: 'fold/mul',
  apply(g, node) {
    for (const [x, y] of bothOrders(node, f.mul)) {
      if (is(y, 1)) return x;
      if (is(y, -1)) return b.neg(g, x);
      const c = uniformValue(y);
      const inner = c === undefined ? [] : bothOrders(x, f.mul);
      // Two factors are one only where that is exact.
      for (const [z, d] of inner) {
        const other = uniformValue(d);
        if (other !== undefined && c !== undefined && (isPowerOfTwo(c) || isPowerOfTwo(other)))
          return b.mul(g, z, c * other);
      }
    }
    return undefined;
  },
};

/** x·0 and x-x are 0 unless x is not finite: switched off where that has to show. */
const timesZero: Rule = {
  name: 'fold/times-zero',
  apply(g, node) {
    return bothOrders(node, f.mul).some(([, y]) => is(y, 0)) ? constant(g, 0, node) : undefined;
  },
};
const minusItself: Rule = {
  name: 'fold/minus-itself',
  apply(g, node) {
    const [x, y] = binary(node, f.sub) ?? [];
    return x !== undefined && x === y ? constant(g, 0, node) : undefined;
  },
};

const isPowerOfTwo = (c: number): boolean => {
  const exponent = Math.log2(Math.abs(c));
  return Number.isInteger(exponent) && Math.abs(exponent) <= 100 && 2 ** exponent === Math.abs(c);
};

const division: Rule = {
  name: 'fold/div',
  apply(g, node) {
    const [x, y] = binary(node, f.div) ?? [];
    if (x === undefined || y === undefined) return undefined;
    const c = uniformValue(y);
    if (c === 1) return x;
    // A reciprocal is exact for powers of two only.
    if (c !== undefined && isFloat(node.type.dtype) && isPowerOfTwo(c)) return b.mul(g, x, 1 / c);
    if (is(x, 0) && c !== undefined && c !== 0) return constant(g, 0, node);
    return undefined;
  },
};

const negation: Rule = {
  name: 'fold/neg',
  apply(g, node) {
    const x = unary(node, f.neg);
    const twice = unary(x, f.neg);
    if (twice !== undefined) return twice;
    const [p, q] = binary(x, f.sub) ?? [];
    if (p !== undefined && q !== undefined) return b.sub(g, q, p);
    for (const [z, c] of bothOrders(x, f.mul)) {
      const value = uniformValue(c);
      if (value !== undefined) return b.mul(g, z, -value);
    }
    return undefined;
  },
};

const logic: Rule = {
  name: 'fold/logic',
  apply(g, node) {
    const twice = unary(unary(node, f.not), f.not);
    if (twice !== undefined) return twice;
    for (const [x, y] of bothOrders(node, f.and)) {
      if (is(y, 1) || x === y) return x;
      if (is(y, 0)) return constant(g, 0, node);
    }
    for (const [x, y] of bothOrders(node, f.or)) {
      if (is(y, 0) || x === y) return x;
      if (is(y, 1)) return constant(g, 1, node);
    }
    return undefined;
  },
};

const choice: Rule = {
  name: 'fold/select',
  apply(g, node) {
    const [c, yes, no] = select(node);
    if (c === undefined || yes === undefined || no === undefined) return undefined;
    if (yes === no) return yes;
    const known = uniformValue(c);
    if (known !== undefined) return known === 0 ? no : yes;
    const inverse = unary(c, f.not);
    if (inverse !== undefined) return b.where(g, inverse, no, yes);
    // The same question again inside a branch has been answered.
    const [d, innerYes] = select(yes);
    if (d === c && innerYes !== undefined) return b.where(g, c, innerYes, no);
    const [e, , innerNo] = select(no);
    if (e === c && innerNo !== undefined) return b.where(g, c, yes, innerNo);
    return undefined;
  },
};
export const select = (node: Node): readonly (Node | undefined)[] =>
  node.op === mapOp(f.select) ? node.inputs : [];

const maximum: Rule = {
  name: 'fold/extreme-of-equals',
  apply(_, node) {
    const [x, y] = binary(node, f.max) ?? binary(node, f.min) ?? [];
    return x === y ? x : undefined;
  },
};

/** Conversions through a type that holds every value, and back. */
const casts: Rule = {
  name: 'fold/cast',
  apply(g, node) {
    const [middle] = node.inputs;
    if (node.op !== cast || middle === undefined) return undefined;
    if (middle.type.dtype === node.type.dtype) return middle;
    const [x] = middle.inputs;
    if (middle.op !== cast || x === undefined) return undefined;
    const lossless =
      x.type.dtype === 'bool' || (x.type.dtype === 'f16' && middle.type.dtype === 'f32');
    return lossless ? b.cast(g, x, node.type.dtype) : undefined;
  },
};

/** Arithmetic on repeated numbers is done before repeating them. */
const expandAboveMap: Rule = {
  name: 'fold/expand-above-map',
  apply(g, node) {
    if (node.op.lowering.kind !== 'map') return undefined;
    const first = node.inputs.find((x) => x.op === expand && uniformValue(x) === undefined);
    const small = first?.inputs[0]?.type.shape;
    if (small === undefined) return undefined;
    const below: Node[] = [];
    for (const x of node.inputs) {
      const value = uniformValue(x);
      const inner = x.inputs[0];
      if (value !== undefined) below.push(filled(g, value, x.type.dtype, small));
      else if (x.op === expand && inner !== undefined && equalShapes(inner.type.shape, small))
        below.push(inner);
      else return undefined;
    }
    return b.expand(g, g.make(node.op, below, node.attrs), node.type.shape);
  },
};

export const foldRules: readonly Rule[] = [
  foldConstants,
  numberRight,
  addition,
  subtraction,
  multiplication,
  timesZero,
  minusItself,
  division,
  negation,
  logic,
  choice,
  maximum,
  casts,
  expandAboveMap,
];
