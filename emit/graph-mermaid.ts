/** A drawing as a flow chart of Mermaid, which Markdown on many sites draws. */
import { collapsed } from './graph-collapsed.ts';
import type { Drawing, DrawnNode } from './graph-drawing.ts';
import { type Group, groupTree } from './graph-groups.ts';

/** What opens and closes the shape of each kind. */
const shapes: Readonly<Record<DrawnNode['kind'], readonly [string, string]>> = {
  input: ['([', '])'],
  param: ['[', ']'],
  operation: ['(', ')'],
  function: ['(', ')'],
  layer: ['(', ')'],
  backward: ['(', ')'],
  update: ['(', ')'],
  result: ['([', '])'],
};

const colours: Readonly<Record<DrawnNode['kind'], string>> = {
  input: 'fill:#dbeafe,stroke:#64748b,color:#0f172a',
  param: 'fill:#fef3c7,stroke:#64748b,color:#0f172a',
  operation: 'fill:#f8fafc,stroke:#64748b,color:#0f172a',
  function: 'fill:#ede9fe,stroke:#64748b,color:#0f172a',
  layer: 'fill:#f1f5f9,stroke:#64748b,color:#0f172a',
  backward: 'fill:#fee2e2,stroke:#64748b,color:#0f172a',
  update: 'fill:#ffedd5,stroke:#64748b,color:#0f172a',
  result: 'fill:#dcfce7,stroke:#64748b,color:#0f172a',
};

/**
 * What Mermaid draws unless its page is told otherwise, `maxEdges` and `maxTextSize`, which a drawing may not set. A step of
 * models/char_transformer.nn has a third of them; of a deeper model the innermost layers become nodes until it has no more.
 */
const most = { edges: 500, characters: 50_000 };

export function mermaidText(drawing: Drawing): string {
  const text = written(drawing);
  if (drawing.edges.length <= most.edges && text.length <= most.characters) return text;
  const smaller = collapsed(drawing);
  return smaller.nodes.length === drawing.nodes.length ? text : mermaidText(smaller);
}

function written({ title, nodes, edges }: Drawing): string {
  const kinds = [...new Set(nodes.map(({ kind }) => kind))];
  return [
    '---',
    // What JSON writes is a text of YAML too.
    `title: ${JSON.stringify(title)}`,
    'config:',
    '  flowchart:',
    // In pixels: wide enough that no type is broken into lines.
    '    wrappingWidth: 400',
    '---',
    'flowchart TB',
    ...groupLines(groupTree(nodes), '  '),
    ...edges.map(({ from, to }) => `  ${from} --> ${to}`),
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
