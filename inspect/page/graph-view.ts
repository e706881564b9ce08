/** The graph of a program: forward down, backward up beside it, and the update of the parameters to the right. */
import type { InspectedNode, InspectedProgram, Lane } from '../inspection.ts';
import { chooseNode, chooseNodes } from './choices.ts';
import { make, makeLink, makeSvg, onPress } from './elements.ts';
import { type Edge, edgesOf, pathOf } from './graph-edges.ts';
import { cellKey, labelWidth, type PlacedCell, type Places, placesOf } from './graph-places.ts';
import { inSight } from './in-sight.ts';
import { nodesWith } from './search.ts';
import type { Page } from './state.ts';
import { counted } from './units.ts';

const laneTexts: Readonly<Record<Lane, string>> = {
  forward: 'forward ↓',
  gradient: 'backward ↑',
  optimizer: 'update',
};

/** A program with more nodes begins folded. */
const MANY_NODES = 300;
/** An update is much the same for every parameter: it begins folded if it is longer. */
const LONG_UPDATE = 8;

/** Height of the names of the lanes, in pixels. */
const HEAD = 34;

export interface GraphView {
  draw(home: HTMLElement): void;
  /** Unfolds what hides the first chosen node, and scrolls there if it is out of sight. */
  showChosen(home: HTMLElement): void;
}

export function createGraphView(page: Page): GraphView {
  const foldedOf = new Map<InspectedProgram, Set<string>>();
  const folded = (): Set<string> => {
    const { program } = page.state;
    const own = foldedOf.get(program) ?? foldedAtFirst(program);
    foldedOf.set(program, own);
    return own;
  };
  const setFolded = (keys: readonly string[], isFolded: boolean): void => {
    for (const key of keys) isFolded ? folded().add(key) : folded().delete(key);
    page.change({});
  };
  const places = (): Places => placesOf(page.state.program, (key) => folded().has(key));
  return {
    draw: (home) => drawGraph(home, page, places(), setFolded),
    showChosen(home) {
      const { chosen, program } = page.state;
      const [first] = chosen.nodes;
      const node = first === undefined ? undefined : program.nodes[first];
      if (first === undefined || node === undefined) return;
      const key = cellKey(node.section, node.lane);
      if (chosen.nodes.size === 1 && folded().has(key)) setFolded([key], false);
      const { x, y, width, height } = places().rectOf(first);
      const isSeen =
        y > home.scrollTop &&
        y + height < home.scrollTop + home.clientHeight - HEAD &&
        x > home.scrollLeft &&
        x + width < home.scrollLeft + home.clientWidth;
      if (isSeen) return;
      home.scrollTo({ top: y - home.clientHeight / 2, left: x - home.clientWidth / 2 });
    },
  };
}

const cellKeys = ({ sections }: InspectedProgram, lane: Lane): readonly string[] =>
  sections.flatMap(({ cells }, section) => (cells[lane].rows > 0 ? [cellKey(section, lane)] : []));

