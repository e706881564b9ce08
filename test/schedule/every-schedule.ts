/**
 * Runs every schedule of a set of kernels on the adapter at hand and compares with the f64 interpreter.
 * Sizes are awkward on purpose: one, primes, what four and the lanes do not divide, and what they do. The data
 * are small whole numbers, so that sums are exact in any order.
 */
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { elementCount, type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import type { SingleSpec } from '../../compiler/kernel/spec.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { candidates } from '../../compiler/schedule/candidates.ts';
import { chooseSchedule } from '../../compiler/schedule/choose-schedule.ts';
import type { DeviceProfile } from '../../compiler/schedule/device.ts';
import { printSchedule, type SingleSchedule } from '../../compiler/schedule/schedule.ts';
import { profileOf, runGraph, testDevice } from '../support/run-graph.ts';

type Make = (name: string, shape: readonly number[], storage?: 'f32' | 'u8' | 'i32') => Node;
interface Case {
  readonly name: string;
  /** Relative to 1 + |value|; 0 where all is whole numbers. */
  readonly tolerance: number;
  build(g: Graph, make: Make): readonly Node[];
}

const exact = (name: string, build: Case['build']): Case => ({ name, tolerance: 0, build });

const maps: readonly Case[] = [1, 7, 64, 4099].map((n) =>
  exact(`map of ${n}, two outputs`, (g, make) => {
    const [x, y] = [make('x', [n]), make('y', [n])];
    return [b.maximum(g, b.add(g, b.mul(g, x, 2), y), 0), b.sub(g, y, x)];
  }),
);
const views: readonly Case[] = [
  exact('map of a transpose', (g, make) => [
    b.add(g, b.transpose(g, make('x', [13, 8])), make('y', [8, 13])),
  ]),
  exact('map over a padded edge', (g, make) => {
    const x = make('x', [5, 7]);
    return [b.add(g, b.pad(g, x, [1, 2], [2, 3], 4), 1)];
  }),
  exact('map of many vectors, of bytes', (g, make) => {
    const image = make('image', [16_384], 'u8');
    return [b.mul(g, b.cast(g, image, 'f32'), make('scale', [16_384]))];
  }),
];

const rowSizes: readonly (readonly [number, number])[] = [
  [1, 1],
  [1, 7],
  [5, 13],
  [8, 12],
  [4, 64],
  [3, 260],
];
const rows: readonly Case[] = rowSizes.flatMap(([m, n]) => [
  {
    name: `softmax with its statistics ${m} x ${n}`,
    tolerance: 1e-5,
    build(g, make) {
      const x = make('x', [m, n]);
      const top = b.reduce(g, 'max', x, 1, true);
      const e = b.exp(g, b.sub(g, x, top));
      const s = b.sum(g, e, 1, true);
      return [b.div(g, e, s), top, b.log(g, s)];
    },
  },
  exact(`the first largest, any and a sum ${m} x ${n}`, (g, make) => {
    const x = make('x', [m, n]);
    return [
      b.reduce(g, 'argmax', x, 1),
      b.reduce(g, 'argmin', x, 1),
      b.reduce(g, 'max', b.gt(g, x, 3), 1),
      b.reduce(g, 'min', b.gt(g, x, -5), 1),
      b.sum(g, x, 1),
    ];
  }),
  exact(`column sums of a centred table ${m} x ${n}`, (g, make) => {
    const x = make('x', [m, n]);
    return [b.sum(g, b.sub(g, x, make('y', [m, n])), 0)];
  }),
]);
const paddedRows = exact('rows over a padded edge', (g, make) => {
  const x = b.pad(g, make('x', [4, 9]), [0, 1], [0, 2]);
  const top = b.reduce(g, 'max', x, 1, true);
  return [b.sum(g, x, 1), b.sub(g, x, top)];
});

const productSizes: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [1, 7, 5],
  [13, 17, 11],
  [20, 40, 12],
  [33, 36, 16],
];
const products: readonly Case[] = productSizes.flatMap(([m, n, k]) => [
  // Transposes matter where a tile has an inside and an edge.
  ...(m === 13 || m === 20 ? [0, 1, 2, 3] : [0]).map((transposed) =>
    exact(`product ${m} x ${n} x ${k}, transposes ${transposed}`, (g, make) => {
      const left = transposed & 1 ? b.transpose(g, make('a', [k, m])) : make('a', [m, k]);
      const right = transposed & 2 ? b.transpose(g, make('c', [n, k])) : make('c', [k, n]);
      return [b.matmul(g, left, right)];
    }),
  ),
  exact(`product ${m} x ${n} x ${k} with an epilogue of two outputs`, (g, make) => {
    const bias = b.broadcastTo(g, make('bias', [n]), [m, n]);
    const z = b.add(g, b.matmul(g, make('a', [m, k]), make('c', [k, n])), bias);
    return [b.maximum(g, z, 0), b.add(g, z, make('skip', [m, n]))];
  }),
]);
/** Sums over blocks of 8 by 4, or 4 by 8 in a transposed result, as partial sums of a gradient's norm are. */
const blockCases: readonly Case[] = [
  ['rows', 1, 40, 36, 11, 8, 4],
  ['edges of tiles', 2, 104, 68, 13, 8, 4],
  ['columns', 1, 24, 72, 9, 4, 8],
].map(([what, scaled, m, n, k, height, width]) =>
  exact(`product ${m} x ${n} carrying reductions over its blocks, ${what}`, (g, make) => {
    const [rows, columns] = [Number(m), Number(n)];
    const product = b.matmul(
      g,
      b.transpose(g, make('a', [Number(k), rows])),
      make('c', [Number(k), columns]),
    );
    const z = scaled === 2 ? b.sub(g, product, make('w', [rows, columns])) : product;
    const blocks = [rows / Number(height), Number(height), columns / Number(width), Number(width)];
    const inBlocks = (x: Node): Node => b.reshape(g, x, blocks);
    return [
      z,
      b.sum(g, inBlocks(b.mul(g, z, z)), [1, 3]),
      b.reduce(g, 'max', inBlocks(b.abs(g, z)), [1, 3]),
    ];
  }),
);
const otherProducts: readonly Case[] = [
  exact('batched product of bytes', (g, make) => {
    const image = b.cast(g, make('image', [3, 18, 20], 'u8'), 'f32');
    return [b.matmul(g, image, make('w', [3, 20, 24]))];
  }),
  exact('product over a padded edge', (g, make) => {
    const x = b.pad(g, make('x', [15, 18]), [1, 1], [2, 1]);
    return [b.matmul(g, x, make('w', [20, 12]))];
  }),
  exact('product of few rows and a long depth', (g, make) => {
    const z = b.matmul(g, make('a', [3, 150]), make('c', [150, 18]));
    return [z, b.add(g, z, 1)];
  }),
  exact('product of a long depth carrying reductions over its lines', (g, make) => {
    const z = b.matmul(g, b.transpose(g, make('a', [100, 5])), make('c', [100, 10]));
    return [b.sub(g, z, b.sum(g, z, 1, true)), b.reduce(g, 'argmax', z, 1)];
  }),
  exact('product carrying reductions over its lines', (g, make) => {
    const z = b.matmul(g, make('a', [19, 24]), make('c', [24, 10]));
    const top = b.reduce(g, 'max', z, 1, true);
    return [b.sub(g, z, top), b.reduce(g, 'argmax', z, 1)];
  }),
];

