/** One kernel: what it uses, what it computes, why it is apart from others, and its WGSL. */
import type { InspectedKernel } from '../inspection.ts';
import { chooseKernel, chooseLines, chooseNode, chooseRegion, keyOf } from './choices.ts';
import { make, makeLink } from './elements.ts';
import type { Page } from './state.ts';
import { bytesText, flopsText, percentText, timeText } from './units.ts';
import { colourWgsl } from './wgsl-colours.ts';

export function kernelDetail(page: Page, kernel: InspectedKernel, index: number): HTMLElement {
  const { program } = page.state;
  const box = make('div', 'detail');
  box.id = 'detail';
  box.append(make('h3', '', kernel.name), factsOf(page, kernel));
  box.append(make('h4', '', 'Operations'));
  for (const n of kernel.nodes) {
    const node = program.nodes[n];
    if (node === undefined) continue;
    const show = (): void => page.change({ view: 'graph', chosen: chooseNode(program, n) });
    box.append(makeLink(`${node.op} ${node.type}`, show, `chip ${node.role}`));
  }
  if (kernel.fusion.length > 0) box.append(make('h4', '', 'Fusion'));
  for (const note of kernel.fusion) {
    const line = make('div');
    const other = note.kernel;
    if (other === undefined) line.append(note.text, savedText(note.saved));
    else {
      const words = `kernel ${other}`;
      const [before = '', after = ''] = split(note.text, words);
      const link = makeLink(words, () => page.change({ chosen: chooseKernel(program, other) }));
      line.append(before, link, after);
    }
    box.append(line);
  }
  box.append(make('h4', '', `WGSL of kernel ${index}`));
  const text = make('pre');
  colourWgsl(text, page.data.texts[kernel.wgsl] ?? '');
  box.append(text);
  return box;
}

const savedText = (bytes = 0): string =>
  bytes > 0 ? `: ${bytesText(bytes)} less moved in each step` : '';

const split = (text: string, words: string): readonly string[] => {
  const at = text.indexOf(words);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + words.length)];
};

function factsOf(page: Page, kernel: InspectedKernel): HTMLElement {
  const { program } = page.state;
  const facts = make('table');
  const fact = (what: string, ...value: readonly (string | Node)[]): void => {
    const row = make('tr');
    const cell = make('td', 'm');
    cell.append(...value);
    row.append(make('td', '', what), cell);
    facts.append(row);
  };
  const lines = kernel.lines.map((line) =>
    makeLink(`line ${line[1]}`, () =>
      page.change({ chosen: chooseLines(program, new Set([keyOf(line)])) }),
    ),
  );
  if (lines.length > 0) fact('from', ...lines);
  fact('schedule', kernel.schedule);
  fact('workgroups', kernel.grid);
  const intensity = kernel.flops / Math.max(1, kernel.bytes);
  fact(
    'work',
    `${bytesText(kernel.bytes)}, ${flopsText(kernel.flops)}, ${intensity.toPrecision(2)} flop a byte`,
  );
  const { measured } = kernel;
  if (measured !== undefined) {
    const { microseconds, ofPeak } = measured;
    fact(
      'time',
      `${timeText(microseconds)}${ofPeak === undefined ? '' : `, ${percentText(ofPeak)} of the device's peak`}`,
    );
  }
  for (const { access, name, type, bytes, region } of kernel.operands) {
    const rest = `  ${type}  ${bytesText(bytes)}`;
    const show = (): void => {
      if (region !== undefined)
        page.change({ view: 'memory', chosen: chooseRegion(program, ...region) });
    };
    fact(access, region === undefined ? name : makeLink(name, show), rest);
  }
  return facts;
}
