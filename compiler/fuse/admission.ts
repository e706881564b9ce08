/** May these nodes be one kernel? Their reductions must be read where they are computed, and the bindings must suffice. */
import type { Node } from '../graph/node.ts';
import { divide, flatten, type Index, modulo, variable } from '../index/index-expr.ts';
import { Values } from '../kernel/value.ts';
import { isPool } from '../ops/view.ts';
import { type Cluster, ownIndex, placeAxes, reducesBlocks } from './cluster.ts';
import { isCompute, shapeOf } from './dataflow.ts';
import type { PoolPart } from './pools.ts';
import { Misaligned, type Tracer, traceValue } from './trace-value.ts';

/** The vectors at which a member evaluates each of its inputs. */
export function inputIndices(
  node: Node,
  cluster: Cluster,
): readonly { readonly node: Node; readonly at: readonly Index[] }[] {
  const { lowering } = node.op;
  if (lowering.kind === 'map') {
    const at = ownIndex(node, cluster);
    return node.inputs.map((x) => ({ node: x, at }));
  }
  if (reducesBlocks(node, cluster))
    return node.inputs.map((x) => ({ node: x, at: withinBlocks(cluster) }));
  if (lowering.kind === 'reduce')
    return node.inputs.map((x) => ({ node: x, at: placeAxes(shapeOf(x), cluster.full) }));
  return [];
}

/** The invocation's own place as block, and place in the block, along each axis. */
const withinBlocks = ({ full, block }: Cluster): readonly Index[] =>
  full.flatMap((axis, i) => {
    const [at, side] = [variable(axis.name, axis.size), block?.[i] ?? 1];
    return [divide(at, side), modulo(at, side)];
  });

const sameIndex = (a: readonly Index[], b: readonly Index[]): boolean =>
  a.length === b.length && a.every((e, i) => e.key === b[i]?.key);

/**
 * How many scalar values the kernel would compute, the operands of a product aside; undefined if it would need a reduction
 * or contraction of its own at another place than the invocation's.
 */
export function valueCount(
  cluster: Cluster,
  members: ReadonlySet<Node>,
  free: ReadonlySet<Node>,
): number | undefined {
  const values = new Values();
  const tracer: Tracer = {
    values,
    operand: (n) => (hasMemory(n, members, free) ? n.id : undefined),
    anchor: (n, at) => {
      if (!sameIndex(at, ownIndex(n, cluster))) throw new Misaligned();
      return values.reduced(n.id, n.type.dtype);
    },
  };
  const memo = new Map();
  try {
    for (const n of cluster.nodes)
      if (n.op.lowering.kind === 'map') traceValue(tracer, n, ownIndex(n, cluster), memo);
      else for (const x of inputIndices(n, cluster)) traceValue(tracer, x.node, x.at, memo);
    return values.count;
  } catch (e) {
    if (e instanceof Misaligned) return undefined;
    throw e;
  }
}

/** A key of the buffer that an input shares with others (a parameter with its optimizer's slots); undefined where it has its own. */
export type SharedBuffer = (input: Node) => string | undefined;

/** What decides which buffer a node lies in. */
export interface BufferFacts {
  readonly free: ReadonlySet<Node>;
  /** The input that a result overwrites. */
  readonly replaces: ReadonlyMap<Node, Node>;
  /** What is stored as a part of a pool. */
  readonly parts: ReadonlyMap<Node, PoolPart>;
  readonly sharedBuffer?: SharedBuffer;
}

/**
 * Buffers that the kernel would bind: what it loads and what it stores. A result that replaces an input
 * shares its buffer, and all parts of a pool lie in one. The uniform of loop bounds does not count.
 */
export function bindingCount(
  cluster: Cluster,
  members: ReadonlySet<Node>,
  stored: readonly Node[],
  { free, replaces, parts, sharedBuffer = () => undefined }: BufferFacts,
): number {
  const buffers = new Set<Node | string>();
  const bufferOf = (n: Node): Node | string => sharedBuffer(n) ?? n;
  const seen = new Set<Node>();
  const visit = (n: Node): void => {
    if (seen.has(n)) return;
    seen.add(n);
    const { lowering } = n.op;
    if (isPool(n)) buffers.add(n);
    else if (lowering.kind === 'leaf') {
      if (lowering.leaf === 'input') buffers.add(bufferOf(n));
    } else if (isCompute(n) && !free.has(n) && !members.has(n)) buffers.add(n);
    else for (const x of n.inputs) visit(x);
  };
  for (const n of cluster.nodes) for (const x of n.inputs) visit(x);
  for (const n of stored) buffers.add(bufferOf(replaces.get(n) ?? parts.get(n)?.pool ?? n));
  return buffers.size;
}

/** Whether every read of an input in the cluster is at the place where the result is written. */
export function readsOnlyAt(
  cluster: Cluster,
  result: Node,
  input: Node,
  free: ReadonlySet<Node>,
): boolean {
  const members = new Set(cluster.nodes);
  const own = flatten(ownIndex(result, cluster), shapeOf(result)).key;
  const values = new Values();
  let inPlace = true;
  const tracer: Tracer = {
    values,
    operand: (n, at) => {
      if (n === input && flatten(at, shapeOf(n)).key !== own) inPlace = false;
      return n === input || hasMemory(n, members, free) ? n.id : undefined;
    },
    anchor: (n) => values.reduced(n.id, n.type.dtype),
  };
  const memo = new Map();
  for (const n of cluster.nodes)
    for (const x of inputIndices(n, cluster)) traceValue(tracer, x.node, x.at, memo);
  return inPlace;
}

/** Whether the kernel of these members loads a node. */
export const hasMemory = (n: Node, members: ReadonlySet<Node>, free: ReadonlySet<Node>): boolean =>
  n.op.lowering.kind === 'leaf'
    ? n.op.lowering.leaf === 'input'
    : isCompute(n) && !free.has(n) && !members.has(n);
