/** The page of `nnc inspect`: everything is text set by the page itself, so that nothing of a model can become markup. */
import type {
  InspectedKernel,
  InspectedProgram,
  InspectedRegion,
  Inspection,
  LineRef,
} from '../inspection.ts';

const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const data: Inspection = JSON.parse(find('data').textContent ?? '');

/** What is chosen: lines, and what belongs to them. */
interface Chosen {
  readonly lines: ReadonlySet<string>;
  readonly kernels: ReadonlySet<number>;
  readonly nodes: ReadonlySet<number>;
  /** Told beside the tabs. */
  readonly said: string;
  /** The kernel whose text is shown. */
  readonly kernel?: number;
}
const nothing: Chosen = { lines: new Set(), kernels: new Set(), nodes: new Set(), said: '' };

type View = 'kernels' | 'graph' | 'memory';
let chosen = nothing;
let view: View = 'kernels';
let program: InspectedProgram | undefined = data.programs[0];
let sought = '';

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  text = '',
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  if (text !== '') element.textContent = text;
  return element;
}

const keyOf = (line: LineRef): string => line.join(':');
const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
const bytesText = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
};
const timeText = (us: number): string =>
  us >= 1000 ? `${(us / 1000).toPrecision(3)} ms` : `${us.toPrecision(3)} µs`;

function chooseLines(lines: ReadonlySet<string>): Chosen {
  const belongs = (own: readonly LineRef[]): boolean => own.some((line) => lines.has(keyOf(line)));
  const kernels = (program?.kernels ?? []).flatMap((one, i) => (belongs(one.lines) ? [i] : []));
  const nodes = (program?.nodes ?? []).flatMap((one, i) => (belongs(one.lines) ? [i] : []));
  const name = [...lines].map((key) => key.split(':')[1]).join(', ');
  const said = `line ${name}: ${counted(nodes.length, 'operation')}, ${counted(kernels.length, 'kernel')}`;
  const [first] = kernels;
  return {
    lines,
    kernels: new Set(kernels),
    nodes: new Set(nodes),
    said,
    ...(first === undefined ? {} : { kernel: first }),
  };
}

function chooseKernel(index: number): Chosen {
  const kernel = program?.kernels[index];
  if (kernel === undefined) return nothing;
  return {
    lines: new Set(kernel.lines.map(keyOf)),
    kernels: new Set([index]),
    nodes: new Set(kernel.nodes),
    said: `kernel ${index}: ${counted(kernel.nodes.length, 'operation')}`,
    kernel: index,
  };
}

function chooseNode(index: number): Chosen {
  const node = program?.nodes[index];
  if (node === undefined) return nothing;
  const [kernel] = node.kernels;
  return {
    lines: new Set(node.lines.map(keyOf)),
    kernels: new Set(node.kernels),
    nodes: new Set([index]),
    said: `${node.op}${node.rule === undefined ? '' : ` (${node.rule})`} ${node.type}${node.path === '' ? '' : ` of ${node.path}`}`,
    ...(kernel === undefined ? {} : { kernel }),
  };
}

function chooseRegion(region: InspectedRegion): Chosen {
  return {
    lines: new Set(region.lines.map(keyOf)),
    kernels: new Set(region.kernels),
    nodes: new Set(region.kernels.flatMap((k) => program?.kernels[k]?.nodes ?? [])),
    said: `${region.name}: ${bytesText(region.bytes)}${region.lasts ? ', kept' : `, kernels ${region.from} to ${region.to}`}`,
  };
}

function choose(next: Chosen, scroll = true): void {
  chosen = next;
  drawSource(scroll);
  drawView();
}

/** A click, or Enter and Space on what has the focus. */
function onPress(element: HTMLElement, act: () => void): void {
  element.tabIndex = 0;
  element.setAttribute('role', 'button');
  element.addEventListener('click', act);
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    act();
  });
}

const rows = new Map<string, HTMLElement>();

function buildSource(): void {
  const home = find('source');
  data.sources.forEach((source, s) => {
    home.append(make('h2', '', source.name));
    source.lines.forEach((text, i) => {
      const key = `${s}:${i + 1}`;
      const row = make('div', 'row');
      row.dataset['line'] = key;
      row.append(make('span', 'no', String(i + 1)));
      const code = make('span', 'code');
      const comment = /(^|\s)#/.exec(text);
      const at = comment === null ? text.length : comment.index;
      code.append(text.slice(0, at), make('span', 'c', text.slice(at)));
      row.append(code);
      const values = source.values[i + 1] ?? [];
      row.append(make('span', 'type', values.at(-1)?.type ?? ''));
      onPress(row, () => {
        const same = chosen.lines.size === 1 && chosen.lines.has(key);
        choose(same ? nothing : chooseLines(new Set([key])), false);
        const [first] = chosen.nodes;
        if (view === 'graph' && first !== undefined) centreOn(first);
      });
      home.append(row);
      rows.set(key, row);
    });
  });
}

