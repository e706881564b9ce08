/** Schedules of a contraction: which side the lanes run over, which tiles are legal, and what one costs at least. */
import { addConstant, constant, scale, variable } from '../index/index-expr.ts';
import {
  blockSides,
  type ContractSpec,
  holdsBlocks,
  holdsLines,
  pointOf,
  productOf,
  vectorScore,
} from '../kernel/contraction-tile.ts';
import { sharedTileSides } from '../kernel/lower-contract-shared.ts';
import type { Lines } from '../kernel/spec.ts';
import {
  registerTile,
  registerTiles,
  sharedTiles,
  subgroupTiles,
  teamTiles,
} from './contract-tiles.ts';
import type { DeviceProfile } from './device.ts';
import { STATEMENT_BUDGET } from './emission-cost.ts';
import { boundBytes } from './estimate.ts';
import type { ScheduleFamily, ScheduleOf } from './family.ts';
import { tileBound } from './tile-bound.ts';
import { fits, tileCost } from './tile-cost.ts';

type ContractSchedule = ScheduleOf<'contract'>;

const zero = constant(0);

export const contractFamily: ScheduleFamily<'contract'> = {
  candidates(spec, device) {
    const all = proposals(spec, device).filter(fitting(spec));
    return all.length > 0 ? all : lastResort(spec, device);
  },
  proposals: (spec, device) => ({ schedules: proposals(spec, device), fits: fitting(spec) }),
  tolerance: 1.05,
  freeWorkgroup: (s) => s.variant === 'direct',
  least: (spec, device) => tileBound(spec, device, (s) => traffic(spec, s, device)),
  traffic,
};

/** A GPU's invocations read their operands from its caches: each tile its rows and its columns, at four times the speed of memory. */
function traffic(spec: ContractSpec, s: ContractSchedule, device: DeviceProfile): number {
  const once = boundBytes(spec);
  if (device.class === 'cpu') return once;
  const p = productOf(spec, s.swapped);
  const [rows, columns] = tileSides(s);
  const tiles = p.batchCount * Math.ceil(p.rowCount / rows) * Math.ceil(p.columnCount / columns);
  return Math.max(once, tiles * (rows + columns) * p.depthCount);
}

/** Which side the lanes may run over, the better one first: unless it is hopeless, both. */
function orientations(spec: ContractSpec, device: DeviceProfile): readonly boolean[] {
  const [plain, swapped] = [columnScore(spec, false), columnScore(spec, true)];
  const first = swapped > plain;
  // On a GPU neighbours must store what lies together.
  const hopeless = device.class === 'gpu' || Math.abs(swapped - plain) > 2;
  return hopeless ? [first] : [first, !first];
}

/** Tiles that could be, best first by rules of thumb; of lines and blocks that are held, only what holds them. */
function proposals(spec: ContractSpec, device: DeviceProfile): readonly ContractSchedule[] {
  if (spec.lines !== undefined) return lineTiles(spec, spec.lines, device);
  return orientations(spec, device).flatMap((swapped) => {
    const p = productOf(spec, swapped);
    return [
      ...subgroupTiles(p, swapped, device),
      ...sharedTiles(p, swapped, device),
      ...(p.rowCount <= 4 ? teamTiles(p, swapped, device) : []),
      ...registerTiles(p, swapped, device),
    ].filter((s) => holdsBlocks(spec, s));
  });
}

/** Whether a device can compile a tile; asked once for those that differ in the workgroup's size alone. */
function fitting(spec: ContractSpec): (s: ContractSchedule) => boolean {
  const known = new Map<string, boolean>();
  return (s) => {
    const size = s.variant === 'direct' ? 0 : s.workgroup;
    const key = [s.variant, size, s.rows, s.columns, s.depth, s.swapped].join();
    const fit = known.get(key) ?? compiles(spec, s);
    known.set(key, fit);
    return fit;
  };
}

/** Where an invocation holds lines, what ends them is not counted: it is needed by any tile. */
function compiles(spec: ContractSpec, s: ContractSchedule): boolean {
  const p = productOf(spec, s.swapped);
  if (spec.lines === undefined || s.variant === 'subgroup') return fits(spec, p, s);
  if (s.variant === 'team') return true;
  return s.rows * s.columns <= MOST_LINE_SUMS && tileCost(spec, p, s).loop <= STATEMENT_BUDGET;
}

/** Sums of four that an invocation has registers for, beside what it reduces over lines. */
const MOST_LINE_SUMS = 16;

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
  return [
    ...teamTiles(p, across, device),
    ...subgroupTiles(down, !across, device, [down.rowCount]),
    ...[4, 2, 1].flatMap((rows) =>
      [4, 1].flatMap((depth) =>
        registerTile(p, across, device, [Math.min(rows, p.rowCount), columns, depth]),
      ),
    ),
  ].filter((s) => holdsLines(spec, s));
}

/** Where no tile can be compiled: the smallest there is. */
function lastResort(spec: ContractSpec, device: DeviceProfile): readonly ContractSchedule[] {
  if (spec.lines !== undefined) {
    const across = spec.lines.over === 'm';
    const p = productOf(spec, across);
    return registerTile(p, across, device, [1, Math.ceil(p.columnCount / 4), 1]);
  }
  if (spec.blocks !== undefined) return blockTile(spec, device);
  const [swapped = false] = orientations(spec, device);
  return registerTile(productOf(spec, swapped), swapped, device, [1, 1, 1]);
}

/** One block an invocation: that always fits. */
function blockTile(spec: ContractSpec, device: DeviceProfile): readonly ContractSchedule[] {
  return [false, true].flatMap((swapped) => {
    const [rows] = blockSides(spec, { swapped });
    const tiles = registerTile(productOf(spec, swapped), swapped, device, [rows, 1, 1]);
    return tiles.filter((s) => holdsBlocks(spec, s));
  });
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
