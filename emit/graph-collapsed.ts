/** A drawing with fewer nodes. */
import type { Drawing, DrawnEdge, DrawnNode } from './graph-drawing.ts';

/**
 * Every group without groups in it becomes one node, but for the `outermost` levels of groups. Again and again, this ends
 * with a drawing that stays as it is.
 */
export function collapsed({ title, nodes, edges }: Drawing, outermost = 0): Drawing {
  const key = (groups: readonly string[]): string => groups.join('\0');
  const outer = new Set(
    nodes.flatMap(({ groups }) => groups.map((_, depth) => key(groups.slice(0, depth)))),
  );
  const members = Map.groupBy(nodes, ({ groups }) => key(groups));
  const ids = new Map<string, string>();
  const left = nodes.flatMap((node): DrawnNode[] => {
    const { groups } = node;
    const [first, ...more] = members.get(key(groups)) ?? [];
    if (first === undefined || groups.length <= outermost || outer.has(key(groups))) return [node];
    ids.set(node.id, first.id);
    return node === first ? [asOne(first, more)] : [];
  });
  const idOf = (id: string): string => ids.get(id) ?? id;
  const moved = edges
    .map(({ from, to }): DrawnEdge => ({ from: idOf(from), to: idOf(to) }))
    .filter(({ from, to }) => from !== to);
  return {
    title,
    nodes: left,
    edges: [...new Map(moved.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()],
  };
}

/** A group as one node, with the number of what is in it. */
function asOne(first: DrawnNode, more: readonly DrawnNode[]): DrawnNode {
  const { id, kind, groups } = first;
  const nodes = [first, ...more];
  const sum = (of: (node: DrawnNode) => number) => nodes.reduce((all, node) => all + of(node), 0);
  const holds = {
    parameters: sum((node) => node.holds?.parameters ?? Number(node.kind === 'param')),
    operations: sum((node) => node.holds?.operations ?? Number(!outside.has(node.kind))),
  };
  const counts = [
    counted(holds.parameters, 'parameter'),
    counted(holds.operations, 'operation'),
  ].filter((text) => !text.startsWith('0 '));
  return {
    id,
    kind: kind === 'backward' || kind === 'update' ? kind : 'layer',
    lines: [groups.at(-1) ?? '', ...counts],
    groups: groups.slice(0, -1),
    holds,
  };
}

const outside: ReadonlySet<DrawnNode['kind']> = new Set(['input', 'param', 'result']);

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;
