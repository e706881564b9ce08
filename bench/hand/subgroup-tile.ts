/**
 * The large matrix product: a subgroup computes a tile of `rows` x 4 columns a lane, in registers. The
 * lanes load different vec4 values of the left factor and spread them with `subgroupBroadcast` from a
 * literal lane; nothing goes through workgroup memory, and there is no barrier.
 */
import { fromLanes, type Kernel, subgroupKernel, unrolled } from './wgsl.ts';

export interface TileOptions {
  readonly name: string;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly lanes: number;
  /** Rows of a tile. Needs m % rows = rows % lanes = n % (4 lanes) = k % 4 = 0. */
  readonly rows: number;
  /** The left factor A is stored as [k, m]. */
  readonly transposed?: boolean;
  /** Bindings; A, B and the result C are among them. */
  readonly bindings: readonly string[];
  /** What the sums start with. */
  readonly start?: string;
  /** Ends vec4 number `index` of the result. */
  store(index: string, sum: string): string;
}

export function subgroupTile(options: TileOptions): Kernel {
  const { name, m, n, k, lanes, rows, transposed = false, start = 'vec4f()' } = options;
  const quads = rows / 4;
  const vector = (v: number): string => `(lane + ${v * lanes}u)`;
  const place = (v: number): string =>
    transposed
      ? `(k * 4u + ${vector(v)} / ${quads}u) * ${m / 4}u + tile.y * ${quads}u + ${vector(v)} % ${quads}u`
      : `(row + ${v * lanes}u + lane) * ${k / 4}u + k`;
  const factor = (row: number, step: number): string =>
    fromLanes('a', transposed ? step * rows + row : row * 4 + step, lanes);
  // Not transposed, lane l holds four steps of row v * lanes + l: vec4 number `row` of the run.
  const body = `
let row = tile.y * ${rows}u;
let column = tile.x * ${lanes}u + lane;
${unrolled(rows, (r) => `var sum${r} = ${start};`)}
for (var k = 0u; k < ${k / 4}u; k++) {
${unrolled(rows / lanes, (v) => `let a${v} = A[${place(v)}];`)}
${unrolled(
  4,
  (step) => `{
let b = B[(k * 4u + ${step}u) * ${n / 4}u + column];
${unrolled(rows, (r) => `sum${r} = fma(vec4f(${factor(r, step)}), b, sum${r});`)}
}`,
)}
}
${unrolled(rows, (r) => options.store(`(row + ${r}u) * ${n / 4}u + column`, `sum${r}`))}`;
  return {
    name,
    wgsl: subgroupKernel(lanes, options.bindings, body),
    grid: [n / 4 / lanes, m / rows],
  };
}
