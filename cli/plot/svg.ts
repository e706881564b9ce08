/** Panels as one SVG file, readable on light and dark pages. Pure. */
import { metricText } from '../numbers.ts';
import type { Panel, Series } from './panels.ts';
import { type Scale, scaleFor, ticksOf } from './scale.ts';

const WIDTH = 760;
const PANEL = { height: 300, left: 72, right: 24, top: 44, bottom: 48 } as const;
const PLOT = {
  width: WIDTH - PANEL.left - PANEL.right,
  height: PANEL.height - PANEL.top - PANEL.bottom,
} as const;
/** More points than this are a line, not marks. */
const MOST_MARKS = 60;

const style = `
  :root { --back: #ffffff; --ink: #1f2933; --faint: #d9dee4; --train: #1d5fbf; --validation: #c2410c }
  @media (prefers-color-scheme: dark) {
    :root { --back: #14181d; --ink: #dfe5ec; --faint: #333b45; --train: #7cb3ff; --validation: #ff9d5c }
  }
  text { fill: var(--ink); font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif }
  .name { font-size: 15px; font-weight: 600 }
  .back { fill: var(--back) }
  .grid { stroke: var(--faint); stroke-width: 1 }
  .axis { stroke: var(--ink); stroke-width: 1; fill: none }
  .train { stroke: var(--train) } .validation { stroke: var(--validation) }
  path.train, path.validation, line.train, line.validation { fill: none; stroke-width: 2; stroke-linejoin: round }
  circle.train { fill: var(--train) } circle.validation { fill: var(--validation) }
`;

/** `title` names the run. */
export function plotSvg(panels: readonly Panel[], title: string): string {
  const height = 34 + panels.length * PANEL.height;
  const body = panels.map(
    (panel, index) =>
      `<g transform="translate(0 ${34 + index * PANEL.height})">\n${panelSvg(panel)}\n</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>${escaped(title)}</title>
<style>${style}</style>
<rect class="back" width="${WIDTH}" height="${height}"/>
<text class="name" x="${PANEL.left}" y="28">${escaped(title)}</text>
${body.join('\n')}
</svg>
`;
}

function panelSvg(panel: Panel): string {
  const all = panel.series.flatMap((series) => series.points);
  const x = scaleFor(all.map((point) => point.x));
  const y = widened(
    all.map((point) => point.y),
    panel.scale,
  );
  const { left, top } = PANEL;
  const [right, bottom] = [left + PLOT.width, top + PLOT.height];
  const atX = (value: number): number => round(left + x.at(value) * PLOT.width);
  const atY = (value: number): number => round(bottom - y.at(value) * PLOT.height);
  const name = `${panel.name}${y.kind === 'log' ? ' (logarithmic)' : ''}`;
  return [
    ...ticksOf(y, 5).map(
      (tick) =>
        `<line class="grid" x1="${left}" x2="${right}" y1="${atY(tick)}" y2="${atY(tick)}"/>` +
        `<text x="${left - 8}" y="${atY(tick) + 4}" text-anchor="end">${tickText(tick)}</text>`,
    ),
    ...ticksOf(x, 8).map(
      (tick) =>
        `<line class="axis" x1="${atX(tick)}" x2="${atX(tick)}" y1="${bottom}" y2="${bottom + 5}"/>` +
        `<text x="${atX(tick)}" y="${bottom + 20}" text-anchor="middle">${tickText(tick)}</text>`,
    ),
    `<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>`,
    `<text x="${left}" y="${top - 12}">${escaped(name)}</text>`,
    `<text x="${left + PLOT.width / 2}" y="${bottom + 40}" text-anchor="middle">${panel.axis}</text>`,
    ...panel.series.map((series) => seriesSvg(series, atX, atY)),
    legendSvg(panel.series, right, top - 12),
  ].join('\n');
}

/** Some room above and below, so that no line lies on the frame. */
function widened(values: readonly number[], kind: Scale['kind']): Scale {
  const tight = scaleFor(values, kind);
  if (tight.kind === 'log') return scaleFor([tight.least / 1.15, tight.most * 1.15], 'log');
  const room = (tight.most - tight.least) * 0.04;
  return scaleFor([tight.least - room, tight.most + room]);
}

function seriesSvg(
  { label, points }: Series,
  atX: (value: number) => number,
  atY: (value: number) => number,
): string {
  const d = points.map((point, i) => `${i === 0 ? 'M' : 'L'}${atX(point.x)} ${atY(point.y)}`);
  const marks =
    points.length > MOST_MARKS
      ? []
      : points.map(
          (point) => `<circle class="${label}" cx="${atX(point.x)}" cy="${atY(point.y)}" r="2.5"/>`,
        );
  return [`<path class="${label}" d="${d.join('')}"/>`, ...marks].join('');
}

/** From the right, so that it ends with the panel. */
function legendSvg(series: readonly Series[], right: number, y: number): string {
  const widths = { train: 70, validation: 100 } as const;
  let x = right;
  const parts = series.toReversed().map(({ label }) => {
    x -= widths[label];
    return `<line class="${label}" x1="${x}" x2="${x + 22}" y1="${y - 4}" y2="${y - 4}"/><text x="${x + 28}" y="${y}">${label}</text>`;
  });
  return parts.join('');
}

/** As short as the number allows: `0.5`, `1e-4`. */
function tickText(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(4)));
  return size >= 1e5 && Number.isInteger(value) && size < 1e9
    ? metricText(value)
    : value.toExponential().replace('e+', 'e');
}

const round = (value: number): number => Math.round(value * 10) / 10;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
