/** The tiles of a contraction that a device may take, by how they are computed; each kind from large to small. */
import type { Product } from '../kernel/contraction-tile.ts';
import { sharedTileBytes, sharedTileSides } from '../kernel/lower-contract-shared.ts';
import { teamBytes } from '../kernel/lower-contract-team.ts';
import type { DeviceProfile } from './device.ts';
import type { ScheduleOf } from './family.ts';
import { workgroupsFor } from './workgroup.ts';

type ContractSchedule = ScheduleOf<'contract'>;

/** A side cut into equal pieces of at most `most`. */
const balanced = (side: number, most: number): number => Math.ceil(side / Math.ceil(side / most));

/**
 * Rows and sums of the largest tile of a subgroup. With 8 lanes, 32 rows or twice the columns were no faster than 16 by four and
 * compiled twice as long. With 4 (SwiftShader, which keeps sums in memory anyway, so that loads are what counts), 32 rows by eight are 5 %
 * to 11 % faster than 16 by eight in products of 256 to 1024, for twice the time to compile.
 */
const largestOf = (lanes: number): { readonly rows: number; readonly sums: number } =>
  lanes <= 4 ? { rows: 32, sums: 1024 } : { rows: 16, sums: 512 };
/** A depth up to this is one trip: the operands are then loaded as the runs of memory that they are, though four does not divide it. */
const WHOLE_DEPTH = 12;

/** Tiles of a subgroup on a CPU, from large to small. */
export function subgroupTiles(
  p: Product,
  swapped: boolean,
  device: DeviceProfile,
  given?: readonly number[],
): ContractSchedule[] {
  const lanes = device.subgroupSize;
  if (device.class !== 'cpu' || lanes === undefined) return [];
  const most = largestOf(lanes);
  const rows = given ?? [most.rows, 16, 8].map((r) => balanced(p.rowCount, r));
  // Fewer columns than half the lanes take: most lanes would compute nothing.
  if (p.rowCount < 4 || p.columnCount < 2 * lanes) return [];
  const depth = p.depthCount % 4 !== 0 && p.depthCount <= WHOLE_DEPTH ? p.depthCount : 4;
  return [...new Set(rows)].flatMap((r) =>
    [1, 2]
      .filter((columns) => columns === 1 || 4 * columns * r * lanes <= most.sums)
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

export function sharedTiles(
  p: Product,
  swapped: boolean,
  device: DeviceProfile,
): ContractSchedule[] {
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

/** Sums of four columns that an invocation of a team keeps. */
const MOST_TEAM_GROUPS = 16;
/** More lines than this keep a GPU busy by themselves. */
const MOST_TEAM_LINES = 4096;

/** Invocations that share a depth, where lines are too few to keep a GPU busy; they hold as many columns as a line has, if that many. */
export function teamTiles(p: Product, swapped: boolean, device: DeviceProfile): ContractSchedule[] {
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

type Sides = readonly [rows: number, columns: number, depth: number];

/** Register tiles from large to small. */
export function registerTiles(
  p: Product,
  swapped: boolean,
  device: DeviceProfile,
): ContractSchedule[] {
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

export function registerTile(
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
