/** Puts numbers in for symbolic sizes. Below this pass every extent is a number. */
import { isSymbolic, substitute, symbolsOf } from '../graph/dim.ts';
import type { Graph } from '../graph/graph.ts';
import type { Attr, Attrs, Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { literalOp } from '../ops/leaf.ts';
import { rebuild } from './rebuild.ts';

/** The results at the given sizes (`{ batch: 128 }`); `size` leaves become literals. */
export function bindSizes(
  graph: Graph,
  results: readonly Node[],
  bindings: Readonly<Record<string, number>>,
): Node[] {
  const done = new Map<Node, Node>();
  const bound = (node: Node): Node => done.get(node) ?? node;
  const value = (name: string): number | undefined =>
    Object.hasOwn(bindings, name) ? bindings[name] : undefined;
  for (const node of reachable(results)) {
    const attrs = bindAttrs(node.attrs, value);
    done.set(
      node,
      sizeAsLiteral(graph, node, attrs) ?? rebuild(graph, node, node.inputs.map(bound), attrs),
    );
  }
  return results.map(bound);
}

/** The symbolic sizes that the results depend on. */
export function symbolsIn(results: readonly Node[]): ReadonlySet<string> {
  const symbols = new Set<string>();
  const add = (a: Attr): void => {
    if (isList(a)) for (const part of a) add(part);
    else if (isSymbolic(a)) for (const name of symbolsOf(a)) symbols.add(name);
  };
  for (const { attrs } of reachable(results)) for (const a of Object.values(attrs)) add(a);
  return symbols;
}

function sizeAsLiteral(graph: Graph, node: Node, attrs: Attrs): Node | undefined {
  const { lowering } = node.op;
  const dim = attrs['dim'];
  if (lowering.kind !== 'leaf' || lowering.leaf !== 'size' || typeof dim !== 'number')
    return undefined;
  const [origin] = graph.originsOf(node);
  return graph.from(origin ?? graph.scope, () =>
    graph.make(literalOp, [], { value: dim, dtype: node.type.dtype }),
  );
}

/** The same object where nothing in it is symbolic. */
function bindAttrs(attrs: Attrs, value: (name: string) => number | undefined): Attrs {
  if (!Object.values(attrs).some(hasSymbol)) return attrs;
  return Object.fromEntries(Object.entries(attrs).map(([name, a]) => [name, bindAttr(a, value)]));
}

const hasSymbol = (a: Attr): boolean => (isList(a) ? a.some(hasSymbol) : isSymbolic(a));
const isList = (a: Attr): a is readonly Attr[] => Array.isArray(a);

function bindAttr(a: Attr, value: (name: string) => number | undefined): Attr {
  if (isList(a)) return a.map((part) => bindAttr(part, value));
  return isSymbolic(a) ? substitute(a, value) : a;
}
