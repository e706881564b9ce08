/**
 * What a drawing shows as one: an operation, a value from outside, or a whole call of a function of the library. As in
 * the language, plain numbers stand in the operation that they belong to, and what only broadcasts is not seen.
 */
import { equalShapes, shapeText } from '../compiler/graph/dim.ts';
import type { Graph } from '../compiler/graph/graph.ts';
import type { Attr, LibraryCall, Node } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';

export interface Part {
  /** Its result. */
  readonly node: Node;
  readonly what: 'outside' | 'operation' | 'call';
  /** Results of the parts that it is computed from, each once. */
  readonly from: readonly Node[];
  /** Its name, and what it is told. */
  readonly lines: readonly string[];
  /** Of a call: the nodes that it made. */
  readonly within: readonly Node[];
}

export interface Parts {
  /** Each after those it is computed from. */
  readonly parts: readonly Part[];
  /** The part's node that a value belongs to; a plain number belongs to none. */
  readonly seen: (node: Node) => Node;
}

/** The parts that these are made of. */
export function partsOf(graph: Graph, results: readonly Node[]): Parts {
  const called = new Map<Node, Node>();
  for (const node of reachable(results)) {
    const value = bare(node);
    if (!called.has(value) && wholeCall(graph, node) !== undefined) called.set(value, node);
  }
  const seen = (node: Node): Node => {
    const value = bare(node);
    return called.get(value) ?? value;
  };
  const parts = new Map<Node, Part>();
  const open = results.map(seen);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (parts.has(node) || isNumber(node)) continue;
    const part = partAt(graph, node, seen);
    parts.set(node, part);
    open.push(...part.from);
  }
  return { parts: [...parts.values()].sort((a, b) => a.node.id - b.node.id), seen };
}

function partAt(graph: Graph, node: Node, seen: Parts['seen']): Part {
  const sources = (nodes: readonly Node[]): Node[] => [
    ...new Set(nodes.map(seen).filter((one) => one !== node && !isNumber(one))),
  ];
  const call = wholeCall(graph, node);
  if (call !== undefined) {
    const given = new Set(call.tensors);
    const needed = reachable([node], (one) => given.has(one));
    return {
      node,
      what: 'call',
      // A tensor may be given for its shape alone.
      from: sources(needed.filter((one) => given.has(one))),
      lines: [call.name, ...short(call.options.join(', '))],
      within: needed.filter((one) => !given.has(one)),
    };
  }
  const name = node.attrs['name'];
  return isOutside(node) && typeof name === 'string'
    ? { node, what: 'outside', from: [], lines: [name], within: [] }
    : {
        node,
        what: 'operation',
        from: sources(node.inputs),
        lines: operationLines(node),
        within: [],
      };
}

/** Axes of size 1 are put in or taken out, or values repeated along them. */
function onlyBroadcasts({ op, type }: Node, only: Node): boolean {
  if (op.name === 'expand') return true;
  const withoutOnes = (shape: Node['type']['shape']) => shape.filter((size) => size !== 1);
  return (
    op.name === 'reshape' && equalShapes(withoutOnes(type.shape), withoutOnes(only.type.shape))
  );
}

/** What is left of a node without all that only broadcasts. */
function bare(node: Node): Node {
  const [only] = node.inputs;
  return only !== undefined && onlyBroadcasts(node, only) ? bare(only) : node;
}

export const isNumber = (node: Node): boolean => numberText(node) !== undefined;

/** The number that a node is, be it spread over a shape; undefined where it is more. */
function numberText(node: Node): string | undefined {
  const { op, attrs } = bare(node);
  const literal = op.lowering.kind === 'leaf' && op.lowering.leaf === 'literal';
  return literal ? String(attrs['value']) : undefined;
}

/** Whether it is a value that nobody computes. */
export const isOutside = ({ op: { lowering } }: Node): boolean =>
  lowering.kind === 'leaf' && lowering.leaf === 'input';

/**
 * The call of the library that a node is the result of, if it has nothing but what it is given. (The number of the step,
 * of which random numbers are made, says nothing.)
 */
function wholeCall(graph: Graph, node: Node): LibraryCall | undefined {
  const call = graph.callOf(node);
  if (call === undefined || isNumber(node) || call.tensors.some((one) => bare(one) === bare(node)))
    return undefined;
  const given = new Set(call.tensors);
  const within = reachable([node], (one) => given.has(one));
  const more = within.some(
    (one) => isOutside(one) && !given.has(one) && one.attrs['kind'] !== 'counter',
  );
  return more ? undefined : call;
}

function operationLines(node: Node): string[] {
  const numbers = node.inputs.map((input) => numberText(input) ?? '·');
  const withNumbers = numbers.some((one) => one !== '·');
  // Where some are plain numbers, a dot stands for each of the others.
  const head = withNumbers ? `${node.op.name}(${numbers.join(', ')})` : node.op.name;
  const attrs = Object.entries(node.attrs)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string' || isSmall(value))
    // What sums are kept in is worth a word only where it is another type than theirs.
    .filter(([name, value]) => name !== 'acc' || value !== node.type.dtype)
    .map(([name, value]) => {
      const text = Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
      return name === 'labels' ? text : `${name} ${text}`;
    });
  return [head, ...short(attrs.join(', '))];
}

const isSmall = (value: Attr): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');

const short = (line: string): string[] => (line === '' || line.length > 40 ? [] : [line]);

/** As the language writes it. An input's elements may be stored in another type than they are computed in: `u8[batch, 784]`. */
export function typeText({ attrs, type: { dtype, shape } }: Node): string {
  const { storage } = attrs;
  return `${typeof storage === 'string' ? storage : dtype}${shape.length === 0 ? '' : shapeText(shape)}`;
}