function drawSource(scroll: boolean): void {
  for (const [key, row] of rows) {
    const on = chosen.lines.has(key);
    row.classList.toggle('on', on);
    row.querySelector('.values')?.remove();
    if (!on || chosen.lines.size > 1) continue;
    const [s = 0, line = 0] = key.split(':').map(Number);
    const values = make('div', 'values');
    for (const { text, type } of data.sources[s]?.values[line] ?? []) {
      const entry = make('div');
      entry.append(make('b', '', text), make('span', '', type));
      values.append(entry);
    }
    row.append(values);
  }
  const first = [...chosen.lines].map((key) => rows.get(key)).find((row) => row !== undefined);
  if (scroll) first?.scrollIntoView({ block: 'nearest' });
}

function drawView(): void {
  const said = document.querySelector('nav .said');
  if (said !== null) said.textContent = chosen.said;
  find('clear').hidden = chosen === nothing;
  for (const tab of document.querySelectorAll<HTMLElement>('nav [data-view]'))
    tab.setAttribute('aria-selected', String(tab.dataset['view'] === view));
  const home = find('view');
  const { scrollTop } = home;
  home.replaceChildren();
  if (program === undefined) home.append(make('p', 'empty', 'this model has no program'));
  else if (view === 'kernels') drawKernels(home, program);
  else if (view === 'graph') drawGraph(home, program);
  else drawMemory(home, program);
  if (view !== 'kernels') home.scrollTop = scrollTop;
}

/** Only the parts of a long drawing that can be seen are made; `draw` is called again when others come into sight. */
function inSight(box: HTMLElement, draw: (top: number, bottom: number) => void): void {
  let shown = '';
  const update = (): void => {
    const top = Math.floor(box.scrollTop / 400) * 400 - 400;
    const bottom = top + Math.ceil(box.clientHeight / 400) * 400 + 1200;
    if (shown === `${top}:${bottom}`) return;
    shown = `${top}:${bottom}`;
    draw(top, bottom);
  };
  box.onscroll = update;
  update();
}

const KERNEL_HEIGHT = 52;
let kernelScroll = 0;

function drawKernels(home: HTMLElement, { kernels }: InspectedProgram): void {
  const words = sought.toLowerCase();
  const matches = (one: InspectedKernel): boolean =>
    words === '' ||
    `${one.name} ${data.texts[one.wgsl] ?? ''} ${one.operands.map((o) => o.name).join(' ')}`
      .toLowerCase()
      .includes(words);
  // What belongs to the chosen lines comes first; without a choice all stand in their order.
  const order = kernels
    .map((_, i) => i)
    .filter((i) => matches(kernels[i] as InspectedKernel))
    .sort((a, b) => Number(chosen.kernels.has(b)) - Number(chosen.kernels.has(a)) || a - b);
  const split = make('div', chosen.kernel === undefined ? '' : 'split');
  const box = make('div');
  if (chosen.kernel === undefined) box.style.cssText = 'height:100%;overflow:auto';
  const list = make('div', 'list');
  list.style.height = `${order.length * KERNEL_HEIGHT}px`;
  box.append(list);
  split.append(box);
  if (chosen.kernel === undefined) split.style.height = '100%';
  home.append(split);
  const longest = Math.max(1e-9, ...kernels.map((one) => one.microseconds ?? 0));
  box.scrollTop = chosen.kernels.size > 0 ? 0 : kernelScroll;
  inSight(box, (top, bottom) => {
    if (chosen === nothing) kernelScroll = box.scrollTop;
    list.replaceChildren();
    order.forEach((i, place) => {
      const y = place * KERNEL_HEIGHT;
      const kernel = kernels[i];
      if (kernel === undefined || y + KERNEL_HEIGHT < top || y > bottom) return;
      list.append(kernelRow(kernel, i, y, longest));
    });
  });
  if (order.length === 0) box.append(make('p', 'empty', 'no kernel has these words'));
  const kernel = chosen.kernel === undefined ? undefined : kernels[chosen.kernel];
  if (kernel !== undefined) split.append(detail(kernel, chosen.kernel ?? 0));
}

function kernelRow(kernel: InspectedKernel, i: number, y: number, longest: number): HTMLElement {
  const row = make('div', `kernel${chosen.kernels.has(i) ? ' on' : ''}`);
  row.style.top = `${y}px`;
  row.dataset['kernel'] = String(i);
  const name = make('span', 'name');
  name.append(make('i', `dot ${kernel.role}`), kernel.name);
  const lines = kernel.lines.map(([, line]) => line).join(', ');
  const facts = `${counted(kernel.nodes.length, 'operation')} · ${bytesText(kernel.bytes)}${lines === '' ? '' : ` · line ${lines}`}`;
  row.append(make('span', 'no', String(i)), name, make('span', 'facts', facts));
  if (kernel.microseconds !== undefined) {
    const time = make('span', 'time', timeText(kernel.microseconds));
    const bar = make('div', 'bar');
    const part = make('i');
    part.style.width = `${(100 * kernel.microseconds) / longest}%`;
    bar.append(part);
    time.append(bar);
    row.append(time);
  }
  onPress(row, () => choose(chooseKernel(i)));
  return row;
}

