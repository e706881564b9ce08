/**
 * From a node at an index vector to a scalar value: views rewrite the index, maps become
 * arithmetic, and whatever has memory becomes a load. This is the whole of view fusion.
 */
import type { DType } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { flatten, type Index } from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import type { Value, Values } from '../kernel/value.ts';
import { storageOf } from '../ops/leaf.ts';
import { dtypeOfScalar } from '../ops/map.ts';
import { and, ge, lt, select } from '../scalar/intrinsics.ts';
import type { Intrinsic, Scalar } from '../scalar/scalar.ts';
import { shapeOf } from './dataflow.ts';

/** An in-kernel reduction was asked for at another index than the invocation's own. */
export class Misaligned extends Error {}

export interface Tracer {
  readonly values: Values;
  /** The operand number of a node that has memory, or undefined. */
  operand(node: Node, at: readonly Index[]): number | undefined;
  /** The value of a reduction or contraction of this kernel at `at`; throws Misaligned. */
  anchor(node: Node, at: readonly Index[]): Value;
}

export function traceValue(
  t: Tracer,
  node: Node,
  at: readonly Index[],
  memo: Map<string, Value>,
): Value {
  const key = `${node.id}@${at.map((e) => e.key).join()}`;
  const seen = memo.get(key);
  if (seen !== undefined) return seen;
  const value = trace(t, node, at, memo);
  memo.set(key, value);
  return value;
}

function trace(t: Tracer, node: Node, at: readonly Index[], memo: Map<string, Value>): Value {
  const { lowering } = node.op;
  const { values } = t;
  const operand = t.operand(node, at);
  if (operand !== undefined)
    return values.load(operand, storageOf(node), node.type.dtype, flatten(at, shapeOf(node)));
  switch (lowering.kind) {
    case 'leaf':
      return traceLeaf(values, node, at);
    case 'view': {
      const { pieces, other } = lowering.access(at, node.inputs.map(shapeOf), node.attrs);
      // From the last piece to the first: each is chosen where its guards hold.
      return pieces.reduceRight<Value>(
        (outside, piece) => {
          const input = node.inputs[piece.input];
          if (input === undefined)
            throw new InternalError('fuse', `${node.op.name} has no input ${piece.input}`);
          const closed = piece.guards.some((g) => g.index.hi < 0 || g.index.lo >= g.size);
          return closed
            ? outside
            : values.guarded(piece.guards, traceValue(t, input, piece.at, memo), outside);
        },
        values.literal(other, node.type.dtype),
      );
    }
    case 'gather':
      return traceGather(t, node, lowering.batch(node.attrs), at, memo);
    case 'composite':
      throw new InternalError('fuse', `${node.op.name} was not expanded`);
    case 'map': {
      const args = node.inputs.map((x) => traceValue(t, x, at, memo));
      return scalarValue(values, lowering.scalar(node.attrs), args, node.op.name);
    }
    case 'reduce':
    case 'contract':
    case 'prefix':
      return t.anchor(node, at);
  }
}

function traceGather(
  t: Tracer,
  node: Node,
  batch: number,
  at: readonly Index[],
  memo: Map<string, Value>,
): Value {
  const { values } = t;
  const [x, ids] = node.inputs;
  if (x === undefined || ids === undefined)
    throw new InternalError('fuse', `${node.op.name} lacks an input`);
  const size = shapeOf(x)[batch] ?? 1;
  const idRank = ids.type.shape.length;
  const id = values.cast(traceValue(t, ids, at.slice(0, idRank), memo), 'i32');
  const row = values.gathered(id, size);
  const source = [...at.slice(0, batch), row, ...at.slice(idRank)];
  const inside = traceValue(t, x, source, memo);
  const test = (fn: Intrinsic, bound: number): Value =>
    values.apply(fn, [id, values.literal(bound, 'i32')], 'bool');
  const within = values.apply(and, [test(ge, 0), test(lt, size)], 'bool');
  return values.apply(
    select,
    [within, inside, values.literal(0, node.type.dtype)],
    node.type.dtype,
  );
}

function traceLeaf(values: Values, node: Node, at: readonly Index[]): Value {
  const { lowering } = node.op;
  if (lowering.kind !== 'leaf') throw new InternalError('fuse', 'not a leaf');
  switch (lowering.leaf) {
    case 'literal':
      return values.literal(Number(node.attrs['value']), node.type.dtype);
    case 'iota': {
      const [index] = at;
      if (index === undefined) throw new InternalError('fuse', 'iota without an index');
      return values.index(index);
    }
    case 'input':
    case 'size':
      throw new InternalError(
        'fuse',
        `${node.op.name} ${String(node.attrs['name'] ?? '')} has no memory`,
      );
  }
}

/** An op's scalar expression over argument values. */
function scalarValue(values: Values, e: Scalar, args: readonly Value[], op: string): Value {
  const dtypes = args.map((a) => a.dtype);
  const build = (x: Scalar, wanted: DType): Value => {
    switch (x.kind) {
      case 'arg': {
        const value = args[x.index];
        if (value === undefined)
          throw new InternalError('fuse', `${op} has no argument ${x.index}`);
        return value;
      }
      case 'literal':
        return values.literal(x.value, wanted);
      case 'cast':
        return values.cast(build(x.arg, dtypeOfScalar(x.arg, dtypes, op) ?? 'f32'), x.to);
      case 'result':
        throw new InternalError('fuse', `${op} refers to its own result`);
      case 'apply': {
        const result = dtypeOfScalar(x, dtypes, op);
        const operand =
          x.args
            .map((a) => dtypeOfScalar(a, dtypes, op))
            .filter((d, i) => d !== undefined && !(x.fn.name === 'select' && i === 0))[0] ?? wanted;
        const parts = x.args.map((a, i) =>
          build(a, x.fn.name === 'select' && i === 0 ? 'bool' : operand),
        );
        return values.apply(
          x.fn,
          parts,
          x.fn.result === 'same' ? (result ?? operand) : x.fn.result,
        );
      }
    }
  };
  return build(e, dtypeOfScalar(e, dtypes, op) ?? dtypes[0] ?? 'f32');
}
