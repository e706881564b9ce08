/** Memory: what is in use while the program runs, where it lies, and what is kept. */
import type { InspectedBuffer, InspectedProgram, InspectedRegion } from '../inspection.ts';
import { chooseRegion, keyOf } from './choices.ts';
import { make, onPress } from './elements.ts';
import { memoryCurve } from './memory-curve.ts';
import { regionsWith } from './search.ts';
import type { Page } from './state.ts';
import { bytesText, counted } from './units.ts';

/** Of all pages together, in pixels; a small one is still a line that can be hit. */
const PAGES_HEIGHT = 320;
const LEAST_HEIGHT = 18;

export function drawMemory(home: HTMLElement, page: Page): void {
  const { program } = page.state;
  const { buffers, kernels } = program;
  const pages = buffers.flatMap((buffer, b) => (buffer.class === 'scratch' ? [b] : []));
  const sum = (classes: (one: string) => boolean): number =>
    buffers.reduce((total, { class: kind, bytes }) => total + (classes(kind) ? bytes : 0), 0);
  const inPages = sum((kind) => kind === 'scratch');
  const kept = sum((kind) => kind !== 'scratch');
  const text = `From left to right the ${counted(kernels.length, 'kernel')} of ${program.name}. Activations and gradients share ${bytesText(inPages)} in ${counted(pages.length, 'buffer')}; ${bytesText(kept)} are kept.`;
  home.append(make('p', 'intro', text));
  if (pages.length > 0) home.append(memoryCurve(page));
  const marked = markedRegions(page);
  for (const b of pages) {
    const buffer = buffers[b] as InspectedBuffer;
    const height = Math.max(LEAST_HEIGHT, (PAGES_HEIGHT * buffer.bytes) / inPages);
    home.append(pageMap(page, buffer, b, height, marked));
  }
  home.append(make('h4', 'kept-head', 'Kept: inputs, results, parameters, states'));
  home.append(keptList(page, marked));
}

/** What belongs to the choice or has the words that are sought, as `buffer:tensor`. */
function markedRegions({ state }: Page): (key: string, region: InspectedRegion) => boolean {
  const { chosen, sought, program } = state;
  if (sought !== '') {
    const found = new Set(regionsWith(program, sought).map(String));
    return (key) => found.has(key.replace(':', ','));
  }
  if (chosen.region !== undefined) return (key) => key === chosen.region;
  const { kernel, kernels, lines } = chosen;
  if (kernel !== undefined && kernels.size === 1)
    return (_, region) => region.kernels.includes(kernel);
  return (_, region) => region.lines.some((line) => lines.has(keyOf(line)));
}

type Marked = ReturnType<typeof markedRegions>;

function press(element: HTMLElement, page: Page, buffer: number, tensor: number): void {
  element.dataset['region'] = `${buffer}:${tensor}`;
  onPress(element, () => page.change({ chosen: chooseRegion(page.state.program, buffer, tensor) }));
}

function pageMap(
  page: Page,
  buffer: InspectedBuffer,
  b: number,
  height: number,
  marked: Marked,
): HTMLElement {
  const across = 100 / Math.max(1, page.state.program.kernels.length);
  const timed = make('div', 'timed');
  const label = make('span', 'label', buffer.label);
  label.append(make('small', '', bytesText(buffer.bytes)));
  const map = make('div', 'map');
  map.style.height = `${height}px`;
  buffer.tensors.forEach((tensor, t) => {
    const [from, to] = [tensor.kernels[0] ?? 0, tensor.kernels.at(-1) ?? 0];
    const region = make('div', `region ${roleOf(page.state.program, from)}`, tensor.name);
    region.classList.toggle('on', marked(`${b}:${t}`, tensor));
    const least = (100 * 4) / height;
    const share = (100 * tensor.bytes) / buffer.bytes;
    region.style.left = `${from * across}%`;
    region.style.width = `${(to - from + 1) * across}%`;
    region.style.top = `${(100 * tensor.offset) / buffer.bytes}%`;
    region.style.height = `${Math.max(share, least)}%`;
    region.title = `${tensor.name}: ${bytesText(tensor.bytes)} from byte ${tensor.offset}, kernels ${from} to ${to}`;
    press(region, page, b, t);
    map.append(region);
  });
  timed.append(label, map);
  return timed;
}

/** A tensor has the colour of the kernel that writes it. */
const roleOf = ({ kernels }: InspectedProgram, kernel: number): string =>
  kernels[kernel]?.role ?? 'forward';

/** Of all tensors that live on, the largest first. */
function keptList(page: Page, marked: Marked): HTMLElement {
  const { buffers } = page.state.program;
  const list = make('div', 'kept');
  const all = buffers.flatMap(({ tensors, class: kind }, b) =>
    tensors.flatMap((tensor, t) => (tensor.lasts ? [{ tensor, kind, b, t }] : [])),
  );
  const most = Math.max(1, ...all.map(({ tensor }) => tensor.bytes));
  for (const { tensor, kind, b, t } of all.toSorted((x, y) => y.tensor.bytes - x.tensor.bytes)) {
    const row = make('div', 'tensor');
    row.classList.toggle('on', marked(`${b}:${t}`, tensor));
    const bar = make('span', 'bar');
    const part = make('i');
    part.style.width = `${Math.max(0.5, (100 * tensor.bytes) / most)}%`;
    bar.append(part);
    row.append(
      make('span', 'name', tensor.name),
      make('span', 'facts', kind),
      bar,
      make('span', 'facts size', bytesText(tensor.bytes)),
      make('span', 'facts', counted(tensor.kernels.length, 'kernel')),
    );
    press(row, page, b, t);
    list.append(row);
  }
  return list;
}
