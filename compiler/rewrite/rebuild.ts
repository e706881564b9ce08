/**
 * The one engine of every graph-to-graph pass: walks bottom-up, rebuilds nodes whose inputs changed,
 * and asks a rule for a replacement. Nothing is changed in place; what a rule makes takes over where
 * the replaced node came from.
 */
import type { Graph } from '../graph/graph.ts';
import type { Attrs, Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { InternalError } from '../internal-error.ts';

/** A replacement for a node whose inputs are already rewritten, or undefined to keep it. */
export interface Rule {
  /** `area/what`, as `stable/softplus`. */
  readonly name: string;
  apply(graph: Graph, node: Node): Node | undefined;
}

/** Replacements of one node are again offered to the rules; more than this is a cycle between rules. */
const MOST_STEPS = 64;

/**
 * The results, rewritten; one walk, memoised by node. `settled` remembers nodes that no rule replaces:
 * a rule sees a node and what lies below it, which never change, so asking again would be in vain.
 */
export function rewrite(
  graph: Graph,
  results: readonly Node[],
  rules: readonly Rule[],
  settled: Set<Node> = new Set(),
): Node[] {
  const done = new Map<Node, Node>();
  const replaced = (node: Node): Node => done.get(node) ?? node;
  for (const node of reachable(results)) {
    let now = rebuild(graph, node, node.inputs.map(replaced));
    for (let step = 0; !settled.has(now); step++) {
      const next = firstMatch(graph, now, rules);
      if (next === undefined) {
        settled.add(now);
        break;
      }
      if (step === MOST_STEPS)
        throw new InternalError('rewrite', `rules go round in circles at ${node.op.name}`);
      now = next;
    }
    done.set(node, now);
    const call = graph.callOf(node);
    if (now !== node && call !== undefined)
      graph.noteCall(now, { ...call, tensors: call.tensors.map(replaced) });
  }
  return results.map(replaced);
}

/** Walks again until nothing changes, since a replacement may let a rule match further down. */
export function rewriteFully(
  graph: Graph,
  results: readonly Node[],
  rules: readonly Rule[],
): Node[] {
  let now = [...results];
  const settled = new Set<Node>();
  for (let round = 0; round < MOST_STEPS; round++) {
    const next = rewrite(graph, now, rules, settled);
    if (next.every((n, i) => n === now[i])) return next;
    now = next;
  }
  throw new InternalError('rewrite', `no end in sight with ${rules.map((r) => r.name).join()}`);
}

function firstMatch(graph: Graph, node: Node, rules: readonly Rule[]): Node | undefined {
  const [origin] = graph.originsOf(node);
  for (const rule of rules) {
    const next = graph.from({ ...(origin ?? graph.scope), rule: rule.name }, () =>
      rule.apply(graph, node),
    );
    if (next === undefined || next === node) continue;
    carryOrigins(graph, node, next, rule.name);
    return next;
  }
  return undefined;
}

/** The same op on other inputs or attributes. */
export function rebuild(
  graph: Graph,
  node: Node,
  inputs: readonly Node[],
  attrs: Attrs = node.attrs,
): Node {
  if (attrs === node.attrs && inputs.every((x, i) => x === node.inputs[i])) return node;
  const [origin] = graph.originsOf(node);
  const next = graph.from(origin ?? graph.scope, () => graph.make(node.op, inputs, attrs));
  carryOrigins(graph, node, next);
  return next;
}

/** A node that merely passes one of its inputs on says nothing about where that input comes from. */
function carryOrigins(graph: Graph, from: Node, to: Node, rule?: string): void {
  if (from.inputs.includes(to)) return;
  for (const origin of graph.originsOf(from))
    graph.note(to, rule === undefined ? origin : { ...origin, rule });
}
