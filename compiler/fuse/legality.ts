/** Why two kernels cannot be one. Each rule is a sentence that `--emit=fusion` prints. */
import type { Node } from '../graph/node.ts';
import { type BufferFacts, bindingCount, readsOnlyAt } from './admission.ts';
import { type Cluster, spaceSizes } from './cluster.ts';
import { mergedSpace, reducesTheRest } from './compose.ts';
import { isCompute, mapCost, readsDirectly } from './dataflow.ts';
import { excess, type Limits } from './limits.ts';

/** What the rules need to know of the program. */
export interface FusionContext extends BufferFacts, Limits {
  readonly maxBindings: number;
  readonly veto?: (a: Cluster, b: Cluster) => boolean;
  /** Whether one of them reads a result of the other. */
  reads(a: Cluster, b: Cluster): boolean;
  /** Whether a path from one to the other leads through a third kernel. */
  enclosesOther(a: Cluster, b: Cluster): boolean;
}

/** Scalar operations for one element; longer kernels compile slowly and spill registers. */
const LONGEST_TEXT = 512;

/** Both as one, if their kinds and spaces compose. */
export function together(a: Cluster, b: Cluster): Cluster | undefined {
  const space = mergedSpace(a, b);
  if (space === undefined) return undefined;
  const [first, second] = a.id < b.id ? [a, b] : [b, a];
  return { ...space, id: first.id, nodes: [...first.nodes, ...second.nodes] };
}

/** Why the two, `merged` if they compose, stay apart; undefined if they need not. */
export function refusal(
  a: Cluster,
  b: Cluster,
  merged: Cluster | undefined,
  context: FusionContext,
): string | undefined {
  if (merged === undefined) return differentSpaces(a, b);
  return misfit(a, b, merged, context) ?? excess(a, b, merged, context);
}

/** Why one kernel is not possible. */
export function misfit(
  a: Cluster,
  b: Cluster,
  merged: Cluster,
  context: FusionContext,
): string | undefined {
  const { free, maxBindings, replaces } = context;
  for (const n of merged.nodes)
    if (n.op.lowering.kind === 'reduce' && !reducesTheRest(n, merged))
      return 'they reduce over different axes';
  if (merged.kind === 'contract' && feedsProduct(merged))
    return 'the product would compute its operand again for every tile';
  if (merged.kind === 'contract' && [a, b].some((c) => c.kind === 'row') && !context.reads(a, b))
    return 'only what belongs to a product is reduced over its lines';
  if (context.veto?.(a, b) === true) return 'it was vetoed';
  if (context.enclosesOther(a, b)) return 'another kernel has to run between them';
  if (readsOwnPart(merged, context)) return 'one reads a tensor that the other writes a part of';
  if (textLength(merged) > LONGEST_TEXT) return 'the kernel would be too long';
  const members = new Set(merged.nodes);
  const stored = context.storedBy(members);
  const bindings = bindingCount(merged, members, stored, context);
  if (bindings > maxBindings) return `it would bind ${bindings} tensors of at most ${maxBindings}`;
  if (context.valueCount(merged) === undefined)
    return 'one reads a reduction of the other at other places';
  for (const n of merged.nodes) {
    const input = replaces.get(n);
    if (input !== undefined && !readsOnlyAt(merged, n, input, free))
      return `it would overwrite ${String(input.attrs['name'])} while reading it elsewhere`;
  }
  return undefined;
}

function differentSpaces(a: Cluster, b: Cluster): string {
  if (a.kind === b.kind && (a.kind === 'contract' || a.kind === 'prefix'))
    return `a kernel has one ${a.kind === 'contract' ? 'product' : 'running sum'}`;
  const [first, second] = [a, b].map((c) => `[${spaceSizes(c.full).join(', ')}]`);
  return first === second
    ? 'they reduce or contract over different axes'
    : `one iterates over ${first}, the other over ${second}`;
}

/** Whether a contraction reads, through views, what the kernel itself computes. */
function feedsProduct({ nodes }: Cluster): boolean {
  const members = new Set(nodes);
  const product = nodes.find((n) => n.op.lowering.kind === 'contract');
  const seen = new Set<Node>();
  const reads = (n: Node): boolean => {
    if (n !== product && members.has(n)) return true;
    if (seen.has(n)) return false;
    seen.add(n);
    return n === product || !isCompute(n) ? n.inputs.some(reads) : false;
  };
  return product !== undefined && reads(product);
}

/** Whether a kernel that writes a part of a pool would read it, which it can only once all parts are written. */
function readsOwnPart({ nodes }: Cluster, { parts, free }: FusionContext): boolean {
  const pools = new Set(nodes.flatMap((n) => parts.get(n)?.pool ?? []));
  return pools.size > 0 && readsDirectly(nodes, pools, free);
}

const textLength = ({ nodes }: Cluster): number =>
  nodes.reduce((n, node) => n + (node.op.lowering.kind === 'map' ? mapCost(node) : 1), 0);
