/**
 * The reference: executes a graph node by node in f64 with each op's own naive loops. Nothing here
 * knows index maps, kernels or fusion, so that everything below the graph can be compared with it.
 */
import { isSymbolic, shapeText } from '../graph/dim.ts';
import { isFloat } from '../graph/dtype.ts';
import type { NdArray } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { InternalError } from '../internal-error.ts';

export interface InterpretOptions {
  /** What becomes of every float that a node computes: `Math.fround` shows how large rounding errors are. */
  round?(value: number): number;
}

/**
 * Values of the results. `values` gives those of the inputs, and may give those of any other node,
 * which is then not computed. All sizes must be numbers (`bindSizes`).
 */
export function interpret(
  results: readonly Node[],
  values: (node: Node) => NdArray | undefined,
  { round }: InterpretOptions = {},
): NdArray[] {
  const given = new Map<Node, NdArray>();
  const isGiven = (node: Node): boolean => {
    const value = values(node);
    if (value !== undefined) given.set(node, value);
    return value !== undefined;
  };
  const computed = new Map<Node, NdArray>();
  const computedValue = (node: Node): NdArray => {
    const value = computed.get(node);
    if (value === undefined) throw new InternalError('interpret', `%${node.id} before its inputs`);
    return value;
  };
  const rounded = (value: NdArray): NdArray =>
    round !== undefined && isFloat(value.dtype)
      ? { ...value, data: value.data.map((v) => round(v)) }
      : value;
  for (const node of reachable(results, isGiven))
    computed.set(node, given.get(node) ?? rounded(evaluate(node, node.inputs.map(computedValue))));
  return results.map(computedValue);
}

function evaluate(node: Node, inputs: readonly NdArray[]): NdArray {
  const { op, attrs, type } = node;
  if (op.evaluate === undefined)
    throw new InternalError(
      'interpret',
      `no value was given for ${op.name} ${String(attrs['name'] ?? '')}`,
    );
  if (type.shape.some(isSymbolic))
    throw new InternalError(
      'interpret',
      `%${node.id} ${op.name} has the unbound shape ${shapeText(type.shape)}`,
    );
  return op.evaluate(inputs, attrs, type);
}
