/** The kernels of a program in a list: in the order in which they run, or the largest first. */
import type { InspectedKernel, InspectedProgram } from '../inspection.ts';
import { chooseKernel } from './choices.ts';
import { make, makeLink, onPress } from './elements.ts';
import { inSight } from './in-sight.ts';
import { kernelDetail } from './kernel-detail.ts';
import { kernelsWith } from './search.ts';
import { nothing, type Page } from './state.ts';
import { bytesText, counted, flopsText, percentText, timeText } from './units.ts';

const ROW_HEIGHT = 52;

const amounts = {
  time: (kernel: InspectedKernel) => kernel.measured?.microseconds ?? 0,
  bytes: (kernel: InspectedKernel) => kernel.bytes,
  flops: (kernel: InspectedKernel) => kernel.flops,
} as const;
type Order = 'run' | keyof typeof amounts;

const orderTexts: readonly (readonly [Order, string])[] = [
  ['run', 'as they run'],
  ['time', 'by time'],
  ['bytes', 'by bytes'],
  ['flops', 'by operations'],
];

type Draw = (home: HTMLElement) => void;

export function createKernelsView(page: Page): Draw {
  let order: Order = 'run';
  /** Where the list stood before anything was chosen. */
  let scrolled = 0;
  const setOrder = (next: Order): void => {
    order = next;
    scrolled = 0;
    page.change({});
  };
  return (home) => {
    const { chosen, program, sought } = page.state;
    const { kernels } = program;
    const found = kernelsWith(page.data, program, sought);
    const shown = ordered(program, found, chosen.kernels, order);
    const detail = chosen.kernel === undefined ? undefined : kernels[chosen.kernel];
    const split = make('div', detail === undefined ? 'whole' : 'split');
    const box = make('div', 'kernels');
    const list = make('div', 'list');
    list.style.height = `${shown.length * ROW_HEIGHT}px`;
    box.append(headOf(program, order, setOrder), list);
    split.append(box);
    home.append(split);
    const longest = Math.max(1e-9, ...kernels.map(amounts.time));
    const [first = 0] = chosen.kernels;
    const isOne = chosen.kernels.size === 1;
    box.scrollTop = isOne
      ? nearest(shown.indexOf(first) * ROW_HEIGHT, scrolled, box.clientHeight)
      : chosen.kernels.size > 0
        ? 0
        : scrolled;
    if (isOne) scrolled = box.scrollTop;
    inSight(box, list, (top, bottom) => {
      if (page.state.chosen === nothing) scrolled = box.scrollTop;
      const rows = new Map<string, () => Element>();
      shown.forEach((index, place) => {
        const y = place * ROW_HEIGHT;
        const kernel = kernels[index];
        if (kernel === undefined || y + ROW_HEIGHT < top || y > bottom) return;
        rows.set(String(index), () => {
          const row = kernelRow(kernel, index, longest);
          row.style.top = `${y}px`;
          row.classList.toggle('on', chosen.kernels.has(index));
          onPress(row, () => page.change({ chosen: chooseKernel(program, index) }));
          return row;
        });
      });
      return rows;
    });
    if (shown.length === 0) box.append(make('p', 'empty', 'no kernel has these words'));
    if (detail !== undefined) split.append(kernelDetail(page, detail, chosen.kernel ?? 0));
  };
}

/** From `scrolled` as far as it takes to see what is at `y`. */
function nearest(y: number, scrolled: number, height: number): number {
  if (y >= scrolled && y + 2 * ROW_HEIGHT <= scrolled + height) return scrolled;
  return Math.max(0, y - height / 2);
}

/** What belongs to the choice comes first, but a kernel chosen by itself stays where it is. */
function ordered(
  { kernels }: InspectedProgram,
  found: readonly number[],
  chosen: ReadonlySet<number>,
  order: Order,
): readonly number[] {
  const amount = (index: number): number => {
    const kernel = kernels[index];
    return order === 'run' || kernel === undefined ? 0 : amounts[order](kernel);
  };
  const isFirst = (index: number): number => Number(chosen.size > 1 && chosen.has(index));
  return found.toSorted((a, b) => isFirst(b) - isFirst(a) || amount(b) - amount(a) || a - b);
}

/** All kernels together, and the orders to choose from. */
function headOf(
  { kernels }: InspectedProgram,
  order: Order,
  setOrder: (order: Order) => void,
): HTMLElement {
  const sum = (amount: (kernel: InspectedKernel) => number): number =>
    kernels.reduce((total, kernel) => total + amount(kernel), 0);
  const head = make('div', 'head');
  const isMeasured = kernels.some((kernel) => kernel.measured !== undefined);
  const all = [
    counted(kernels.length, 'kernel'),
    `${bytesText(sum(amounts.bytes))} moved`,
    flopsText(sum(amounts.flops)),
    ...(isMeasured ? [timeText(sum(amounts.time))] : []),
  ];
  head.append(make('span', 'sum', all.join(' · ')));
  for (const [name, text] of orderTexts) {
    if (name === 'time' && !isMeasured) continue;
    const button = makeLink(text, () => setOrder(name));
    button.dataset['order'] = name;
    button.setAttribute('aria-pressed', String(name === order));
    head.append(button);
  }
  return head;
}

function kernelRow(kernel: InspectedKernel, index: number, longest: number): HTMLElement {
  const row = make('div', 'kernel');
  row.dataset['kernel'] = String(index);
  const name = make('span', 'name');
  name.append(make('i', `dot ${kernel.role}`), kernel.name);
  const lines = kernel.lines.map(([, line]) => line).join(', ');
  const facts = [
    counted(kernel.nodes.length, 'operation'),
    bytesText(kernel.bytes),
    ...(kernel.flops > 0 ? [flopsText(kernel.flops)] : []),
    ...(lines === '' ? [] : [`line ${lines}`]),
  ];
  row.append(make('span', 'no', String(index)), name, make('span', 'facts', facts.join(' · ')));
  if (kernel.measured !== undefined) row.append(timeOf(kernel.measured, longest));
  return row;
}

function timeOf(
  { microseconds, ofPeak }: NonNullable<InspectedKernel['measured']>,
  longest: number,
): HTMLElement {
  const time = make('span', 'time', timeText(microseconds));
  if (ofPeak !== undefined) time.append(make('small', '', `${percentText(ofPeak)} of peak`));
  const bar = make('div', 'bar');
  const part = make('i');
  part.style.width = `${(100 * microseconds) / longest}%`;
  bar.append(part);
  time.append(bar);
  return time;
}