function foldedAtFirst(program: InspectedProgram): Set<string> {
  const isLarge = program.nodes.length > MANY_NODES;
  const counts = new Map<string, number>();
  for (const { section, lane } of program.nodes) {
    const key = cellKey(section, lane);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const updates = cellKeys(program, 'optimizer').filter(
    (key) => (counts.get(key) ?? 0) > LONG_UPDATE,
  );
  if (!isLarge) return new Set(updates);
  const others = [...cellKeys(program, 'forward'), ...cellKeys(program, 'gradient')];
  return new Set([...updates, ...others.filter((key) => (counts.get(key) ?? 0) > 1)]);
}

type SetFolded = (keys: readonly string[], isFolded: boolean) => void;

function drawGraph(home: HTMLElement, page: Page, places: Places, setFolded: SetFolded): void {
  const { chosen, program, sought } = page.state;
  const found = new Set(sought === '' ? [] : nodesWith(program, sought));
  const some = chosen.nodes.size > 0 || found.size > 0;
  const canvas = make('div', `canvas${some ? ' some' : ''}`);
  canvas.style.width = `${places.width}px`;
  canvas.style.height = `${places.height}px`;
  home.append(laneHead(program, places, setFolded), canvas);
  const edges = edgesOf(program, places);
  inSight(home, canvas, (top, bottom) => {
    const parts = new Map<string, () => Element>();
    const seen = (y: number, height: number): boolean => y + height >= top && y <= bottom;
    for (const lane of places.lanes) parts.set(lane.lane, () => laneStrip(lane));
    places.sections.forEach(({ y, height }, section) => {
      if (seen(y, height))
        parts.set(`section ${section}`, () => sectionLabel(page, section, y, height));
    });
    // Edges are one drawing of all that is in sight.
    const edgesInSight = () => edgeDrawing(edges, places, chosen.nodes, top, bottom);
    parts.set(`edges from ${top} to ${bottom}`, edgesInSight);
    for (const cell of places.cells) {
      if (!seen(cell.y, cell.height)) continue;
      const key = cellKey(cell.section, cell.lane);
      if (cell.isFolded) {
        parts.set(`cell ${key}`, () => foldedBox(page, cell, found, () => setFolded([key], false)));
        continue;
      }
      for (const n of cell.nodes) {
        const rect = places.rectOf(n);
        if (seen(rect.y, rect.height))
          parts.set(`node ${n}`, () => nodeBox(page, n, rect, found.has(n)));
      }
      if (cell.nodes.length > 1)
        parts.set(`fold ${key}`, () => foldLink(cell, () => setFolded([key], true)));
    }
    return parts;
  });
}

function laneStrip({ lane, x, width }: Places['lanes'][number]): HTMLElement {
  const strip = make('div', `lane ${lane}`);
  strip.style.left = `${x}px`;
  strip.style.width = `${width}px`;
  return strip;
}

/** Names of the lanes, which stay in sight, each with what folds it. */
function laneHead(program: InspectedProgram, places: Places, setFolded: SetFolded): HTMLElement {
  const head = make('div', 'lanes');
  head.style.width = `${places.width}px`;
  for (const { lane, x, width } of places.lanes) {
    const name = make('span', lane);
    name.style.left = `${x}px`;
    name.style.width = `${width}px`;
    const isAllFolded = places.cells.every(
      (cell) => cell.lane !== lane || cell.isFolded || cell.nodes.length === 1,
    );
    const link = makeLink(isAllFolded ? 'unfold' : 'fold', () =>
      setFolded(cellKeys(program, lane), !isAllFolded),
    );
    link.dataset['fold'] = lane;
    name.append(laneTexts[lane], ' ', link);
    head.append(name);
  }
  return head;
}

function sectionLabel(page: Page, section: number, y: number, height: number): HTMLElement {
  const { program } = page.state;
  const name = program.sections[section]?.name ?? '';
  const parts = name.split('.');
  const label = make('div', 'section');
  label.dataset['section'] = String(section);
  label.title = titleOf(page, section, name);
  label.style.cssText = `top:${y}px;height:${height}px;width:${labelWidth - 10}px`;
  const text = make('span');
  if (parts.length > 1) text.append(make('small', '', parts.slice(0, -1).join('.')));
  text.append(parts.at(-1) ?? '');
  label.append(text);
  onPress(label, () => {
    const nodes = program.nodes.flatMap((node, n) => (node.section === section ? [n] : []));
    const said = `${name}: ${counted(nodes.length, 'operation')}`;
    page.change({ chosen: chooseNodes(program, nodes, said) });
  });
  return label;
}

/** Its name, and the lines that it comes from in their own words. */
function titleOf({ data, state: { program } }: Page, section: number, name: string): string {
  const own = program.nodes.filter((node) => node.section === section && node.lane === 'forward');
  const lines = new Map(own.flatMap(({ lines }) => lines.map((line) => [line.join(':'), line])));
  const texts = [...lines.values()].map(
    ([source, line]) => `${line}: ${data.sources[source]?.lines[line - 1]?.trim() ?? ''}`,
  );
  return [name, ...texts].join('\n');
}

function nodeBox(
  page: Page,
  n: number,
  { x, y }: { readonly x: number; readonly y: number },
  isFound: boolean,
): HTMLElement {
  const { chosen, program } = page.state;
  const node = program.nodes[n] as InspectedNode;
  const element = make('div', `node ${node.role}`);
  element.classList.toggle('on', chosen.nodes.has(n) || isFound);
  element.dataset['node'] = String(n);
  element.style.left = `${x}px`;
  element.style.top = `${y}px`;
  const kernels = node.kernels.length === 0 ? '' : `\nkernel ${node.kernels.join(', ')}`;
  element.title = `${node.name ?? node.op} ${node.type}\n${node.path}${node.rule === undefined ? '' : `\n${node.rule}`}${kernels}`;
  element.append(shortName(node), make('small', '', node.type));
  onPress(element, () => page.change({ chosen: chooseNode(program, n) }));
  return element;
}

/** The layer's name stands beside the section. */
function shortName({ name, op, path }: InspectedNode): string {
  if (name === undefined) return op;
  return path !== '' && name.startsWith(`${path}.`) ? name.slice(path.length + 1) : name;
}

function foldedBox(
  page: Page,
  cell: PlacedCell,
  found: ReadonlySet<number>,
  unfold: () => void,
): HTMLElement {
  const { chosen, program } = page.state;
  const own = cell.nodes.flatMap((n) => program.nodes[n] ?? []);
  const ops = own.filter((node) => node.role !== 'data');
  const element = make('div', `node folded ${cell.lane}`);
  element.classList.toggle(
    'on',
    cell.nodes.some((n) => chosen.nodes.has(n) || found.has(n)),
  );
  element.dataset['cell'] = cellKey(cell.section, cell.lane);
  element.style.cssText = `left:${cell.x}px;top:${cell.y}px`;
  const names = [...new Set(ops.map((node) => node.op))].join(' ');
  element.title = `${own.map((node) => `${node.name ?? node.op} ${node.type}`).join('\n')}`;
  element.append(`▸ ${counted(ops.length, 'operation')}`, make('small', '', names));
  onPress(element, unfold);
  return element;
}

function foldLink({ x, y, width, section, lane }: PlacedCell, fold: () => void): HTMLElement {
  const link = makeLink('▾', fold, 'fold');
  link.title = 'fold';
  link.dataset['cell'] = cellKey(section, lane);
  link.style.cssText = `left:${x + width - 6}px;top:${y - 13}px`;
  return link;
}

function edgeDrawing(
  edges: readonly Edge[],
  { width, height }: Places,
  chosen: ReadonlySet<number>,
  top: number,
  bottom: number,
): SVGElement {
  const svg = makeSvg('svg', { class: 'edges', width, height });
  for (const edge of edges) {
    if (edge.bottom < top || edge.top > bottom) continue;
    const isOn = chosen.size > 0 && edge.pairs.some(([a, b]) => chosen.has(a) || chosen.has(b));
    if (edge.isCommon && !isOn) continue;
    const kind = isOn ? 'on' : edge.isLong ? 'long' : '';
    svg.append(makeSvg('path', { class: kind, d: pathOf(edge) }));
  }
  return svg;
}
