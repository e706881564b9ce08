/** Where a node of the graph comes from, in the words and the line of the file. Pure. */
import type { SourceLookup } from '../../grammar/index.ts';
import type { Graph } from './graph.ts';
import type { Node } from './node.ts';

/** `models/mnist.nn:5 (dense.W, gradient: vjp of contract): let x = …`, one for each place that made the node. */
export function originTexts(graph: Graph, node: Node, sources: SourceLookup): readonly string[] {
  const texts = graph.originsOf(node).flatMap(({ line, path, role, rule }) => {
    if (line === undefined && path === '') return [];
    const part = [path, role === 'forward' && rule === undefined ? '' : (rule ?? role)]
      .filter((text) => text !== '')
      .join(', ');
    const text = line === undefined ? undefined : lineAt(line, sources);
    const place = [line, part === '' ? undefined : `(${part})`].filter((t) => t !== undefined);
    return [`${place.join(' ')}${text === undefined ? '' : `: ${text}`}`];
  });
  return [...new Set(texts)];
}

/** The text of `models/mnist.nn:5`, without what it is indented by. */
export function lineAt(place: string, sources: SourceLookup): string | undefined {
  const [, name = '', number = ''] = /^(.*):(\d+)$/.exec(place) ?? [];
  const text = sources(name)?.text.split('\n')[Number(number) - 1]?.trim();
  return text === '' ? undefined : text;
}

/** `add f32[5, 10]`. */
export function nodeText({ op, type, attrs }: Node): string {
  const name = op.lowering.kind === 'leaf' ? String(attrs['name'] ?? op.name) : op.name;
  return `\`${name}\` ${type.dtype}[${type.shape.map(String).join(', ')}]`;
}
