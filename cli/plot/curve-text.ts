/** A panel in characters, for a terminal: braille dots where it can show them, else ASCII. Pure. */
import { metricText } from '../numbers.ts';
import type { CliStyle } from '../terminal.ts';
import type { Panel, Series } from './panels.ts';
import { type Scale, scaleFor } from './scale.ts';

export interface CurveOptions {
  /** Characters of a line. */
  readonly columns: number;
  readonly unicode: boolean;
  readonly paint: (text: string, style: CliStyle) => string;
}

const ROWS = 7;
const WIDEST = 72;
/** Narrower than this there is nothing to see. */
const NARROWEST = 20;

const styles = { train: 'bar', validation: 'good' } as const;

/** Lines of text without a line end; none where the terminal is too narrow. */
export function curveLines(panel: Panel, options: CurveOptions): readonly string[] {
  const all = panel.series.flatMap((series) => series.points);
  const y = scaleFor(
    all.map((point) => point.y),
    panel.scale,
  );
  const x = scaleFor(all.map((point) => point.x));
  const labels = [metricText(y.most), metricText(y.least)];
  const margin = Math.max(...labels.map((label) => label.length));
  const width = Math.min(WIDEST, options.columns - margin - 3);
  if (width < NARROWEST) return [];
  const canvas = options.unicode ? brailleCanvas(width) : asciiCanvas(width);
  for (const series of panel.series) drawSeries(canvas, series, x, y);
  const rows = canvas.rows().map((cells, row) => {
    const label = row === 0 ? labels[0] : row === ROWS - 1 ? labels[1] : '';
    const text = cells.map(({ text, label }) =>
      label === undefined ? text : options.paint(text, styles[label]),
    );
    return `${(label ?? '').padStart(margin)} ${canvas.axis}${text.join('').trimEnd()}`;
  });
  return [...rows, footer(panel, x, y, margin, width, canvas, options)];
}

/** `epoch 1 … 6`, and which sign is which. */
function footer(
  panel: Panel,
  x: Scale,
  y: Scale,
  margin: number,
  width: number,
  canvas: Canvas,
  { paint }: CurveOptions,
): string {
  const from = `${panel.axis} ${Math.round(x.least * 10) / 10}`;
  const to = String(Math.round(x.most * 10) / 10);
  const legend = panel.series.map(
    ({ label }) => `${paint(canvas.signs[label], styles[label])} ${label}`,
  );
  const plain = panel.series.map(({ label }) => `${canvas.signs[label]} ${label}`).join('  ');
  const scale = y.kind === 'log' ? ', logarithmic' : '';
  const middle = `${panel.name}${scale}  `;
  const room = width - from.length - to.length - middle.length - plain.length;
  const gap = ' '.repeat(Math.max(2, Math.floor(room / 2)));
  return `${' '.repeat(margin + 2)}${from}${gap}${middle}${legend.join('  ')}${gap}${to}`;
}

interface Cell {
  readonly text: string;
  readonly label?: Series['label'];
}

interface Canvas {
  /** Places in both directions. */
  readonly width: number;
  readonly height: number;
  readonly axis: string;
  readonly signs: Readonly<Record<Series['label'], string>>;
  /** y counts from below. */
  set(x: number, y: number, label: Series['label']): void;
  rows(): readonly (readonly Cell[])[];
}

/** Rows to train on give a line, rows to validate points: there are few of them. */
function drawSeries(canvas: Canvas, { label, points }: Series, x: Scale, y: Scale): void {
  const places = points.map((point) => ({
    x: Math.round(x.at(point.x) * (canvas.width - 1)),
    y: Math.round(y.at(point.y) * (canvas.height - 1)),
  }));
  for (const [index, place] of places.entries()) {
    canvas.set(place.x, place.y, label);
    const next = places[index + 1];
    if (next === undefined || label === 'validation') continue;
    const count = Math.max(Math.abs(next.x - place.x), Math.abs(next.y - place.y));
    for (let i = 1; i < count; i += 1) {
      const share = i / count;
      canvas.set(
        Math.round(place.x + (next.x - place.x) * share),
        Math.round(place.y + (next.y - place.y) * share),
        label,
      );
    }
  }
}

/** Bits of the dots in a braille cell, by column and row from above (Unicode 2800 to 28FF). */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

function brailleCanvas(columns: number): Canvas {
  const dots = new Uint8Array(columns * ROWS);
  const marks = new Set<number>();
  const height = ROWS * 4;
  return {
    width: columns * 2,
    height,
    axis: '│',
    signs: { train: '⠒⠒', validation: '•' },
    set(x, y, label) {
      const row = Math.floor((height - 1 - y) / 4);
      const cell = row * columns + Math.floor(x / 2);
      if (label === 'validation') marks.add(cell);
      else dots[cell] = (dots[cell] ?? 0) | (DOTS[x % 2 === 0 ? 0 : 1][(height - 1 - y) % 4] ?? 0);
    },
    rows: () =>
      cellRows(columns, (cell) => {
        if (marks.has(cell)) return { text: '•', label: 'validation' };
        const bits = dots[cell] ?? 0;
        return bits === 0
          ? { text: ' ' }
          : { text: String.fromCodePoint(0x2800 + bits), label: 'train' };
      }),
  };
}

function asciiCanvas(columns: number): Canvas {
  const cells = new Map<number, Series['label']>();
  const signs = { train: '*', validation: 'o' } as const;
  return {
    width: columns,
    height: ROWS,
    axis: '|',
    signs,
    set: (x, y, label) => void cells.set((ROWS - 1 - y) * columns + x, label),
    rows: () =>
      cellRows(columns, (cell) => {
        const label = cells.get(cell);
        return label === undefined ? { text: ' ' } : { text: signs[label], label };
      }),
  };
}

const cellRows = (columns: number, cellAt: (cell: number) => Cell) =>
  Array.from({ length: ROWS }, (_, row) =>
    Array.from({ length: columns }, (_, column) => cellAt(row * columns + column)),
  );
