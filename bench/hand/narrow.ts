/** The products with the ten classes: too narrow for tiles, so each has a form of its own. */
import { component, fromLanes, type Kernel, range, subgroupKernel, unrolled } from './wgsl.ts';

const CLASSES = 10;
/** vec4 values a lane holds of a run of ten that lies across the lanes. */
const shares = (lanes: number): number => Math.ceil(CLASSES / lanes);

/**
 * Scores of a row a lane: s0 to s9 = H[row] W + bias, with `finish` going on from there. The lanes load
 * W's 4 x 10 block together and spread it.
 */
export function rowsByTen(options: {
  readonly name: string;
  readonly m: number;
  readonly k: number;
  readonly lanes: number;
  /** Besides H, W and bias. */
  readonly bindings: readonly string[];
  readonly finish: string;
}): Kernel {
  const { name, m, k, lanes } = options;
  const body = `
let row = tile.x * ${lanes}u + lane;
${unrolled(CLASSES, (j) => `var s${j} = bias[${j}];`)}
for (var k = 0u; k < ${k / 4}u; k++) {
let h = H[row * ${k / 4}u + k];
${unrolled(shares(lanes), (v) => `let w${v} = W[k * 10u + min(lane + ${v * lanes}u, 9u)];`)}
${unrolled(4, (step) => unrolled(CLASSES, (j) => `s${j} += h${component(step)} * ${fromLanes('w', step * CLASSES + j, lanes)};`))}
}
${options.finish}`;
  const list = ['H: vec4f', 'W: vec4f', 'bias: f32', ...options.bindings];
  return { name, wgsl: subgroupKernel(lanes, list, body), grid: [m / lanes, 1] };
}

/** Writes the scores of a row to Z. */
export const storeScores = unrolled(CLASSES, (j) => `Z[row * 10u + ${j}u] = s${j};`);

/** Softmax cross-entropy of a row's scores: D[0 .. 10m) is the gradient of the mean, D[10m + row] the row's loss. */
export function crossEntropy(m: number): string {
  const each = (text: (j: number) => string, between: string): string =>
    range(CLASSES).map(text).join(between);
  const top = range(CLASSES - 1).reduce((max, j) => `max(${max}, s${j + 1})`, 's0');
  return `
let label = Y[row];
let top = ${top};
${unrolled(CLASSES, (j) => `let e${j} = exp(s${j} - top);`)}
let total = ${each((j) => `e${j}`, ' + ')};
${unrolled(CLASSES, (j) => `D[row * 10u + ${j}u] = (e${j} / total - select(0.0, 1.0, label == ${j})) / ${m}.0;`)}
D[${m * CLASSES}u + row] = log(total) + top - (${each((j) => `select(0.0, s${j}, label == ${j})`, ' + ')});`;
}

/** G[m, n] = D[m, 10] W[n, 10]^T where H > 0: a lane owns four columns and holds their 4 x 10 of W; rows of D lie across the lanes. */
export function backFromTen(options: {
  readonly m: number;
  readonly n: number;
  readonly lanes: number;
}): Kernel {
  const { m, n, lanes } = options;
  const rows = 16;
  const quads = (rows * CLASSES) / 4;
  const weight = (column: number, j: number): string => {
    const element = column * CLASSES + j;
    return `w${element >> 2}${component(element)}`;
  };
  const sum = (row: number): string =>
    range(CLASSES)
      .map((j) => `${fromLanes('d', row * CLASSES + j, lanes)} * v${j}`)
      .join(' + ');
  const body = `
let column = tile.x * ${lanes}u + lane;
${unrolled(CLASSES, (i) => `let w${i} = W[column * 10u + ${i}u];`)}
${unrolled(
  CLASSES,
  (j) =>
    `let v${j} = vec4f(${range(4)
      .map((c) => weight(c, j))
      .join(', ')});`,
)}
${unrolled(quads / lanes, (v) => `let d${v} = D[tile.y * ${quads}u + ${v * lanes}u + lane];`)}
${unrolled(
  rows,
  (r) => `{
let o = (tile.y * ${rows}u + ${r}u) * ${n / 4}u + column;
G[o] = select(vec4f(), ${sum(r)}, H[o] > vec4f());
}`,
)}`;
  const list = ['D: vec4f', 'W: vec4f', 'H: vec4f', '!G: vec4f'];
  return {
    name: 'hidden gradient',
    wgsl: subgroupKernel(lanes, list, body),
    grid: [n / 4 / lanes, m / rows],
  };
}

/** C[n, 10] from H[m, n]^T D[m, 10]: a lane owns four rows of C; four rows of D lie across the lanes. */
export function gradientByTen(options: {
  readonly m: number;
  readonly n: number;
  readonly lanes: number;
  store(index: string, sum: string): string;
}): Kernel {
  const { m, n, lanes, store } = options;
  const element = (e: number): string => `s${e % CLASSES}${component(Math.floor(e / CLASSES))}`;
  const body = `
let column = tile.x * ${lanes}u + lane;
${unrolled(CLASSES, (j) => `var s${j} = vec4f();`)}
for (var k = 0u; k < ${m / 4}u; k++) {
${unrolled(shares(lanes), (v) => `let d${v} = D[k * 10u + min(lane + ${v * lanes}u, 9u)];`)}
${unrolled(
  4,
  (step) => `{
let h = H[(k * 4u + ${step}u) * ${n / 4}u + column];
${unrolled(CLASSES, (j) => `s${j} += h * ${fromLanes('d', step * CLASSES + j, lanes)};`)}
}`,
)}
}
${unrolled(CLASSES, (i) =>
  store(
    `column * 10u + ${i}u`,
    `vec4f(${range(4)
      .map((q) => element(i * 4 + q))
      .join(', ')})`,
  ),
)}`;
  const list = ['H: vec4f', 'D: vec4f', '!C: vec4f'];
  return {
    name: 'output weight update',
    wgsl: subgroupKernel(lanes, list, body),
    grid: [n / 4 / lanes, 1],
  };
}
