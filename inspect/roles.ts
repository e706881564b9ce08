/** What a node is there for, and where it stands in the sources. */
import type { Graph } from '../compiler/graph/graph.ts';
import type { Node } from '../compiler/graph/node.ts';
import type { Source } from '../grammar/source.ts';
import type { LineRef, Role } from './inspection.ts';

export function roleOf(graph: Graph, node: Node): Role {
  const kind = node.op.lowering.kind === 'leaf' ? node.attrs['kind'] : undefined;
  if (kind !== undefined) return 'data';
  return graph.originsOf(node)[0]?.role ?? 'forward';
}

export type LineOf = (node: Node) => readonly LineRef[];

/** The lines of a node's origins, in the sources that are shown. */
export function lineFinder(graph: Graph, sources: readonly Source[]): LineOf {
  const number = new Map(sources.map(({ name }, i) => [name, i]));
  return (node) => {
    const lines = new Map<string, LineRef>();
    for (const { line } of graph.originsOf(node)) {
      const [, name, at] = /^(.*):(\d+)$/.exec(line ?? '') ?? [];
      const source = name === undefined ? undefined : number.get(name);
      if (source !== undefined) lines.set(`${source}:${at}`, [source, Number(at)]);
    }
    return [...lines.values()];
  };
}