const prefixes: readonly Case[] = (
  [
    [1, 1],
    [3, 7],
    [130, 5],
  ] as const
).map(([m, n]) =>
  exact(`running sum ${m} x ${n}`, (g, make) => {
    const x = make('x', [m, n]);
    return [b.prefix(g, 'sum', x, 1), b.prefix(g, 'max', x, 0)];
  }),
);

export const cases: readonly Case[] = [
  ...maps,
  ...views,
  ...rows,
  paddedRows,
  ...products,
  ...blockCases,
  ...otherProducts,
  ...prefixes,
];

export interface Outcome {
  readonly device: string;
  readonly subgroups: boolean;
  /** Schedules that ran, by kind of kernel and how they differ: `contract subgroup`. */
  readonly ran: Readonly<Record<string, number>>;
  /** What was wrong: case, schedules, place and values. */
  readonly wrong: readonly string[];
}

/** Every schedule of every kernel of these cases. */
export async function runEverySchedule(chosen: readonly Case[] = cases): Promise<Outcome> {
  const opened = await testDevice();
  const profile = profileOf(opened);
  const ran: Record<string, number> = {};
  const wrong: string[] = [];
  // A GPU's schedules are right on any device, only not fast.
  const devices = [profile, { ...profile, class: 'gpu' } as const];
  for (const one of chosen) {
    const seen = new Set<string>();
    for (const device of devices) wrong.push(...(await runCase(one, device, seen, ran)));
  }
  return { device: opened.how, subgroups: profile.subgroupSize !== undefined, ran, wrong };
}

