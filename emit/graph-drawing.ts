/**
 * The forward graph as it is drawn: a node for each operation and input, layers as nested groups, shapes on the edges. As in the
 * language, plain numbers stand in the operation that they belong to, and what only broadcasts is not seen.
 */
import { equalShapes, shapeText } from '../compiler/graph/dim.ts';
import type { Graph } from '../compiler/graph/graph.ts';
import type { Attr, Node } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';
import type { Model } from '../compiler/model.ts';

export interface Drawing {
  readonly title: string;
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

export interface DrawnNode {
  /** `n3`: letters and digits, unique. */
  readonly id: string;
  readonly kind: 'input' | 'param' | 'operation' | 'result';
  /** One or two lines. */
  readonly lines: readonly string[];
  /** The layers that it is part of, from the outermost. */
  readonly groups: readonly string[];
}

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  /** The type of the value that goes along it. */
  readonly label: string;
}

/** Outputs, losses and metrics of an evaluation, and what they are made of. */
export function drawnGraph(model: Model): Drawing {
  const { graph, evaluation } = model;
  const results = [...evaluation.outputs, ...evaluation.losses, ...evaluation.metrics];
  const all = reachable(results.map(({ node }) => node));
  const shown = all.filter((node) => seen(node) === node && numberText(node) === undefined);
  const ids = new Map(shown.map((node, index) => [node, `n${index}`]));
  const idOf = (node: Node): string | undefined => ids.get(seen(node));
  const names = new Map(
    [
      ...model.params,
      ...model.states,
      ...model.inputs.map((one) => ({ ...one, path: one.name })),
    ].map(({ path, node }) => [node, path]),
  );
  const inputs = new Set(model.inputs.map(({ node }) => node));
  const nodes = shown.map((node): DrawnNode => {
    const name = names.get(node);
    const kind = inputs.has(node) ? 'input' : name === undefined ? 'operation' : 'param';
    const lines = name === undefined ? operationLines(node) : [name, typeText(node)];
    return { id: ids.get(node) ?? '', kind, lines, groups: groupsOf(graph, node, name) };
  });
  const ends = results.map(({ name, node }, index) => ({ id: `r${index}`, name, node }));
  return {
    title: model.name,
    nodes: [
      ...nodes,
      ...ends.map(({ id, name, node }): DrawnNode => {
        return { id, kind: 'result', lines: [name, typeText(node)], groups: [] };
      }),
    ],
    edges: [
      ...shown.flatMap((node) =>
        node.inputs.flatMap((input) => edge(idOf(input), idOf(node), seen(input))),
      ),
      ...ends.flatMap(({ id, node }) => edge(idOf(node), id, node)),
    ],
  };
}

function edge(from: string | undefined, to: string | undefined, value: Node): DrawnEdge[] {
  return from === undefined || to === undefined ? [] : [{ from, to, label: typeText(value) }];
}

/** An input's elements may be stored in another type than they are computed in: `u8[batch, 784]`. */
const typeText = ({ attrs, type }: Node): string =>
  `${typeof attrs['storage'] === 'string' ? attrs['storage'] : type.dtype}${shapeText(type.shape)}`;

/** What a node only broadcasts: the value before axes of size 1 were put in, and values repeated along them. */
function seen(node: Node): Node {
  const [only] = node.inputs;
  if (only === undefined) return node;
  if (node.op.name === 'expand') return seen(only);
  const withoutOnes = ({ type }: Node) => type.shape.filter((size) => size !== 1);
  const same = node.op.name === 'reshape' && equalShapes(withoutOnes(node), withoutOnes(only));
  return same ? seen(only) : node;
}

/** The number that a node is, be it spread over a shape; undefined where it is more. */
function numberText(node: Node): string | undefined {
  const { op, attrs } = seen(node);
  const literal = op.lowering.kind === 'leaf' && op.lowering.leaf === 'literal';
  return literal ? String(attrs['value']) : undefined;
}

function operationLines(node: Node): string[] {
  const numbers = node.inputs.map((input) => numberText(input) ?? '·');
  const withNumbers = numbers.some((one) => one !== '·');
  // Where some are plain numbers, a dot stands for each of the others.
  const head = withNumbers ? `${node.op.name}(${numbers.join(', ')})` : node.op.name;
  const attrs = Object.entries(node.attrs)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string' || isSmall(value))
    .map(([name, value]) => `${name} ${Array.isArray(value) ? `[${value.join(', ')}]` : value}`);
  const second = attrs.join(', ');
  return second === '' || second.length > 60 ? [head] : [head, second];
}

const isSmall = (value: Attr): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');

/** `encoder.3.dense` is within `encoder`, `3` and `dense`; a parameter within what owns it. */
function groupsOf(graph: Graph, node: Node, name: string | undefined): readonly string[] {
  if (name !== undefined) return name.split('.').slice(0, -1);
  const [origin] = graph.originsOf(node);
  return origin === undefined || origin.path === '' ? [] : origin.path.split('.');
}
