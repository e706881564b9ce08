/** The nodes that the drawing shows: views, constants and what is computed from them alone stand in no kernel by themselves. */
import type { Node } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';

export interface ShownNodes {
  readonly nodes: readonly Node[];
  readonly numberOf: ReadonlyMap<Node, number>;
  /** By node: the nearest shown nodes that it reads, ascending. */
  readonly inputs: readonly (readonly number[])[];
}

export function shownNodes(results: Iterable<Node>): ShownNodes {
  const all = reachable(results);
  const varies = new Map<Node, boolean>();
  for (const node of all) varies.set(node, isVarying(node, varies));
  const nodes = all.filter((node) => varies.get(node) === true && node.op.lowering.kind !== 'view');
  const numberOf = new Map(nodes.map((node, i) => [node, i]));
  return { nodes, numberOf, inputs: nodes.map((node) => shownInputs(node, numberOf)) };
}

/** Whether anything but literals reaches it; `varies` has its inputs. */
function isVarying(
  { op: { lowering }, inputs }: Node,
  varies: ReadonlyMap<Node, boolean>,
): boolean {
  if (lowering.kind === 'leaf') return lowering.leaf === 'input';
  if (lowering.kind !== 'view' && lowering.kind !== 'map') return true;
  return inputs.some((input) => varies.get(input) === true);
}

function shownInputs(node: Node, numberOf: ReadonlyMap<Node, number>): readonly number[] {
  const found = new Set<number>();
  const seen = new Set<Node>();
  const open = [...node.inputs];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const known = numberOf.get(next);
    if (known === undefined) open.push(...next.inputs);
    else found.add(known);
  }
  return [...found].sort((a, b) => a - b);
}
