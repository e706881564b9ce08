/** The nodes of a program as the page draws them, in sections and lanes. */
import { shapeText } from '../compiler/graph/dim.ts';
import type { Graph } from '../compiler/graph/graph.ts';
import type { Node } from '../compiler/graph/node.ts';
import type { PlacedKernel } from '../compiler/plan/plan-builder.ts';
import { layOutCell } from './cell-layout.ts';
import {
  type CellSize,
  type InspectedNode,
  type InspectedSection,
  type Lane,
  lanes,
} from './inspection.ts';
import { type LineOf, roleOf } from './roles.ts';
import { type SectionNode, sectionsOf } from './sections.ts';
import type { ShownNodes } from './shown-nodes.ts';

export interface InspectedGraph {
  readonly sections: readonly InspectedSection[];
  readonly nodes: readonly InspectedNode[];
}

type CellKey = `${number}:${Lane}`;

export function graphOf(
  graph: Graph,
  { nodes, inputs }: ShownNodes,
  placed: readonly PlacedKernel[],
  lineOf: LineOf,
): InspectedGraph {
  const kernels = kernelsByNode(placed);
  const bare = nodes.map(
    (node, i): SectionNode & Omit<InspectedNode, 'section' | 'lane' | 'at'> => {
      const [origin] = graph.originsOf(node);
      const name = node.op.lowering.kind === 'leaf' ? node.attrs['name'] : undefined;
      const lines = lineOf(node);
      return {
        op: node.op.name,
        ...(typeof name === 'string' ? { name } : {}),
        type: `${node.type.dtype}${node.type.shape.length === 0 ? '' : shapeText(node.type.shape)}`,
        role: roleOf(graph, node),
        path: origin?.path ?? '',
        ...(origin?.rule === undefined ? {} : { rule: origin.rule }),
        lines,
        line: lines[0]?.join(':') ?? '',
        inputs: inputs[i] ?? [],
        kernels: kernels.get(node) ?? [],
      };
    },
  );
  const { names, sectionOf, laneOf } = sectionsOf(bare);
  const cellOf = (i: number): CellKey => `${sectionOf[i] ?? 0}:${laneOf[i] ?? 'forward'}`;
  const { sizes, at } = layOutCells(
    bare.map((node, i) => ({ inputs: node.inputs, cell: cellOf(i) })),
  );
  return {
    sections: names.map((name, section) => {
      const cells = lanes.map((lane): [Lane, CellSize] => [
        lane,
        sizes.get(`${section}:${lane}`) ?? { rows: 0, columns: 0 },
      ]);
      return { name, cells: Object.fromEntries(cells) as Record<Lane, CellSize> };
    }),
    nodes: bare.map(({ line: _, ...node }, i) => ({
      ...node,
      section: sectionOf[i] ?? 0,
      lane: laneOf[i] ?? 'forward',
      at: at[i] ?? [0, 0],
    })),
  };
}

/** Of each node the kernels that compute it; of data those that use them. */
function kernelsByNode(placed: readonly PlacedKernel[]): ReadonlyMap<Node, readonly number[]> {
  const found = new Map<Node, Set<number>>();
  const note = (node: Node, kernel: number): void => {
    const own = found.get(node) ?? new Set();
    found.set(node, own.add(kernel));
  };
  placed.forEach(({ spec }, kernel) => {
    for (const node of spec.nodes) note(node, kernel);
    for (const { tensor } of spec.operands)
      if (tensor.node.op.lowering.kind === 'leaf') note(tensor.node, kernel);
  });
  return new Map([...found].map(([node, kernels]) => [node, [...kernels]]));
}

/** Every cell by itself: what comes from another cell is no reason to stand lower. */
function layOutCells(
  nodes: readonly { readonly inputs: readonly number[]; readonly cell: CellKey }[],
): {
  readonly sizes: ReadonlyMap<CellKey, CellSize>;
  readonly at: readonly (readonly [number, number])[];
} {
  const members = new Map<CellKey, number[]>();
  const place: number[] = [];
  nodes.forEach(({ cell }, i) => {
    const own = members.get(cell) ?? [];
    members.set(cell, own);
    place[i] = own.push(i) - 1;
  });
  const sizes = new Map<CellKey, CellSize>();
  const at: (readonly [number, number])[] = [];
  for (const [cell, own] of members) {
    const within = own.map((i) =>
      (nodes[i]?.inputs ?? []).flatMap((input) =>
        nodes[input]?.cell === cell ? (place[input] ?? []) : [],
      ),
    );
    const layout = layOutCell(within, cell.endsWith(':gradient'));
    sizes.set(cell, layout.size);
    own.forEach((i, n) => {
      at[i] = layout.at[n] ?? [0, 0];
    });
  }
  return { sizes, at };
}
