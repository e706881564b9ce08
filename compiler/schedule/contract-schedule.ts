/** Which tile a contraction is computed by. */
import { addConstant, constant, scale, variable } from '../index/index-expr.ts';
import {
  type ContractSpec,
  holdsLines,
  type Product,
  pointOf,
  productOf,
  vectorScore,
} from '../kernel/contraction-tile.ts';
import { sharedTileBytes, sharedTileSides } from '../kernel/lower-contract-shared.ts';
import { teamBytes } from '../kernel/lower-contract-team.ts';
import type { Axis, Lines } from '../kernel/spec.ts';
import { type Value, valuesBelow } from '../kernel/value.ts';
import type { DeviceProfile } from './device.ts';
import { STATEMENT_BUDGET } from './emission-cost.ts';
import { boundBytes, leastTime } from './estimate.ts';
import type { ScheduleFamily, ScheduleOf } from './family.ts';
import { fits, tileCost } from './tile-cost.ts';
import { workgroupsFor } from './workgroup.ts';

type ContractSchedule = ScheduleOf<'contract'>;

const zero = constant(0);

export const contractFamily: ScheduleFamily<'contract'> = {
  candidates(spec, device) {
    const all = proposals(spec, device).filter(fitting(spec));
    if (all.length > 0) return all;
    const [swapped = false] = orientations(spec, device);
    return registerTile(productOf(spec, swapped), swapped, device, [1, 1, 1]);
  },
  proposals: (spec, device) => ({ schedules: proposals(spec, device), fits: fitting(spec) }),
  tolerance: 1.05,
  freeWorkgroup: (s) => s.variant === 'direct',
  least(spec, device) {
    // Tiles in workgroup memory share their loads.
    if (device.class === 'gpu') return () => 0;
    const bytes = boundBytes(spec);
    const [plain, swapped] = [false, true].map((across) => {
      const p = productOf(spec, across);
      const loads = {
        left: ownLoads(p.left, p.depth, p.rows),
        right: ownLoads(p.right, p.depth, p.columns),
      };
      return (s: ContractSchedule) => leastOfTile(p, loads, bytes, s, device);
    });
    return (s) => (s.swapped ? swapped : plain)?.(s) ?? 0;
  },
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

/** Loads of an operand that differ from depth to depth and from line to line: no lowering makes fewer. */
function ownLoads(value: Value, depth: readonly Axis[], lines: readonly Axis[]): number {
  const uses = (v: Value, axes: readonly Axis[]): boolean => axes.some((a) => v.uses.has(a.name));
  return valuesBelow([value]).filter(
    (v) => v.kind === 'load' && uses(v, depth) && (lines.length === 0 || uses(v, lines)),
  ).length;
}

/** Operands and products of a tile, over the whole depth, at four elements a load. */
function leastOfTile(
  p: Product,
  loads: { readonly left: number; readonly right: number },
  bytes: number,
  s: ContractSchedule,
  device: DeviceProfile,
): number {
  const lanes = s.variant === 'subgroup' ? s.workgroup : 1;
  const rowTiles = Math.ceil(p.rowCount / s.rows);
  const columnTiles = Math.ceil(p.columnCount / (4 * s.columns * lanes));
  const invocations = p.batchCount * rowTiles * columnTiles * lanes;
  const [rows, columns] = [Math.min(s.rows, p.rowCount), Math.min(4 * s.columns, p.columnCount)];
  const elements = (loads.left * rows) / lanes + loads.right * columns;
  const work = {
    wide: (elements * p.depthCount) / 4,
    operations: 4 * s.rows * s.columns * p.depthCount,
  };
  const { workgroup } = s;
  const workgroups = Math.ceil(invocations / workgroup);
  return leastTime(work, { workgroup, workgroups }, bytes, device);
}

/** Which side the lanes may run over, the better one first: unless it is hopeless, both. */
function orientations(spec: ContractSpec, device: DeviceProfile): readonly boolean[] {
  const [plain, swapped] = [columnScore(spec, false), columnScore(spec, true)];
  const first = swapped > plain;
  // On a GPU neighbours must store what lies together.
  const hopeless = device.class === 'gpu' || Math.abs(swapped - plain) > 2;
  return hopeless ? [first] : [first, !first];
}

/** Tiles that could be, best first by rules of thumb; of lines that are held, only what holds them. */
function proposals(spec: ContractSpec, device: DeviceProfile): readonly ContractSchedule[] {
  if (spec.lines !== undefined) return lineTiles(spec, spec.lines, device);
  return orientations(spec, device).flatMap((swapped) => {
    const p = productOf(spec, swapped);
    return [
      ...subgroupTiles(p, swapped, device),
      ...sharedTiles(p, swapped, device),
      ...(p.rowCount <= 4 ? teamTiles(p, swapped, device) : []),
      ...registerTiles(p, swapped, device),
    ];
  });
}

/** `fits`, asked once for tiles that differ in the workgroup's size alone. */
function fitting(spec: ContractSpec): (s: ContractSchedule) => boolean {
  if (spec.lines !== undefined) return () => true;
  const known = new Map<string, boolean>();
  return (s) => {
    const size = s.variant === 'direct' ? 0 : s.workgroup;
    const key = [s.variant, size, s.rows, s.columns, s.depth, s.swapped].join();
    const fit = known.get(key) ?? fits(spec, productOf(spec, s.swapped), s);
    known.set(key, fit);
    return fit;
  };
}

/** Rows and columns of a workgroup's tile, or of an invocation's where the workgroup shares nothing. */
const tileSides = (s: ContractSchedule): readonly [number, number] =>
  s.variant === 'shared' ? sharedTileSides(s) : [s.rows, 4 * s.columns];

/** An invocation holds whole lines: as many as its registers take. */
function lineTiles(
  spec: ContractSpec,
  { over }: Lines,
  device: DeviceProfile,
): readonly ContractSchedule[] {
  const across = over === 'm';
  const down = productOf(spec, !across);
  const p = productOf(spec, across);
  const columns = Math.ceil(p.columnCount / 4);
  const fitting = [
    ...teamTiles(p, across, device),
    ...subgroupTiles(down, !across, device, [down.rowCount]).filter((s) => fits(spec, down, s)),
    ...[4, 2, 1]
      .flatMap((rows) =>
        [4, 1].flatMap((depth) =>
          registerTile(p, across, device, [Math.min(rows, p.rowCount), columns, depth]),
        ),
      )
      .filter((s) => s.rows * s.columns <= 16 && tileCost(spec, p, s).loop <= STATEMENT_BUDGET),
  ].filter((s) => holdsLines(spec, s));
  return fitting.length > 0 ? fitting : registerTile(p, across, device, [1, columns, 1]);
}

/** A side cut into equal pieces of at most `most`. */
const balanced = (side: number, most: number): number => Math.ceil(side / Math.ceil(side / most));

const SUBGROUP_ROWS = 16;
/**
 * More sums than this a subgroup (512 numbers) do not fit a core's registers and what is near them. With
 * 8 lanes, 32 rows or twice the columns were no faster and compiled twice as long; with 4, twice the columns are 7 % faster.
 */
const SUBGROUP_SUMS = 512;
/** A depth up to this is one trip: the operands are then loaded as the runs of memory that they are, though four does not divide it. */
const WHOLE_DEPTH = 12;

/** Tiles of a subgroup on a CPU, from large to small. */
function subgroupTiles(
  p: Product,
  swapped: boolean,
  device: DeviceProfile,
  rows: readonly number[] = [balanced(p.rowCount, SUBGROUP_ROWS), balanced(p.rowCount, 8)],
): ContractSchedule[] {
  const lanes = device.subgroupSize;
  if (device.class !== 'cpu' || lanes === undefined) return [];
  // Fewer columns than half the lanes take: most lanes would compute nothing.
  if (p.rowCount < 4 || p.columnCount < 2 * lanes) return [];
  const depth = p.depthCount % 4 !== 0 && p.depthCount <= WHOLE_DEPTH ? p.depthCount : 4;
  return [...new Set(rows)].flatMap((r) =>
    [1, 2]
      .filter((columns) => columns === 1 || 4 * columns * r * lanes <= SUBGROUP_SUMS)
      .filter((columns) => columns === 1 || (r > 8 && p.columnCount >= 8 * lanes))
      .map((columns) => ({
        kind: 'contract',
        variant: 'subgroup',
        workgroup: lanes,
        rows: r,
        columns,
        swapped,
        depth,
      })),
  );
}

/** Tiles in a GPU's workgroup memory, from large to small: invocations, their rows and column groups, depths of a stage. */
const SHARED_TILES = [
  [256, 8, 2, 8], // 128 x 128
  [256, 8, 1, 8], // 128 x 64
  [256, 4, 1, 16], // 64 x 64
  [64, 8, 2, 16], // 64 x 64, with more in registers
  [64, 8, 1, 16], // 64 x 32
  [64, 4, 1, 16], // 32 x 32
] as const;

function sharedTiles(p: Product, swapped: boolean, device: DeviceProfile): ContractSchedule[] {
  if (device.class !== 'gpu' || p.rowCount < 16 || p.columnCount < 16) return [];
  return SHARED_TILES.flatMap(([workgroup, rows, columns, depth]) => {
    const sizes = { kind: 'contract', variant: 'shared', workgroup, rows, columns } as const;
    const tile: ContractSchedule = { ...sizes, swapped, depth, buffers: 2 };
    const [down, across] = sharedTileSides(tile);
    // A tile that is mostly past the edges is no use.
    const useful =
      (down <= 32 || down < 2 * p.rowCount) && (across <= 32 || across < 2 * p.columnCount);
    if (!useful || workgroup > device.maxWorkgroupInvocations) return [];
    const fitting = [tile, { ...tile, buffers: 1 } as const].find(
      (s) => sharedTileBytes(s) <= device.maxWorkgroupBytes,
    );
    return fitting ?? [];
  });
}

/** Invocations that share a depth, where lines are too few to keep a GPU busy; they hold as many columns as a line has, if that many. */
function teamTiles(p: Product, swapped: boolean, device: DeviceProfile): ContractSchedule[] {
  const lines = p.batchCount * p.rowCount;
  const columns = Math.min(MOST_TEAM_GROUPS, Math.ceil(p.columnCount / 4));
  if (device.class !== 'gpu' || lines > MOST_TEAM_LINES) return [];
  return [64, 32].flatMap((workgroup) => {
    if (workgroup > device.maxWorkgroupInvocations || p.depthCount < workgroup) return [];
    const tile: ContractSchedule = {
      kind: 'contract',
      variant: 'team',
      workgroup,
      rows: 1,
      columns,
      swapped,
      depth: 1,
    };
    return teamBytes(tile) <= device.maxWorkgroupBytes ? [tile] : [];
  });
}

/** Sums of four columns that an invocation of a team keeps. */
const MOST_TEAM_GROUPS = 16;
/** More lines than this keep a GPU busy by themselves. */
const MOST_TEAM_LINES = 4096;

type Sides = readonly [rows: number, columns: number, depth: number];

/** Register tiles from large to small. */
function registerTiles(p: Product, swapped: boolean, device: DeviceProfile): ContractSchedule[] {
  const groups = Math.ceil(p.columnCount / 4);
  const depth = p.depthCount <= WHOLE_DEPTH ? p.depthCount : 4;
  const tiles: readonly Sides[] = [
    // All columns of a row in one invocation: a narrow right operand is then a run of memory.
    ...(groups > 1 && groups <= 3
      ? [[4, groups, depth] as const, [1, groups, depth] as const]
      : []),
    [8, 1, depth],
    [4, 1, depth],
    [2, 1, 4],
    [4, 1, 1],
    [2, 1, 1],
  ];
  const seen = new Set<string>();
  return tiles.flatMap(([wanted, columns, steps]) => {
    // A few rows more than a tile are better computed at once than by a second, mostly idle tile.
    const rows =
      p.rowCount <= 12 && p.rowCount > wanted && wanted >= 8
        ? p.rowCount
        : balanced(p.rowCount, wanted);
    const sides: Sides = [rows, columns, steps];
    if (seen.has(sides.join())) return [];
    seen.add(sides.join());
    return registerTile(p, swapped, device, sides);
  });
}

function registerTile(
  p: Product,
  swapped: boolean,
  device: DeviceProfile,
  [rows, columns, depth]: Sides,
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
