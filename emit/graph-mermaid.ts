/** A drawing as a flow chart of Mermaid, which Markdown on many sites draws. */
import type { Drawing, DrawnNode } from './graph-drawing.ts';
import { type Group, groupTree } from './graph-groups.ts';

/** What opens and closes the shape of each kind. */
const shapes: Readonly<Record<DrawnNode['kind'], readonly [string, string]>> = {
  input: ['([', '])'],
  param: ['[', ']'],
  operation: ['(', ')'],
  result: ['([', '])'],
};

const colours: Readonly<Record<DrawnNode['kind'], string>> = {
  input: 'fill:#dbeafe,stroke:#64748b,color:#0f172a',
  param: 'fill:#fef3c7,stroke:#64748b,color:#0f172a',
  operation: 'fill:#f8fafc,stroke:#64748b,color:#0f172a',
  result: 'fill:#dcfce7,stroke:#64748b,color:#0f172a',
};

export function mermaidText({ nodes, edges }: Drawing): string {
  const kinds = [...new Set(nodes.map(({ kind }) => kind))];
  return [
    'flowchart TB',
    ...groupLines(groupTree(nodes), '  '),
    ...edges.map(({ from, to, label }) => `  ${from} -->|${text([label])}| ${to}`),
    ...kinds.map((kind) => `  classDef ${kind} ${colours[kind]}`),
    '',
  ].join('\n');
}

function groupLines({ nodes, groups }: Group, margin: string): string[] {
  return [
    ...nodes.map(({ id, kind, lines }) => {
      const [open, close] = shapes[kind];
      return `${margin}${id}${open}${text(lines)}${close}:::${kind}`;
    }),
    ...groups.flatMap((group) => [
      `${margin}subgraph ${group.id}[${text([group.name])}]`,
      ...groupLines(group, `${margin}  `),
      `${margin}end`,
    ]),
  ];
}

/** In quotes Mermaid takes every character but a quote; `#` begins an entity, and `<` would be markup. */
const text = (lines: readonly string[]): string =>
  `"${lines
    .map((line) =>
      line
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/[#"<>&`\\]/g, (letter) => `#${letter.codePointAt(0)};`),
    )
    .join('<br/>')}"`;
