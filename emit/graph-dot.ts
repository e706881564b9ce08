/** A drawing as DOT, for Graphviz. */
import type { Drawing, DrawnNode } from './graph-drawing.ts';
import { type Group, groupTree } from './graph-groups.ts';

const looks: Readonly<Record<DrawnNode['kind'], string>> = {
  input: 'shape=box, style="rounded,filled", fillcolor="#dbeafe"',
  param: 'shape=box, style=filled, fillcolor="#fef3c7"',
  operation: 'shape=box, style=rounded',
  result: 'shape=box, style="rounded,filled", fillcolor="#dcfce7"',
};

export function dotText({ title, nodes, edges }: Drawing): string {
  return [
    `digraph ${text([title])} {`,
    '  rankdir=TB;',
    '  node [fontname="Helvetica", fontsize=11];',
    '  edge [fontname="Helvetica", fontsize=9];',
    ...groupLines(groupTree(nodes), '  '),
    ...edges.map(({ from, to, label }) => `  ${from} -> ${to} [label=${text([label])}];`),
    '}',
    '',
  ].join('\n');
}

function groupLines({ nodes, groups }: Group, margin: string): string[] {
  return [
    ...nodes.map(({ id, kind, lines }) => `${margin}${id} [label=${text(lines)}, ${looks[kind]}];`),
    ...groups.flatMap((group) => [
      `${margin}subgraph cluster_${group.id} {`,
      `${margin}  label=${text([group.name])};`,
      ...groupLines(group, `${margin}  `),
      `${margin}}`,
    ]),
  ];
}

/** DOT knows two escapes in a text: of the quote and of the backslash; a line ends with one more. */
const text = (lines: readonly string[]): string =>
  `"${lines
    .map((line) => line.replaceAll(/\s+/g, ' ').replaceAll('\\', '\\\\').replaceAll('"', '\\"'))
    .join('\\n')}"`;