async function runCase(
  { name, tolerance, build }: Case,
  device: DeviceProfile,
  seen: Set<string>,
  ran: Record<string, number>,
): Promise<readonly string[]> {
  const g = new Graph();
  const given = new Map<string, NdArray>();
  const results = build(g, (label, shape, storage = 'f32') => {
    given.set(label, wholeNumbers(shape, storage, given.size));
    return b.input(g, label, 'data', storage, shape);
  });
  const want = interpret(results, (n) => given.get(String(n.attrs['name'])));
  const wrong: string[] = [];
  for (;;) {
    const used: string[] = [];
    let fresh = false;
    /** The next schedule of this kernel that has not run yet; the usual one where all have. */
    const choose = (spec: SingleSpec, profile: DeviceProfile): SingleSchedule => {
      const number = used.length;
      const open = candidates(spec, profile).filter((s) => !seen.has(`${number} ${bodyOf(s)}`));
      const [next] = open;
      const schedule =
        next === undefined ? chooseSchedule(spec, profile) : pickWorkgroup(next, open, seen.size);
      if (next !== undefined) {
        seen.add(`${number} ${bodyOf(next)}`);
        const variant = variantOf(next);
        ran[variant] = (ran[variant] ?? 0) + 1;
        fresh = true;
      }
      used.push(printSchedule(schedule));
      return schedule;
    };
    const { values } = await runGraph(g, runPasses(g, results), given, { device, choose });
    if (!fresh) return wrong;
    values.forEach((v, i) => {
      const w = want[i]?.data;
      const at = v.data.findIndex(
        (got, j) => !(Math.abs(got - (w?.[j] ?? Number.NaN)) <= tolerance * (1 + Math.abs(got))),
      );
      if (at >= 0)
        wrong.push(
          `${name}: result ${i}[${at}] is ${v.data[at]}, not ${w?.[at]}; ${used.join('; ')}`,
        );
    });
  }
}

/** All of a schedule but the number of invocations in a workgroup, where that changes nothing else. */
function bodyOf(s: SingleSchedule): string {
  return printSchedule(isFree(s) ? { ...s, workgroup: 0 } : s);
}
const isFree = (s: SingleSchedule): boolean =>
  (s.kind !== 'row' || s.by === 'invocation') && (s.kind !== 'contract' || s.variant === 'direct');

/** Each body runs once; sizes of workgroups take turns. */
function pickWorkgroup(
  s: SingleSchedule,
  open: readonly SingleSchedule[],
  turn: number,
): SingleSchedule {
  const same = open.filter((o) => bodyOf(o) === bodyOf(s));
  return same[turn % same.length] ?? s;
}

function variantOf(s: SingleSchedule): string {
  switch (s.kind) {
    case 'map':
      return `map ${s.width} x ${s.per}`;
    case 'row':
      return `row by ${s.by}${s.held ? ', held' : ''}`;
    case 'contract':
      return `contract ${s.variant}`;
    case 'prefix':
      return 'prefix';
  }
}

function wholeNumbers(shape: readonly number[], storage: string, seed: number): NdArray {
  const length = elementCount(shape);
  const shift = storage === 'u8' ? 0 : 5;
  const data = Array.from({ length }, (_, i) => (((i + 31 * seed) * 7919) % 11) - shift);
  return ndArray(storage === 'f32' ? 'f32' : 'i32', shape, data);
}
