/** Bytes of activations and gradients in use, kernel by kernel. */
import { chooseKernel } from './choices.ts';
import { make, makeSvg } from './elements.ts';
import type { Page } from './state.ts';
import { bytesText } from './units.ts';

export function memoryCurve(page: Page): HTMLElement {
  const { program, chosen } = page.state;
  const { live } = program;
  const peak = Math.max(0, ...live);
  const count = Math.max(1, live.length);
  const box = make('div', 'timed curve');
  const svg = makeSvg('svg', { viewBox: `0 0 ${count} 100`, preserveAspectRatio: 'none' });
  const height = (bytes: number): number => (peak === 0 ? 0 : (92 * bytes) / peak);
  for (const k of chosen.kernels)
    svg.append(makeSvg('rect', { class: 'on', x: k, y: 0, width: 1, height: 100 }));
  const steps = live.map(
    (bytes, k) => `L${k} ${100 - height(bytes)}L${k + 1} ${100 - height(bytes)}`,
  );
  svg.append(makeSvg('path', { class: 'area', d: `M0 100${steps.join('')}L${count} 100Z` }));
  box.append(make('span', 'label', `peak ${bytesText(peak)}`), svg);
  const strip = make('div', 'strip');
  program.kernels.forEach(({ role, name }, k) => {
    const mark = make('i', role);
    mark.title = `${k} ${name}: ${bytesText(live[k] ?? 0)} in use`;
    strip.append(mark);
  });
  const timed = make('div', 'timed');
  timed.append(make('span', 'label', 'kernels'), strip);
  const whole = make('div');
  whole.append(box, timed);
  for (const area of [svg, strip])
    area.addEventListener('click', (event) => {
      const { left, width } = area.getBoundingClientRect();
      const k = Math.floor(((event as MouseEvent).clientX - left) * (count / width));
      page.change({ chosen: chooseKernel(program, Math.min(count - 1, Math.max(0, k))) });
    });
  return whole;
}
