/** The graph as DOT and as Mermaid: both are read back by a strict parser of their syntax, and must hold the drawing. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadModel } from '../../cli/load-model.ts';
import { dotText } from '../../emit/graph-dot.ts';
import { type Drawing, drawnGraph } from '../../emit/graph-drawing.ts';
import { mermaidText } from '../../emit/graph-mermaid.ts';

interface Read {
  readonly nodes: ReadonlyMap<
    string,
    { readonly label: string; readonly groups: readonly string[] }
  >;
  readonly edges: readonly string[];
}

/** The part of Graphviz' grammar that is written; throws at the first token that does not fit. */
function readDot(text: string): Read {
  const tokens = [
    ...text.matchAll(/\s*(?:("(?:[^"\\]|\\[\s\S])*")|([A-Za-z_]\w*|\d+)|(->|[{}[\];,=])|(\S))/gy),
  ];
  expect(`${tokens.map(([all]) => all).join('')}\n`).toBe(text);
  let at = 0;
  const next = (): string => tokens[at++]?.slice(1).find((one) => one !== undefined) ?? '';
  const expected = (wanted: string) => expect(next()).toBe(wanted);
  const nodes = new Map<string, { label: string; groups: readonly string[] }>();
  const edges: string[] = [];
  const id = (token: string): string => {
    expect(token).toMatch(/^(?:[A-Za-z_]\w*|\d+|"[\s\S]*")$/);
    return token.startsWith('"')
      ? token.slice(1, -1).replaceAll(/\\(["\\n])/g, (_, one) => (one === 'n' ? '\n' : one))
      : token;
  };
  const attributes = (): Map<string, string> => {
    const found = new Map<string, string>();
    expected('[');
    for (;;) {
      const name = id(next());
      expected('=');
      found.set(name, id(next()));
      const end = next();
      if (end === ']') return found;
      expect(end).toBe(',');
    }
  };
  const body = (groups: readonly string[]): void => {
    let inside = groups;
    expected('{');
    for (let token = next(); token !== '}'; token = next()) {
      if (token === 'subgraph') {
        expect(next()).toMatch(/^cluster_/);
        body([...inside, '?']);
        continue;
      }
      const follows = tokens[at]?.[0].trim();
      if (follows === '=') {
        next();
        const value = id(next());
        if (token === 'label') inside = [...inside.slice(0, -1), value];
      } else if (follows === '->') {
        next();
        edges.push(`${token} ${id(next())} ${attributes().get('label')}`);
      } else {
        const label = attributes().get('label') ?? '';
        if (token !== 'node' && token !== 'edge') nodes.set(token, { label, groups: inside });
      }
      expected(';');
    }
  };
  expected('digraph');
  id(next());
  body([]);
  expect(at).toBe(tokens.length);
  return { nodes, edges };
}

/** Flow charts, line by line, with every text in quotes. */
function readMermaid(text: string): Read {
  const plain = (quoted: string): string =>
    quoted
      .replaceAll('<br/>', '\n')
      .replaceAll(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  const [first, ...lines] = text.trimEnd().split('\n');
  expect(first).toBe('flowchart TB');
  const nodes = new Map<string, { label: string; groups: readonly string[] }>();
  const edges: string[] = [];
  const groups: string[] = [];
  const label = '"((?:[^"#<>&`\\\\]|#\\d+;|<br/>)*)"';
  for (const line of lines) {
    const node = new RegExp(
      `^ +(\\w+)(?:\\(\\[${label}\\]\\)|\\[${label}\\]|\\(${label}\\)):::\\w+$`,
    ).exec(line);
    const edge = new RegExp(`^ +(\\w+) -->\\|${label}\\| (\\w+)$`).exec(line);
    const group = new RegExp(`^ +subgraph (\\w+)\\[${label}\\]$`).exec(line);
    if (node !== null) {
      const found = node.slice(2).find((one) => one !== undefined) ?? '';
      nodes.set(node[1] ?? '', { label: plain(found), groups: [...groups] });
    } else if (edge !== null) edges.push(`${edge[1]} ${edge[3]} ${plain(edge[2] ?? '')}`);
    else if (group !== null) groups.push(plain(group[2] ?? ''));
    else if (line.trim() === 'end') groups.pop();
    else expect(line).toMatch(/^ +classDef \w+ [\w#,:]+$/);
  }
  expect(groups).toEqual([]);
  return { nodes, edges };
}

function expectDrawing({ nodes, edges }: Read, drawing: Drawing): void {
  expect(nodes.size).toBe(drawing.nodes.length);
  for (const { id, lines, groups } of drawing.nodes)
    expect(nodes.get(id)).toEqual({ label: lines.join('\n'), groups });
  expect(edges).toEqual(drawing.edges.map(({ from, to, label }) => `${from} ${to} ${label}`));
}

const models = readdirSync('models').filter((name) => name.endsWith('.nn'));

describe.each(models)('%s', (name) => {
  const drawing = drawnGraph(loadModel(`models/${name}`, {}).model);
  test('dot', () => expectDrawing(readDot(dotText(drawing)), drawing));
  test('mermaid', () => expectDrawing(readMermaid(mermaidText(drawing)), drawing));
  test('every end is a node, and every node leads to a result', () => {
    const ids = new Set(drawing.nodes.map(({ id }) => id));
    for (const { from, to } of drawing.edges)
      expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
    const used = new Set(drawing.edges.map(({ from }) => from));
    for (const { id, kind } of drawing.nodes)
      if (kind !== 'result') expect(used.has(id), id).toBe(true);
  });
});

const hostile: Drawing = {
  title: 'a "name"',
  nodes: [
    '"quotes"',
    'back\\slash\\',
    '<b>&amp;</b>',
    '#35; #quot;',
    ']) ]] }',
    'é 层 `x`',
    'end',
  ].map((line, index) => ({
    id: `n${index}`,
    kind: 'operation',
    lines: [line, 'f32[n]'],
    groups: index > 4 ? [] : ['gr"oup', line],
  })),
  edges: [{ from: 'n0', to: 'n1', label: '|"f32|' }],
};

test('names with anything in them', () => {
  expectDrawing(readDot(dotText(hostile)), hostile);
  expectDrawing(readMermaid(mermaidText(hostile)), hostile);
});

test('layers are groups, numbers and broadcasting are not nodes', () => {
  const { nodes, edges } = drawnGraph(loadModel('models/mlp.nn', {}).model);
  expect(
    nodes.filter(({ groups }) => groups.join() === 'dense_1').map(({ lines }) => lines[0]),
  ).toEqual(['dense_1.W', 'dense_1.b', 'contract', 'add']);
  const names = nodes.map(({ lines }) => lines[0]);
  expect(names).toContain('gt(·, 0)');
  expect(names.filter((one) => /^(?:expand|reshape|literal)/.test(one ?? ''))).toEqual([]);
  expect(edges[0]).toEqual({ from: 'n0', to: 'n3', label: 'f32[batch, 784]' });
});
