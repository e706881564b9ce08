/** Schedules of a contraction: which side the lanes run over, which tiles are legal, and what one costs at least. */
import { addConstant, constant, scale, variable } from '../index/index-expr.ts';
import {
  blockSides,
  type ContractSpec,
  holdsBlocks,
  holdsLines,
  type Product,
  pointOf,
  productOf,
  vectorScore,
} from '../kernel/contraction-tile.ts';
import { sharedTileSides } from '../kernel/lower-contract-shared.ts';
import type { Axis, Lines } from '../kernel/spec.ts';
import { type Value, valuesBelow } from '../kernel/value.ts';
import {
  registerTile,
  registerTiles,
  sharedTiles,
  subgroupTiles,
  teamTiles,
} from './contract-tiles.ts';
import type { DeviceProfile } from './device.ts';
import { STATEMENT_BUDGET } from './emission-cost.ts';
import { boundBytes, leastTime } from './estimate.ts';
import type { ScheduleFamily, ScheduleOf } from './family.ts';
import { fits, tileCost } from './tile-cost.ts';

type ContractSchedule = ScheduleOf<'contract'>;

const zero = constant(0);

export const contractFamily: ScheduleFamily<'contract'> = {
  candidates(spec, device) {
    const all = proposals(spec, device).filter(fitting(spec));
    if (all.length > 0) return all;
    return spec.blocks === undefined ? smallestTile(spec, device) : blockTile(spec, device);
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

function smallestTile(spec: ContractSpec, device: DeviceProfile): readonly ContractSchedule[] {
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
