/** The graph as DOT and as Mermaid: both are read back by a strict parser of their syntax, and must hold the drawing. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadFile } from '../../cli/load-model.ts';
import { collapsed } from '../../emit/graph-collapsed.ts';
import { dotText } from '../../emit/graph-dot.ts';
import { type Drawing, drawnGraph } from '../../emit/graph-drawing.ts';
import { mermaidText } from '../../emit/graph-mermaid.ts';
import { drawnStep } from '../../emit/step-drawing.ts';

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
    ...text.matchAll(
      /\s*(?:("(?:[^"\\]|\\[\s\S])*")|([A-Za-z_]\w*|\d+(?:\.\d+)?)|(->|[{}[\];,=])|(\S))/gy,
    ),
  ];
  expect(`${tokens.map(([all]) => all).join('')}\n`).toBe(text);
  let at = 0;
  const next = (): string => tokens[at++]?.slice(1).find((one) => one !== undefined) ?? '';
  const expected = (wanted: string) => expect(next()).toBe(wanted);
  const nodes = new Map<string, { label: string; groups: readonly string[] }>();
  const edges: string[] = [];
  const id = (token: string): string => {
    expect(token).toMatch(/^(?:[A-Za-z_]\w*|\d+(?:\.\d+)?|"[\s\S]*")$/);
    return token.startsWith('"')
      ? token
          .slice(1, -1)
          .replaceAll(/\\(["\\n])|&amp;/g, (_, one) => (one === 'n' ? '\n' : (one ?? '&')))
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
        // That of the whole is its title.
        if (token === 'label' && inside.length > 0) inside = [...inside.slice(0, -1), value];
      } else if (follows === '->') {
        next();
        edges.push(`${token} ${id(next())}`);
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
  const [, head, body] = /^---\n(.*?)\n---\n(.*)$/s.exec(text.trimEnd()) ?? [];
  expect(head).toMatch(
    /^title: "(?:[^"\\]|\\.)*"\nconfig:\n {2}flowchart:\n {4}wrappingWidth: \d+$/,
  );
  const [first, ...lines] = (body ?? '').split('\n');
  expect(first).toBe('flowchart TB');
  const nodes = new Map<string, { label: string; groups: readonly string[] }>();
  const edges: string[] = [];
  const groups: string[] = [];
  const label = '"((?:[^"#<>&`\\\\]|#\\d+;|<br/>)*)"';
  for (const line of lines) {
    const node = new RegExp(
      `^ +(\\w+)(?:\\(\\[${label}\\]\\)|\\[${label}\\]|\\(${label}\\)):::\\w+$`,
    ).exec(line);
    const edge = /^ +(\w+) --> (\w+)$/.exec(line);
    const group = new RegExp(`^ +subgraph (\\w+)\\[${label}\\]$`).exec(line);
    if (node !== null) {
      const found = node.slice(2).find((one) => one !== undefined) ?? '';
      nodes.set(node[1] ?? '', { label: plain(found), groups: [...groups] });
    } else if (edge !== null) edges.push(`${edge[1]} ${edge[2]}`);
    else if (group !== null) groups.push(plain(group[2] ?? ''));
    else if (line.trim() === 'end') groups.pop();
    // `call` is one of the words that a class cannot have as its name.
    else expect(line).toMatch(/^ +classDef (?!call )\w+ [\w#,:]+$/);
  }
  expect(groups).toEqual([]);
  return { nodes, edges };
}

function expectDrawing({ nodes, edges }: Read, drawing: Drawing): void {
  expect(nodes.size).toBe(drawing.nodes.length);
  for (const { id, lines, groups } of drawing.nodes)
    expect({ ...nodes.get(id), groups: nodes.get(id)?.groups.join('.') }).toEqual({
      label: lines.join('\n'),
      groups: groups.join('.'),
    });
  expect(edges).toEqual(drawing.edges.map(({ from, to }) => `${from} ${to}`));
}

const models = readdirSync('models').filter((name) => name.endsWith('.nn'));

const modelOf = (name: string, set: Record<string, number> = {}) =>
  loadFile(`models/${name}`, { set }).model;

describe.each(models)('%s', (name) => {
  const model = modelOf(name);
  const drawing = drawnGraph(model);
  const trains = model.optimization !== undefined;
  const drawings = trains ? [drawing, drawnStep(model)] : [drawing];
  test('dot', () => {
    for (const one of drawings) expectDrawing(readDot(dotText(one)), one);
  });
  test('mermaid', () => {
    for (const one of drawings) expectDrawing(readMermaid(mermaidText(one)), one);
  });
  test('every end is a node, and every node leads to a result', () => {
    for (const { nodes, edges } of drawings) {
      const ids = new Set(nodes.map(({ id }) => id));
      for (const { from, to } of edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
      const used = new Set(edges.map(({ from }) => from));
      for (const { id, kind } of nodes)
        if (kind !== 'result' && kind !== 'update') expect(used.has(id), id).toBe(true);
    }
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
  edges: [{ from: 'n0', to: 'n1' }],
};

test('names with anything in them', () => {
  expectDrawing(readDot(dotText(hostile)), hostile);
  expectDrawing(readMermaid(mermaidText(hostile)), hostile);
});

const heads = ({ nodes }: Drawing, ...groups: readonly string[]) =>
  nodes.filter((node) => node.groups.join() === groups.join()).map(({ lines }) => lines[0]);

test('layers are groups, calls of the library are nodes; numbers and broadcasting are not', () => {
  const drawing = drawnGraph(modelOf('mlp.nn'));
  expect(heads(drawing, 'dense_1')).toEqual(['W', 'b', 'contract', 'add']);
  const names = drawing.nodes.map(({ lines }) => lines[0]);
  expect(names).toContain('relu');
  expect(names.filter((one) => /^(?:expand|reshape|literal|select)/.test(one ?? ''))).toEqual([]);
});

test('a call says what it is told, and begins where it is given tensors', () => {
  const { nodes, edges } = drawnGraph(modelOf('vae.nn'));
  const normal = nodes.find(({ lines }) => lines[0] === 'normal');
  expect(normal?.lines).toEqual(['normal', '0, 1', 'f32[batch, 20]']);
  // It is given a tensor for its shape alone.
  expect(edges.filter(({ to }) => to === normal?.id)).toEqual([]);
});

test('a step: forward, backward and updates, layer by layer', () => {
  const drawing = drawnStep(modelOf('mnist.nn'));
  expect(heads(drawing, 'forward').slice(-6)).toEqual([
    'flatten',
    'dense',
    'relu',
    'scores',
    'softmax_crossentropy',
    'loss',
  ]);
  expect(heads(drawing, 'backward').toSorted()).toEqual([
    'dense',
    'line 4',
    'line 5',
    'line 7',
    'scores',
  ]);
  expect(heads(drawing, 'update')).toEqual(['dense', 'scores']);
  const idOf = (phase: string, name: string) =>
    drawing.nodes.find(({ groups, lines }) => groups[0] === phase && lines[0] === name)?.id;
  const ends = drawing.edges.map(({ from, to }) => `${from} ${to}`);
  const [dense, scores] = ['dense', 'scores'].map((name) => idOf('backward', name));
  expect(ends).toContain(`${scores} ${idOf('update', 'scores')}`);
  expect(ends).toContain(`${dense} ${idOf('update', 'dense')}`);
  expect(ends).toContain(`${idOf('forward', 'relu')} ${scores}`);
});

test('of a deep model Mermaid draws layers as nodes until it takes all edges', () => {
  const drawing = drawnStep(modelOf('char_transformer.nn', { depth: 8 }));
  expect(drawing.edges.length).toBeGreaterThan(500);
  const { edges, nodes } = readMermaid(mermaidText(drawing));
  expect(edges.length).toBeLessThanOrEqual(500);
  expect([...nodes.values()].map(({ groups }) => groups[0])).toContain('backward');
  const once = collapsed(drawing);
  expect(edges).toEqual(once.edges.map(({ from, to }) => `${from} ${to}`));
  // Again and again, all ends in one node.
  let last = once;
  for (let round = 0; round < 5; round += 1) last = collapsed(last);
  expect(last.nodes.map(({ groups }) => groups.length)).toEqual(last.nodes.map(() => 0));
});
