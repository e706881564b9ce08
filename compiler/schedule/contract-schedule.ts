/** Which tile a contraction is computed by. */
import { addConstant, constant, type Index, scale, variable } from '../index/index-expr.ts';
import {
  type ContractSpec,
  type Product,
  pointOf,
  productOf,
  vectorScore,
} from '../kernel/contraction-tile.ts';
import type { Lines } from '../kernel/spec.ts';
import type { DeviceProfile } from './device.ts';
import { emissionCost, STATEMENT_BUDGET } from './emission-cost.ts';
import { boundBytes } from './estimate.ts';
import type { ScheduleFamily, ScheduleOf } from './family.ts';
import { workgroupsFor } from './workgroup.ts';

type ContractSchedule = ScheduleOf<'contract'>;

const zero = constant(0);
const four = [0, 1, 2, 3] as const;

export const contractFamily: ScheduleFamily<'contract'> = {
  candidates(spec, device) {
    if (spec.lines !== undefined) return lineSchedules(spec, spec.lines, device);
    // The lanes run over the longer side, unless only the other lies consecutive in memory.
    const swapped = columnScore(spec, true) > columnScore(spec, false);
    const p = productOf(spec, swapped);
    // The loop is what compilers choke on, since its values are alive at once; those of an epilogue live for a line.
    const fits = (s: ContractSchedule): boolean => {
      const { loop, epilogue } = tileCost(spec, p, s);
      return loop <= STATEMENT_BUDGET && loop + epilogue <= 3 * STATEMENT_BUDGET;
    };
    const fitting = [
      ...tiledSchedules(p, swapped, device),
      ...directSchedules(p, swapped, device),
    ].filter(fits);
    return fitting.length > 0 ? fitting : smallest(p, swapped, device);
  },
  tolerance: 1.15,
  freeWorkgroup: (s) => s.variant === 'direct',
  /** A GPU's invocations read their operands from its caches: each tile its rows and its columns, at four times the speed of memory. */
  traffic(spec, s, device) {
    const once = boundBytes(spec);
    if (device.class === 'cpu') return once;
    const p = productOf(spec, s.swapped);
    const [rows, columns] = tileSides(s);
    const tiles = p.batchCount * Math.ceil(p.rowCount / rows) * Math.ceil(p.columnCount / columns);
    return Math.max(once, tiles * (rows + columns) * p.depthCount);
  },
};

/** Rows and columns of a workgroup's tile, or of an invocation's where the workgroup shares nothing. */
function tileSides(s: ContractSchedule): readonly [number, number] {
  if (s.variant !== 'shared') return [s.rows, 4 * s.columns];
  const across = s.workgroup >= 256 ? 16 : 8;
  return [(s.rows * s.workgroup) / across, 4 * s.columns * across];
}

/** An invocation holds whole lines: as many as its registers take. */
function lineSchedules(
  spec: ContractSpec,
  { over }: Lines,
  device: DeviceProfile,
): readonly ContractSchedule[] {
  const swapped = over === 'm';
  const p = productOf(spec, swapped);
  const columns = Math.ceil(p.columnCount / 4);
  const tiles = [4, 2, 1].flatMap((rows) =>
    [4, 1].flatMap((depth) =>
      direct(p, swapped, device, Math.min(rows, p.rowCount), columns, depth),
    ),
  );
  const fitting = tiles.filter(
    (s) => s.rows * s.columns <= 16 && tileCost(spec, p, s).loop <= STATEMENT_BUDGET,
  );
  return fitting.length > 0 ? fitting : direct(p, swapped, device, 1, columns, 1);
}

/** Tiles for large products, best first. */
function tiledSchedules(p: Product, swapped: boolean, device: DeviceProfile): ContractSchedule[] {
  const lanes = device.subgroupSize;
  if (device.class === 'cpu') {
    const suits =
      lanes !== undefined &&
      16 % lanes === 0 &&
      p.depthCount % 4 === 0 &&
      p.rowCount >= 16 &&
      p.columnCount >= 4 * lanes;
    return suits
      ? [
          {
            kind: 'contract',
            variant: 'subgroup',
            workgroup: lanes,
            rows: 16,
            columns: 1,
            swapped,
            depth: 4,
          },
        ]
      : [];
  }
  if (p.rowCount < 16 || p.columnCount < 16) return [];
  const large = p.rowCount >= 512 && p.columnCount >= 512 && device.maxWorkgroupInvocations >= 256;
  return [
    {
      kind: 'contract',
      variant: 'shared',
      workgroup: large ? 256 : 64,
      rows: 4,
      columns: 1,
      swapped,
      depth: 16,
    },
  ];
}

