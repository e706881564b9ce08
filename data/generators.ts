/** The data sets that are drawn from a seed, so that a first run needs no file. Same seed, same bytes. */
import { createDataset, type DataSplits, type Dataset } from './dataset.ts';
import { glyphs } from './glyphs/glyphs.ts';
import { bell, between, createRandom, type Random } from './random.ts';
import { cosine, sine } from './trigonometry.ts';

/** By name: how the data set is drawn. */
export const generators: ReadonlyMap<string, () => DataSplits> = new Map<string, () => DataSplits>([
  ['glyphs', () => glyphs()],
  ['line', () => twoSets(drawLine, 400, 100)],
  ['sine', () => twoSets(drawSine, 1000, 200)],
  ['spirals', () => twoSets(drawSpirals, 3000, 600)],
]);

const SEED = 1;
/** Keeps the data sets apart from other streams of the same seed. */
const streams = { line: 0x6c696e65, sine: 0x73696e65, spirals: 0x73706972 } as const;

type Draw = (random: (stream: number) => Random, rows: number) => Dataset;

function twoSets(draw: Draw, train: number, test: number): DataSplits {
  const part = (item: number, rows: number): Dataset =>
    draw((stream) => createRandom(SEED, stream, item), rows);
  return { train: part(0, train), test: part(1, test) };
}

/** What `line` is drawn from: y = 2 x - 1 and noise of deviation 0.1. */
export const line: { readonly slope: number; readonly intercept: number; readonly noise: number } =
  { slope: 2, intercept: -1, noise: 0.1 };

/** Columns `x` f32 [], uniform in [-1, 1), and `y` f32 []: 400 and 100 rows. */
function drawLine(stream: (stream: number) => Random, rows: number): Dataset {
  const random = stream(streams.line);
  const x = Float32Array.from({ length: rows }, () => between(random, -1, 1));
  const y = x.map((value) => line.slope * value + line.intercept + line.noise * bell(random));
  return createDataset('line', [floats('x', [], x), floats('y', [], y)]);
}

/** Columns `x` f32 [1], uniform in [0, 2π), and `y` f32 [1], its sine: 1,000 and 200 rows. */
function drawSine(stream: (stream: number) => Random, rows: number): Dataset {
  const random = stream(streams.sine);
  const x = Float32Array.from({ length: rows }, () => between(random, 0, 2 * Math.PI));
  return createDataset('sine', [floats('x', [1], x), floats('y', [1], x.map(sine))]);
}

/** Arms of the spirals, how often each winds about the middle, and how far points stray. */
const arms = 3;
const turns = 0.75;
const stray = 0.03;

/**
 * Columns `point` f32 [2], within about 1 of the middle, and `label` u8 [], the arm: 3,000 and 600 rows,
 * every arm equally often. No line separates two arms.
 */
function drawSpirals(stream: (stream: number) => Random, rows: number): Dataset {
  const random = stream(streams.spirals);
  const points = new Float32Array(2 * rows);
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % arms);
  for (const [row, arm] of labels.entries()) {
    const radius = between(random, 0.1, 1);
    const angle = 2 * Math.PI * (turns * radius + arm / arms);
    points[2 * row] = radius * cosine(angle) + stray * bell(random);
    points[2 * row + 1] = radius * sine(angle) + stray * bell(random);
  }
  const label = {
    name: 'label',
    dtype: 'u8',
    kind: 'integer',
    rowShape: [],
    values: labels,
  } as const;
  return createDataset('spirals', [floats('point', [2], points), label]);
}

const floats = (name: string, rowShape: readonly number[], values: Float32Array<ArrayBuffer>) =>
  ({ name, dtype: 'f32', kind: 'float', rowShape, values }) as const;
