/**
 * The forward graph as it is drawn: a node for each operation and input, layers as nested groups, shapes on the edges. Plain
 * numbers stand in the operation that they belong to, since a node for each would hide the rest.
 */
import { shapeText } from '../compiler/graph/dim.ts';
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
  const shown = all.filter((node) => numberText(node) === undefined);
  const ids = new Map(shown.map((node, index) => [node, `n${index}`]));
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
        node.inputs.flatMap((input) => edge(ids.get(input), ids.get(node), input)),
      ),
      ...ends.flatMap(({ id, node }) => edge(ids.get(node), id, node)),
    ],
  };
}

function edge(from: string | undefined, to: string | undefined, value: Node): DrawnEdge[] {
  return from === undefined || to === undefined ? [] : [{ from, to, label: typeText(value) }];
}

const typeText = ({ type }: Node): string => `${type.dtype}${shapeText(type.shape)}`;

/** The number that a node is, be it spread over a shape; undefined where it is more. */
function numberText(node: Node): string | undefined {
  const { lowering, name } = node.op;
  if (lowering.kind === 'leaf' && lowering.leaf === 'literal') return String(node.attrs['value']);
  const [only] = node.inputs;
  if (name === 'expand' && only !== undefined) return numberText(only);
  return undefined;
}

function operationLines(node: Node): string[] {
  const numbers = node.inputs.map((input) => numberText(input) ?? '·');
  const withNumbers = numbers.some((one) => one !== '·');
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
