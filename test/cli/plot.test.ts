/** The curves of a run: which points, scales and ticks, in characters and as SVG. */
import { describe, expect, test } from 'vitest';
import { createHistory } from '../../cli/history.ts';
import { curveLines } from '../../cli/plot/curve-text.ts';
import { panelsOf } from '../../cli/plot/panels.ts';
import { scaleFor, ticksOf } from '../../cli/plot/scale.ts';
import { plotSvg } from '../../cli/plot/svg.ts';
import type { Averages, FitEvent } from '../../train/index.ts';

const place = (step: number) => ({
  step,
  steps: 100,
  epoch: 1,
  epochs: 1,
  stepsInEpoch: 10,
  stepOfEpoch: 1,
});
const values = (loss: number): Averages => new Map([['loss', loss]]);
const round = (step: number, train: number, validation: number): FitEvent => ({
  kind: 'round',
  place: place(step),
  report: {
    train: values(train),
    validation: values(validation),
    seconds: 1,
    rowsPerSecond: 1,
  },
});
const progress = (step: number, loss: number): FitEvent => ({
  kind: 'progress',
  place: place(step),
  values: values(0),
  recent: values(loss),
  rowsPerSecond: 1,
  secondsLeft: 1,
});

/** Eight epochs of ten steps. */
function falling() {
  const history = createHistory();
  for (let epoch = 1; epoch <= 8; epoch += 1)
    history.record(round(epoch * 10, 9 - epoch, epoch % 4 === 0 ? 5 : Number.NaN));
  return history;
}

describe('the course', () => {
  test('an epoch is a point where nothing finer came in; what is not finite is left out', () => {
    const history = createHistory();
    history.record(progress(5, 3));
    history.record(progress(9, 2));
    history.record(round(10, 2.5, Number.NaN));
    history.record(round(20, 1.5, 1));
    expect(history.train.map(({ step, values }) => [step, values['loss']])).toEqual([
      [5, 3],
      [9, 2],
      [20, 1.5],
    ]);
    expect(history.validation.map(({ values }) => values)).toEqual([{}, { loss: 1 }]);
  });

  test('however long the run, the points stay few and their mean stays right', () => {
    const history = createHistory();
    let sum = 0;
    for (let step = 1; step <= 10_000; step += 1) {
      history.record(progress(step, Math.sin(step)));
      sum += Math.sin(step);
    }
    expect(history.train.length).toBeLessThanOrEqual(400);
    expect(history.train.length).toBeGreaterThan(150);
    const total = history.train.reduce((all, point) => all + point.weight, 0);
    const mean = history.train.reduce(
      (all, { values, weight }) => all + (values['loss'] ?? 0) * weight,
      0,
    );
    expect(total).toBe(10_000);
    expect(mean).toBeCloseTo(sum, 6);
    const steps = history.train.map((point) => point.step);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });

  test('goes on from what a checkpoint kept; what is damaged there is left out', () => {
    const first = falling();
    const saved: unknown = JSON.parse(
      JSON.stringify({ train: first.train, validation: first.validation }),
    );
    expect(createHistory(saved).train).toEqual(first.train);
    expect(createHistory({ train: [{ step: 'x' }, 3, null], validation: 7 }).train).toEqual([]);
    expect(createHistory(null).validation).toEqual([]);
  });
});

describe('scales', () => {
  test.each<[readonly number[], 'linear' | 'log', number, readonly number[]]>([
    [[0, 1], 'linear', 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [[0.13, 0.92], 'linear', 5, [0.2, 0.4, 0.6, 0.8]],
    [[1, 30], 'linear', 8, [5, 10, 15, 20, 25, 30]],
    [[-3, 3], 'linear', 4, [-2, 0, 2]],
    [[0.08, 3], 'log', 5, [0.1, 0.2, 0.5, 1, 2]],
    [[1e-9, 1], 'log', 5, [1e-8, 1e-6, 1e-4, 1e-2, 1]],
  ])('%j, %s: %i ticks or so', (ends, kind, count, ticks) => {
    expect(ticksOf(scaleFor(ends, kind), count)).toEqual(ticks);
  });

  test('places', () => {
    expect(scaleFor([2, 6]).at(3)).toBe(0.25);
    expect(scaleFor([1, 100], 'log').at(10)).toBeCloseTo(0.5);
    // A logarithm of 0 there is none; one value stands in the middle.
    expect(scaleFor([0, 100], 'log').kind).toBe('linear');
    expect(scaleFor([7, 7]).at(7)).toBeCloseTo(0.5);
  });

  test('what falls far is drawn on a logarithmic axis, what rises is not', () => {
    const run = (at: (i: number) => number) => {
      const history = createHistory();
      for (let i = 0; i < 6; i += 1) history.record(progress(i, at(i)));
      return panelsOf(history, 1)[0]?.scale;
    };
    expect(run((i) => 10 ** -i)).toBe('log');
    expect(run((i) => 10 ** i)).toBe('linear');
    expect(run((i) => 6 - i)).toBe('linear');
  });
});

describe('in characters', () => {
  const [panel] = panelsOf(falling(), 10);
  const plain = (text: string): string => text;
  const lines = (columns: number, unicode: boolean) =>
    panel === undefined ? [] : curveLines(panel, { columns, unicode, paint: plain });

  test('ASCII, as wide as the terminal', () => {
    expect(lines(40, false)).toEqual([
      '8.0000 |***',
      '       |   ****',
      '       |       *****',
      '       |            *o******          o',
      '       |                    ****',
      '       |                        *****',
      '1.0000 |                             **',
      '        epoch 1  loss  * train  o validation  8',
    ]);
  });

  test('braille falls from the upper left to the lower right; colours only where asked for', () => {
    const text = lines(60, true);
    expect(text).toHaveLength(8);
    expect(text[0]).toMatch(/^8\.0000 │⠉/);
    expect(text[6]).toMatch(/^1\.0000 │ +[⠀-⣿]+$/);
    expect(text.join('')).not.toContain('\x1b');
    for (const line of text) expect([...line].length).toBeLessThanOrEqual(60);
  });

  test('nothing where there is too little to see, or no room', () => {
    const short = createHistory();
    for (const step of [1, 2, 3]) short.record(progress(step, step));
    expect(panelsOf(short, 1)).toEqual([]);
    expect(lines(25, true)).toEqual([]);
  });
});

describe('SVG', () => {
  const svg = plotSvg(panelsOf(falling(), 10), 'a < b & c');

  test('the line goes through the points, the axis is marked, nothing is left unescaped', () => {
    expect(svg).toContain('<title>a &lt; b &amp; c</title>');
    const [, d = ''] = /<path class="train" d="([^"]+)"/.exec(svg) ?? [];
    const points = d
      .split(/[ML]/)
      .filter(Boolean)
      .map((pair) => pair.split(' ').map(Number));
    expect(points).toHaveLength(8);
    expect(points[0]?.[0]).toBe(72);
    expect(points.at(-1)?.[0]).toBe(736);
    // A straight line, falling: y grows downwards by the same from point to point.
    const steps = points.slice(1).map((point, i) => (point[1] ?? 0) - (points[i]?.[1] ?? 0));
    for (const step of steps) expect(step).toBeCloseTo(steps[0] ?? 0, 0);
    expect(steps[0]).toBeGreaterThan(10);
    for (const tick of [2, 4, 6, 8]) expect(svg).toContain(`>${tick}</text>`);
    expect(svg).toContain('>epoch</text>');
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
});
