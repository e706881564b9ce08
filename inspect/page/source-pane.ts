/** The sources, a line beside what it became. */
import type { InspectedSource } from '../inspection.ts';
import { chooseLines } from './choices.ts';
import { make, onPress } from './elements.ts';
import { nothing, type Page } from './state.ts';

export interface SourcePane {
  /** Marks the chosen lines; with `scroll`, the first comes into sight. */
  draw(scroll: boolean): void;
}

/** `clicked` is given the change that a click on a line makes. */
export function createSourcePane(
  home: HTMLElement,
  page: Page,
  clicked: (change: () => void) => void,
): SourcePane {
  const rows = new Map<string, HTMLElement>();
  page.data.sources.forEach((source, s) => {
    home.append(make('h2', '', source.name));
    source.lines.forEach((text, i) => {
      const key = `${s}:${i + 1}`;
      const row = sourceRow(source, text, i + 1);
      row.dataset['line'] = key;
      onPress(row, () => {
        const { chosen, program } = page.state;
        const same =
          chosen.lines.size === 1 && chosen.lines.has(key) && chosen.region === undefined;
        const next = same ? nothing : chooseLines(program, new Set([key]));
        clicked(() => page.change({ chosen: next }));
      });
      home.append(row);
      rows.set(key, row);
    });
  });
  return {
    draw(scroll) {
      const { lines } = page.state.chosen;
      for (const [key, row] of rows) {
        row.classList.toggle('on', lines.has(key));
        row.querySelector('.values')?.remove();
      }
      const first = [...lines].flatMap((key) => rows.get(key) ?? [])[0];
      const [only] = lines;
      if (lines.size === 1 && only !== undefined) first?.append(valuesOf(page, only));
      if (scroll) first?.scrollIntoView({ block: 'nearest' });
    },
  };
}

function sourceRow(source: InspectedSource, text: string, line: number): HTMLElement {
  const row = make('div', 'row');
  const code = make('span', 'code');
  const at = /(^|\s)#/.exec(text)?.index ?? text.length;
  code.append(text.slice(0, at), make('span', 'comment', text.slice(at)));
  const type = source.values[line]?.at(-1)?.type ?? '';
  row.append(make('span', 'no', String(line)), code, make('span', 'type', type));
  return row;
}

/** Every expression of a line with its type. */
function valuesOf({ data }: Page, key: string): HTMLElement {
  const [source = 0, line = 0] = key.split(':').map(Number);
  const values = make('div', 'values');
  for (const { text, type } of data.sources[source]?.values[line] ?? []) {
    const entry = make('div');
    entry.append(make('b', '', text), make('span', '', type));
    values.append(entry);
  }
  return values;
}