function detail(kernel: InspectedKernel, index: number): HTMLElement {
  const box = make('div', 'detail');
  box.id = 'detail';
  box.append(make('h3', '', kernel.name));
  const facts = make('table');
  const fact = (what: string, value: string): void => {
    if (value === '') return;
    const row = make('tr');
    row.append(make('td', '', what), make('td', 'm', value));
    facts.append(row);
  };
  fact('schedule', kernel.schedule);
  fact('workgroups', kernel.grid);
  if (kernel.microseconds !== undefined) fact('time', timeText(kernel.microseconds));
  for (const one of kernel.operands)
    fact(one.access, `${one.name}  ${one.type}  ${bytesText(one.bytes)}`);
  box.append(facts);
  box.append(make('h4', '', 'Operations'));
  for (const n of kernel.nodes) {
    const node = program?.nodes[n];
    if (node === undefined) continue;
    const chip = make('button', 'chip', `${node.op} ${node.type}`);
    chip.addEventListener('click', () => {
      view = 'graph';
      choose(chooseNode(n));
      centreOn(n);
    });
    box.append(chip);
  }
  if (kernel.fusion.length > 0) box.append(make('h4', '', 'Fusion'));
  for (const line of kernel.fusion) box.append(make('div', '', line));
  box.append(make('h4', '', `WGSL of kernel ${index}`));
  const text = make('pre');
  paint(text, data.texts[kernel.wgsl] ?? '');
  box.append(text);
  return box;
}

const word =
  /(\/\/[^\n]*)|\b(fn|var|let|const|if|else|for|loop|return|struct|override|enable|true|false|break|while|continuing)\b|\b(\d[\w.]*)\b/g;

function paint(home: HTMLElement, text: string): void {
  let from = 0;
  for (const match of text.matchAll(word)) {
    home.append(text.slice(from, match.index));
    home.append(make('span', match[1] ? 'c' : match[2] ? 'k' : 'n', match[0]));
    from = match.index + match[0].length;
  }
  home.append(text.slice(from));
}

const NODE = { width: 150, height: 38, across: 168, down: 66, margin: 24 };

function placesOf({ nodes }: InspectedProgram): {
  readonly x: (n: number) => number;
  readonly y: (n: number) => number;
  readonly width: number;
} {
  const columns = nodes.map(({ at }) => at[1]);
  const least = Math.min(0, ...columns);
  const most = Math.max(0, ...columns);
  return {
    x: (n) => NODE.margin + ((nodes[n]?.at[1] ?? 0) - least) * NODE.across,
    y: (n) => NODE.margin + (nodes[n]?.at[0] ?? 0) * NODE.down,
    width: (most - least + 1) * NODE.across + 2 * NODE.margin,
  };
}

function centreOn(n: number): void {
  if (program === undefined) return;
  const { x, y } = placesOf(program);
  const home = find('view');
  home.scrollTo({ top: y(n) - home.clientHeight / 2, left: x(n) - home.clientWidth / 2 });
}

function drawGraph(home: HTMLElement, shown: InspectedProgram): void {
  const legend = make('div', 'legend');
  for (const [role, text] of [
    ['data', 'inputs and parameters'],
    ['forward', 'forward'],
    ['gradient', 'backward'],
    ['optimizer', 'update'],
  ] as const) {
    const entry = make('span');
    entry.append(make('i', `dot ${role}`), text);
    legend.append(entry);
  }
  const { x, y, width } = placesOf(shown);
  const canvas = make('div', `canvas${chosen.nodes.size > 0 ? ' some' : ''}`);
  const height = shown.layers * NODE.down + 2 * NODE.margin;
  canvas.style.cssText = `width:${width}px;height:${height}px`;
  home.append(legend, canvas);
  const words = sought.toLowerCase();
  inSight(home, (top, bottom) => {
    canvas.replaceChildren();
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'edges');
    svg.setAttribute('width', String(width));
    svg.setAttribute('height', String(height));
    canvas.append(svg);
    const seen = (at: number): boolean => at + NODE.height >= top && at <= bottom;
    shown.nodes.forEach((node, n) => {
      const here = y(n);
      for (const input of node.inputs) {
        const there = y(input);
        if (here < top || there > bottom) continue;
        const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
        // What goes far is there to be followed from one end, not to be seen everywhere.
        const isLong = here - there > 4 * NODE.down;
        const isOn = chosen.nodes.has(n) || chosen.nodes.has(input);
        path.setAttribute('class', isOn ? 'on' : isLong ? 'long' : '');
        const [x1, y1, x2, y2] = [
          x(input) + NODE.width / 2,
          there + NODE.height,
          x(n) + NODE.width / 2,
          here,
        ];
        const bend = Math.max(14, (y2 - y1) / 2);
        path.setAttribute('d', `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`);
        svg.append(path);
      }
      if (!seen(here)) return;
      const found =
        words !== '' && `${node.op} ${node.name ?? ''} ${node.path}`.toLowerCase().includes(words);
      const box = make('div', `node ${node.role}${chosen.nodes.has(n) || found ? ' on' : ''}`);
      box.dataset['node'] = String(n);
      box.style.left = `${x(n)}px`;
      box.style.top = `${here}px`;
      box.title = `${node.op} ${node.type}\n${node.path}${node.rule === undefined ? '' : `\n${node.rule}`}`;
      box.append(node.name ?? node.op, make('small', '', node.type));
      onPress(box, () => choose(chooseNode(n)));
      canvas.append(box);
    });
  });
}

