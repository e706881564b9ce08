/** The groups of a drawing as a tree. */
import type { DrawnNode } from './graph-drawing.ts';

export interface Group {
  /** `g2`: letters and digits, unique; empty for the whole. */
  readonly id: string;
  readonly name: string;
  readonly nodes: readonly DrawnNode[];
  readonly groups: readonly Group[];
}

interface Growing extends Group {
  readonly nodes: DrawnNode[];
  readonly groups: Growing[];
}

export function groupTree(nodes: readonly DrawnNode[]): Group {
  let count = 0;
  const root: Growing = { id: '', name: '', nodes: [], groups: [] };
  for (const node of nodes) {
    let group = root;
    for (const name of node.groups) {
      let inner = group.groups.find((one) => one.name === name);
      if (inner === undefined) {
        inner = { id: `g${count}`, name, nodes: [], groups: [] };
        count += 1;
        group.groups.push(inner);
      }
      group = inner;
    }
    group.nodes.push(node);
  }
  return { ...root, groups: root.groups.map(joined) };
}

/** A group that holds nothing but another is one with it: `blocks.0.block`. */
function joined(group: Group): Group {
  const [only] = group.groups;
  if (only !== undefined && group.groups.length === 1 && group.nodes.length === 0)
    return joined({ ...only, id: group.id, name: `${group.name}.${only.name}` });
  return { ...group, groups: group.groups.map(joined) };
}
