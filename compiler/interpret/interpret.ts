/**
 * The reference: executes a graph node by node in f64 with each op's own naive loops. Nothing here
 * knows index maps, kernels or fusion, so that everything below the graph can be compared with it.
 */
import { isSymbolic, shapeText } from '../graph/dim.ts';
import { type DType, isFloat } from '../graph/dtype.ts';
import { elementCount, type NdArray } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { InternalError } from '../internal-error.ts';
import { CapacityError } from '../plan/capacity-error.ts';

/** How the interpreter computes. */
export interface InterpretOptions {
  /** What becomes of every float that a node of this type computes: `Math.fround` shows how large rounding errors are. */
  round?(value: number, dtype: DType): number;
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
      ? { ...value, data: value.data.map((v) => round(v, value.dtype)) }
      : value;
  const nodes = reachable(results, isGiven);
  const lifetimes = lifetimesOf(nodes, results, given);
  checkMemory(nodes, lifetimes);
  for (const node of nodes) {
    computed.set(node, given.get(node) ?? rounded(evaluate(node, node.inputs.map(computedValue))));
    for (const over of lifetimes.get(node) ?? []) computed.delete(over);
  }
  return results.map(computedValue);
}

/** For each node, the values that nobody asks for once it is computed. */
function lifetimesOf(
  nodes: readonly Node[],
  results: readonly Node[],
  given: ReadonlyMap<Node, NdArray>,
): ReadonlyMap<Node, readonly Node[]> {
  const seen = new Set<Node>(results);
  const over = new Map<Node, Node[]>();
  for (const node of nodes.toReversed()) {
    if (given.has(node)) continue;
    const last = [...new Set(node.inputs)].filter((x) => !seen.has(x));
    for (const x of last) seen.add(x);
    if (last.length > 0) over.set(node, last);
  }
  return over;
}

/** Numbers that are kept at a time, 8 bytes each: more than this no test or initial value needs. */
const mostNumbers = 2 ** 28;

/** Throws CapacityError before anything is computed. */
function checkMemory(nodes: readonly Node[], lifetimes: ReadonlyMap<Node, readonly Node[]>): void {
  let live = 0;
  for (const node of nodes) {
    live += countOf(node);
    if (live > mostNumbers)
      throw new CapacityError(
        `computing ${node.type.dtype}${shapeText(node.type.shape)} on the CPU takes more than 2 GB at once`,
        'initial values and expectations are computed by the reference, number by number: use smaller tensors there',
      );
    for (const over of lifetimes.get(node) ?? []) live -= countOf(over);
  }
}

const countOf = ({ type }: Node): number =>
  elementCount(type.shape.map((d) => (typeof d === 'number' ? d : 1)));

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