function drawMemory(home: HTMLElement, { buffers, kernels }: InspectedProgram): void {
  const across = 100 / Math.max(1, kernels.length);
  const intro = make(
    'div',
    'legend',
    `From left to right the ${counted(kernels.length, 'kernel')} of ${program?.name ?? ''}; each buffer from its first byte down.`,
  );
  home.append(intro);
  for (const buffer of buffers) {
    const box = make('div', 'buffer');
    const title = make('h4', '', buffer.label);
    title.append(make('span', '', `  ${buffer.class}, ${bytesText(buffer.bytes)}`));
    const map = make('div', 'map');
    const height = Math.min(220, Math.max(22, 22 * Math.min(buffer.tensors.length, 10)));
    map.style.height = `${height}px`;
    for (const tensor of buffer.tensors) {
      const region = make('button', `region${tensor.lasts ? ' lasts' : ''}`, tensor.name);
      const on =
        !tensor.lasts || chosen.lines.size > 0
          ? tensor.lines.some((line) => chosen.lines.has(keyOf(line)))
          : false;
      region.classList.toggle('on', on);
      region.style.left = `${tensor.from * across}%`;
      region.style.width = `${(tensor.to - tensor.from + 1) * across}%`;
      region.style.top = `${(100 * tensor.offset) / buffer.bytes}%`;
      region.style.height = `${Math.max(100 * (tensor.bytes / buffer.bytes), (100 * 4) / height)}%`;
      region.title = `${tensor.name}: ${bytesText(tensor.bytes)} from byte ${tensor.offset}${tensor.lasts ? '' : `, kernels ${tensor.from} to ${tensor.to}`}`;
      region.addEventListener('click', () => choose(chooseRegion(tensor)));
      map.append(region);
    }
    box.append(title, map);
    home.append(box);
  }
}

function start(): void {
  find('model').textContent = data.model;
  find('device').textContent = data.device;
  const programs = find('programs');
  data.programs.forEach((one, i) => {
    const button = make('button', 'program', one.name);
    button.type = 'button';
    button.dataset['program'] = String(i);
    button.title = counted(one.kernels.length, 'kernel');
    button.setAttribute('aria-pressed', String(i === 0));
    button.addEventListener('click', () => {
      program = one;
      for (const other of programs.children)
        other.setAttribute('aria-pressed', String(other === button));
      choose(chosen.lines.size > 0 ? chooseLines(chosen.lines) : nothing);
    });
    programs.append(button);
  });
  for (const tab of document.querySelectorAll<HTMLElement>('nav [data-view]'))
    tab.addEventListener('click', () => {
      view = tab.dataset['view'] as View;
      drawView();
      const [first] = chosen.nodes;
      if (view === 'graph' && first !== undefined) centreOn(first);
    });
  const search = find('search');
  const seek = (text: string): void => {
    sought = text;
    search.textContent = text;
    drawView();
  };
  // Letters go to the search as long as it has the focus; it is no field, which would take more than this page needs.
  search.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Backspace') seek(sought.slice(0, -1));
    else if (event.key.length === 1) seek(sought + event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  find('clear').addEventListener('click', () => choose(nothing));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      seek('');
      choose(nothing);
    } else if (event.key === '/') {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'j' || event.key === 'k') {
      const most = (program?.kernels.length ?? 1) - 1;
      const next =
        (chosen.kernel ?? (event.key === 'j' ? -1 : most + 1)) + (event.key === 'j' ? 1 : -1);
      if (next >= 0 && next <= most) choose(chooseKernel(next));
    }
  });
  buildSource();
  drawView();
}

start();