/** Register tiles from large to small. */
function directSchedules(p: Product, swapped: boolean, device: DeviceProfile): ContractSchedule[] {
  const groups = Math.ceil(p.columnCount / 4);
  const wide = groups <= 3 && p.rowCount >= 32 ? groups : 1;
  const tiles = (wide > 1 ? [[4, wide, 4]] : [[8, 1, 4]]).concat([
    [4, 1, 4],
    [2, 1, 4],
    [4, 1, 1],
    [2, 1, 1],
  ]);
  return tiles.flatMap(([wanted = 1, columns = 1, depth = 1]) => {
    // A few rows more than a tile are better computed at once than by a second, mostly idle tile.
    const rows =
      p.rowCount <= 12 && p.rowCount > wanted && wanted >= 8
        ? p.rowCount
        : Math.min(p.rowCount, wanted);
    return direct(p, swapped, device, rows, columns, depth);
  });
}

const smallest = (
  p: Product,
  swapped: boolean,
  device: DeviceProfile,
): readonly ContractSchedule[] => direct(p, swapped, device, 1, 1, 1);

function direct(
  p: Product,
  swapped: boolean,
  device: DeviceProfile,
  rows: number,
  columns: number,
  depth: number,
): readonly ContractSchedule[] {
  const tiles =
    p.batchCount * Math.ceil(p.rowCount / rows) * Math.ceil(p.columnCount / 4 / columns);
  return workgroupsFor(tiles, device).map((workgroup) => ({
    kind: 'contract',
    variant: 'direct',
    workgroup,
    rows,
    columns,
    swapped,
    depth,
  }));
}

/** Statements of the loop (both operands of one step, the multiply-adds) and of the epilogue. */
function tileCost(
  spec: ContractSpec,
  p: Product,
  s: ContractSchedule,
): { loop: number; epilogue: number } {
  const step = variable('step', Math.max(2, Math.ceil(p.depthCount / 4)));
  const row = variable('row', Math.max(2, p.rowCount));
  const column = scale(variable('column', Math.max(2, Math.ceil(p.columnCount / 4))), 4);
  const depth = (k: number): Index => addConstant(scale(step, 4), k);
  const cost = (value: Product['left'], at: (lane: number) => ReadonlyMap<string, Index>): number =>
    emissionCost([value], four.map(at));
  const alongDepth = cost(p.left, (k) => pointOf(p, { batch: zero, row, depth: depth(k) }));
  const oneLeft = emissionCost([p.left], [pointOf(p, { batch: zero, row, depth: depth(0) })]);
  const oneRight = cost(p.right, (c) =>
    pointOf(p, { batch: zero, column: addConstant(column, c), depth: depth(0) }),
  );
  const stores = emissionCost(
    spec.stores.map((x) => x.value),
    four.map((c) => pointOf(p, { batch: zero, row, column: addConstant(column, c) })),
  );
  const epilogue =
    s.rows * s.columns * (stores + spec.stores.length * (p.columnCount % 4 === 0 ? 2 : 9));
  const products = s.rows * s.columns * (s.depth === 1 ? 1 : 4);
  switch (s.variant) {
    case 'direct': {
      const loop =
        s.depth === 1
          ? s.rows * oneLeft + s.columns * oneRight
          : s.rows * alongDepth + 4 * s.columns * oneRight;
      return { loop: loop + products, epilogue };
    }
    case 'subgroup':
      return {
        loop: (s.rows / s.workgroup) * alongDepth + 4 * s.columns * oneRight + products,
        epilogue,
      };
    case 'shared': {
      const right = [pointOf(p, { batch: zero, column, depth: depth(0) })];
      return { loop: 8 * (oneLeft + emissionCost([p.right], right)) + products / 4, epilogue };
    }
  }
}

/** How well the columns would vectorise: consecutive loads, and lanes that are not idle. */
function columnScore(spec: ContractSpec, swapped: boolean): number {
  const p = productOf(spec, swapped);
  const groups = Math.ceil(p.columnCount / 4);
  const column = variable('column', groups);
  const loads = vectorScore(p.right, (lane) =>
    pointOf(p, { batch: zero, column: addConstant(scale(column, 4), lane), depth: zero }),
  );
  const idle = (groups * 4 - p.columnCount) / (groups * 4);
  return loads - 2 * idle + Math.min(1, p.columnCount / 64) + (swapped ? 0 : 0.5);
}
