/**
 * From a kernel that computes something wrong to the node that is to blame, and so to a line of the model: the nodes of
 * the kernel are computed again, each by a kernel of its own, and where all of these are right, each as the only result
 * of a kernel that is fused as before. The first wrong one in the order of the data is it.
 */
import { isCompute } from '../compiler/fuse/dataflow.ts';
import type { Graph } from '../compiler/graph/graph.ts';
import type { NdArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';
import type { DeviceProfile } from '../compiler/schedule/device.ts';
import type { TrialResult } from './check-kernels.ts';
import { compareNumbers, type Worst } from './compare-numbers.ts';
import { boundedValues } from './error-bounds.ts';
import { runSubModel, subModel } from './sub-model.ts';
import type { WithSession } from './with-session.ts';

export interface Blame {
  readonly node: Node;
  readonly worst: Worst;
  /**
   * `alone`: it is wrong in a kernel of its own; `together`: only with those it is made of; `kernel`: only in the
   * kernel as it is.
   */
  readonly wrong: 'alone' | 'together' | 'kernel';
  /** Values of the nodes that the kernel of the blamed node reads. */
  readonly given: ReadonlyMap<Node, NdArray>;
}

/** Kernels of more nodes are not made again node by node with their fusion. */
const MOST_NODES = 48;

/** `result` has a wrong number. */
export async function blameNode(
  graph: Graph,
  { trial, given, worst }: TrialResult & { readonly worst: Worst },
  profile: DeviceProfile,
  withSession: WithSession,
): Promise<Blame> {
  const nodes = reachable(
    trial.writes.map((write) => write.node),
    (node) => given.has(node),
  ).filter((node) => isCompute(node) && !given.has(node));
  const bounds = boundedValues(nodes, (node) => given.get(node));
  const wrongIn = async (wanted: readonly Node[], fuse: boolean): Promise<Worst | undefined> => {
    const found = await runSubModel(subModel(graph, wanted, given), fuse, profile, withSession);
    for (const [i, node] of wanted.entries()) {
      const bounded = bounds.get(node);
      if (bounded === undefined) continue;
      const compared = compareNumbers(node, node.type.dtype, bounded, found[i]?.data ?? []);
      if (compared.wrong > 0) return compared.worst;
    }
    return undefined;
  };
  const alone = await wrongIn(nodes, false);
  if (alone !== undefined) return { node: alone.node, worst: alone, wrong: 'alone', given };
  const below = new Set(reachable([worst.node], (node) => given.has(node)));
  for (const node of nodes.filter((n) => below.has(n)).slice(0, MOST_NODES)) {
    const fused = await wrongIn([node], true);
    if (fused !== undefined) return { node, worst: fused, wrong: 'together', given };
  }
  return { node: worst.node, worst, wrong: 'kernel', given };
}
