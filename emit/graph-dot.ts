/** A drawing as DOT, for Graphviz. */
import type { Drawing, DrawnNode } from './graph-drawing.ts';
import { type Group, groupTree } from './graph-groups.ts';

const looks: Readonly<Record<DrawnNode['kind'], string>> = {
  input: 'shape=box, style="rounded,filled", fillcolor="#dbeafe"',
  param: 'shape=box, style=filled, fillcolor="#fef3c7"',
  operation: 'shape=box, style=rounded',
  function: 'shape=box, style="rounded,filled", fillcolor="#ede9fe"',
  layer: 'shape=box, style="rounded,filled", fillcolor="#f1f5f9"',
  backward: 'shape=box, style="rounded,filled", fillcolor="#fee2e2"',
  update: 'shape=box, style="rounded,filled", fillcolor="#ffedd5"',
  result: 'shape=box, style="rounded,filled", fillcolor="#dcfce7"',
};

/** As in Graphviz' own gallery: one of them is on every machine. */
const fonts = '"Helvetica,Arial,sans-serif"';

export function dotText({ title, nodes, edges }: Drawing): string {
  return [
    `digraph ${text([title])} {`,
    `  label=${text([title])};`,
    '  labelloc=t;',
    '  nodesep=0.2;',
    '  ranksep=0.25;',
    `  fontname=${fonts};`,
    '  fontsize=11;',
    `  node [fontname=${fonts}, fontsize=11, margin="0.2,0.05", height=0.3];`,
    '  edge [color="#64748b", arrowsize=0.7];',
    '  color="#94a3b8";',
    ...groupLines(groupTree(nodes), '  '),
    ...edges.map(({ from, to }) => `  ${from} -> ${to};`),
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

/**
 * DOT knows two escapes in a text, of the quote and of the backslash, and Graphviz takes what begins with `&` for an entity
 * of HTML. A line ends with one more escape.
 */
const text = (lines: readonly string[]): string =>
  `"${lines
    .map((line) =>
      line
        .replaceAll(/\s+/g, ' ')
        .replaceAll('&', '&amp;')
        .replaceAll(/[\\"]/g, (letter) => `\\${letter}`),
    )
    .join('\\n')}"`;
