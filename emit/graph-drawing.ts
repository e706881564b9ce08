/**
 * The graph as it is drawn: a node for each input, each operation and each call of a function of the library, with the
 * type of its value; layers as nested groups.
 */
import type { Graph } from '../compiler/graph/graph.ts';
import type { Node } from '../compiler/graph/node.ts';
import type { Model, NamedNode } from '../compiler/model.ts';
import { type Part, type Parts, partsOf, typeText } from './graph-parts.ts';

export interface Drawing {
  readonly title: string;
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

export interface DrawnNode {
  /** `n3`: letters and digits, unique. */
  readonly id: string;
  readonly kind: DrawnKind;
  /** From one to three. */
  readonly lines: readonly string[];
  /** The layers that it is part of, from the outermost. */
  readonly groups: readonly string[];
  /** Of a whole group that is drawn as one. */
  readonly holds?: { readonly parameters: number; readonly operations: number };
}

export type DrawnKind =
  | 'input'
  | 'param'
  | 'operation'
  | 'function'
  | 'layer'
  | 'backward'
  | 'update'
  | 'result';

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
}

/** Outputs, losses and metrics of an evaluation, and what they are made of. */
export function drawnGraph(model: Model): Drawing {
  const { evaluation, graph, name } = model;
  const results = [...evaluation.outputs, ...evaluation.losses, ...evaluation.metrics];
  const parts = partsOf(
    graph,
    results.map(({ node }) => node),
  );
  return { title: name, ...drawnParts(model, parts, results) };
}

/** These parts, and under their names those that are results. The ids are n0, n1, … in the order of the parts, and r0, r1, …. */
export function drawnParts(
  model: Model,
  { parts, seen }: Parts,
  results: readonly NamedNode[],
): Pick<Drawing, 'nodes' | 'edges'> {
  const { graph } = model;
  const ids = new Map(parts.map(({ node }, index) => [node, `n${index}`]));
  const paths = new Map([...model.params, ...model.states].map(({ path, node }) => [node, path]));
  const edge = (from: Node, to: string | undefined): DrawnEdge[] => {
    const id = ids.get(seen(from));
    return id === undefined || to === undefined ? [] : [{ from: id, to }];
  };
  return {
    nodes: [
      ...parts.map((part, index) => drawnPart(graph, part, `n${index}`, paths.get(part.node))),
      ...results.map(({ name, node }, index): DrawnNode => {
        return { id: `r${index}`, kind: 'result', lines: [name, typeText(node)], groups: [] };
      }),
    ],
    edges: [
      ...parts.flatMap(({ node, from }) => from.flatMap((one) => edge(one, ids.get(node)))),
      ...results.flatMap(({ node }, index) => edge(node, `r${index}`)),
    ],
  };
}

/** `path` is that of a parameter or a state. */
function drawnPart(graph: Graph, part: Part, id: string, path: string | undefined): DrawnNode {
  const { node, what, lines } = part;
  if (path !== undefined) {
    const groups = layersOf(path);
    return { id, kind: 'param', lines: [groups.pop() ?? '', typeText(node)], groups };
  }
  const made = what === 'call' ? graph.callOf(node) : graph.originsOf(node)[0];
  return { id, kind: kinds[what], lines: [...lines, typeText(node)], groups: layersOf(made?.path) };
}

const kinds = { outside: 'input', operation: 'operation', call: 'function' } as const;

/** `encoder.3.dense` is within `encoder`, `3` and `dense`. */
export const layersOf = (path = ''): string[] => (path === '' ? [] : path.split('.'));
