/**
 * Derivatives of map ops: the partials of the scalar table (`scalar/intrinsics.ts`), instantiated as
 * graph nodes. An op composed of several scalar functions is differentiated through its expression.
 */
import * as b from '../builder.ts';
import { type DType, isFloat } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import { dtypeOfScalar, mapOp } from '../ops/map.ts';
import type { Scalar } from '../scalar/scalar.ts';
import { accumulate, type OperandOf, times } from './scaling.ts';

/** Cotangents of the inputs, from the cotangent of the result; undefined where they are zero. */
export function mapVjp(graph: Graph, node: Node, grad: Node): (Node | undefined)[] {
  const root = expressionOf(node);
  const operandOf = valuesAt(graph, node, root);
  const cotangents = new Map<Scalar, Node>([[root, grad]]);
  const out: (Node | undefined)[] = node.inputs.map(() => undefined);
  const send = (e: Scalar, g: Node | undefined): void => {
    const sum = accumulate(graph, cotangents.get(e), g);
    if (sum !== undefined) cotangents.set(e, sum);
  };
  for (const e of postOrder(root).reverse()) {
    const g = cotangents.get(e);
    if (g === undefined) continue;
    switch (e.kind) {
      case 'arg':
        out[e.index] = accumulate(graph, out[e.index], g);
        break;
      case 'cast':
        send(e.arg, castBack(graph, g, scalarDType(node, e), scalarDType(node, e.arg)));
        break;
      case 'apply':
        e.fn.partials?.(e.args, e).forEach((partial, i) => {
          const to = e.args[i];
          if (partial !== undefined && to !== undefined)
            send(to, times(graph, g, partial, operandOf));
        });
        break;
      case 'literal':
      case 'result':
        break;
    }
  }
  return out;
}

/** Tangent of the result, from the tangents of the inputs; undefined stands for zero. */
export function mapJvp(
  graph: Graph,
  node: Node,
  tangents: readonly (Node | undefined)[],
): Node | undefined {
  const root = expressionOf(node);
  const operandOf = valuesAt(graph, node, root);
  const known = new Map<Scalar, Node | undefined>();
  for (const e of postOrder(root)) known.set(e, tangentOf(e));
  return known.get(root);

  function tangentOf(e: Scalar): Node | undefined {
    switch (e.kind) {
      case 'arg':
        return tangents[e.index];
      case 'literal':
      case 'result':
        return undefined;
      case 'cast': {
        const t = known.get(e.arg);
        return t && castBack(graph, t, scalarDType(node, e.arg), e.to);
      }
      case 'apply':
        return (e.fn.partials?.(e.args, e) ?? []).reduce<Node | undefined>((sum, partial, i) => {
          const t = known.get(e.args[i] ?? e);
          if (partial === undefined || t === undefined) return sum;
          return accumulate(graph, sum, times(graph, t, partial, operandOf));
        }, undefined);
    }
  }
}

function expressionOf(node: Node): Scalar {
  const { lowering } = node.op;
  if (lowering.kind !== 'map')
    throw new InternalError('autodiff', `${node.op.name} has partials but is not a map op`);
  return lowering.scalar(node.attrs);
}

const scalarDType = (node: Node, e: Scalar): DType =>
  dtypeOfScalar(
    e,
    node.inputs.map((x) => x.type.dtype),
    node.op.name,
  ) ?? node.type.dtype;

/** Only conversions between floats have a derivative. */
const castBack = (graph: Graph, g: Node, from: DType, to: DType): Node | undefined =>
  isFloat(from) && isFloat(to) ? b.cast(graph, g, to) : undefined;

/** Operands before what is made of them, each once. */
function postOrder(root: Scalar): Scalar[] {
  const order = new Set<Scalar>();
  const visit = (e: Scalar): void => {
    if (order.has(e)) return;
    if (e.kind === 'cast') visit(e.arg);
    if (e.kind === 'apply') e.args.forEach(visit);
    order.add(e);
  };
  visit(root);
  return [...order];
}

/** Scalar expressions over a map node's inputs, as graph nodes; the whole expression is the node itself. */
function valuesAt(graph: Graph, node: Node, root: Scalar): OperandOf {
  const known = new Map<Scalar, b.Operand>([[root, node]]);
  const operandOf = (e: Scalar): b.Operand => {
    const seen = known.get(e);
    if (seen !== undefined) return seen;
    const value = build(e);
    known.set(e, value);
    return value;
  };
  function build(e: Scalar): b.Operand {
    switch (e.kind) {
      case 'arg':
        return node.inputs[e.index] ?? node;
      case 'result':
        return node;
      case 'literal':
        return e.value;
      case 'cast': {
        const x = operandOf(e.arg);
        return typeof x === 'number' ? x : b.cast(graph, x, e.to);
      }
      case 'apply':
        return applyScalar(graph, node, e, e.args.map(operandOf));
    }
  }
  return operandOf;
}

function applyScalar(
  graph: Graph,
  node: Node,
  e: Scalar & { kind: 'apply' },
  operands: readonly b.Operand[],
): b.Operand {
  const dtype = scalarDType(node, e.args.at(-1) ?? e);
  if (operands.every((x) => typeof x === 'number')) return e.fn.js(operands, dtype);
  const shape = node.type.shape;
  return graph.make(
    mapOp(e.fn),
    operands.map((x) =>
      b.broadcastTo(graph, typeof x === 'number' ? b.literal(graph, x, dtype) : x, shape),
    ),
  );
}
