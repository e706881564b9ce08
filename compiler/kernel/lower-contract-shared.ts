/**
 * Contraction by tiles in workgroup memory, for GPUs: a workgroup stages `depth` steps of both operands as
 * vectors along rows and columns, then every invocation multiplies `rows` × 4·`columns` elements out of
 * them. With two buffers the next stage is loaded while this one is multiplied, and one barrier a stage is
 * enough. Edges along the depth are filled with zeros; rows and columns past the edge are computed and not stored.
 */
import {
  add,
  addConstant,
  constant,
  divide,
  type Index,
  modulo,
  scale,
  variable,
} from '../index/index-expr.ts';
import { select } from '../scalar/intrinsics.ts';
import {
  addProducts,
  type ContractSchedule,
  type ContractSpec,
  productOf,
  range,
  startSums,
  tileAt,
  tileGrid,
} from './contraction-tile.ts';
import { type Trip, tripAt } from './contraction-trip.ts';
import { component, emitIndex } from './emit-value.ts';
import { endSums } from './end-sums.ts';
import { boolean, type Expr, type KernelIr, literal, name, u32, u32Literal } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';
import { type Block, blockScore, ownBlock } from './operand-block.ts';
import type { Value } from './value.ts';

type Physical = ReadonlyMap<string, Expr>;

/** Invocations side by side along the columns. */
const acrossOf = (s: ContractSchedule): number => (s.workgroup >= 256 ? 16 : 8);

/** Rows and columns of a workgroup's tile. */
export function sharedTileSides(s: ContractSchedule): readonly [rows: number, columns: number] {
  const across = acrossOf(s);
  return [(s.rows * s.workgroup) / across, 4 * s.columns * across];
}

/** Vectors in a line of workgroup memory: one more than it holds, so that lines begin in different banks. */
const pitchOf = (side: number): number => Math.ceil(side / 4) + 1;

/** Bytes of workgroup memory for elements of four bytes. */
export function sharedTileBytes(s: ContractSchedule): number {
  const vectors = sharedTileSides(s).reduce((sum, side) => sum + pitchOf(side), 0);
  return 16 * vectors * s.depth * (s.buffers ?? 1);
}

export function lowerContractShared(
  spec: ContractSpec,
  s: ContractSchedule,
  options: BuilderOptions,
): KernelIr {
  const b = new KernelBuilder(spec, options);
  const p = productOf(spec, s.swapped);
  const across = acrossOf(s);
  const [tileRows, tileColumns] = sharedTileSides(s);
  const grid = tileGrid(p, tileRows, tileColumns);
  const tile = tileAt(grid, variable('g', grid.count));
  const lid = variable('l', s.workgroup);
  const physical: Physical = new Map([
    ['g', grid.count === 1 ? u32Literal(0) : name('wg', u32)],
    ['l', name('lid', u32)],
  ]);
  const [firstRow, firstColumn] = [scale(tile.row, tileRows), scale(tile.column, tileColumns)];
  const stages = Math.ceil(p.depthCount / s.depth);
  const buffers = stages > 1 ? (s.buffers ?? 1) : 1;
  const operand = (
    hint: string,
    value: Value,
    side: number,
    blockOf: (trip: Trip, line: Index) => Block,
  ): Staged => ({
    value,
    side,
    array: b.sharedArray(hint, { dtype: value.dtype, width: 4 }, buffers * s.depth * pitchOf(side)),
    block: (line, depth, depths) => blockOf(tripAt(p, tile.batch, depth, depths), line),
  });
  const left = operand('left', p.left, tileRows, (trip, line) => trip.rows(add(firstRow, line), 4));
  const right = operand('right', p.right, tileColumns, (trip, line) =>
    trip.columns(add(firstColumn, line), 4),
  );
  const stage = (number: Index, at: Physical, guard?: Expr): (() => void) => {
    const stores = [left, right].map((o) => stageOperand(b, s, o, p.depthCount, number, at, guard));
    return () => {
      for (const store of stores) store(buffers === 1 ? constant(0) : modulo(number, 2), at);
    };
  };
  const sums = startSums(b, spec, s);
  const [x, y] = [modulo(lid, across), divide(lid, across)];
  const multiply = (buffer: Index, at: Physical): void => {
    const multiplyLine = (counter: Expr): void => {
      const inside = new Map([...at, ['k', counter] as const]);
      const line = add(variable('k', s.depth), scale(buffer, s.depth));
      const read = (o: Staged, vector: Index): Expr => {
        const index = emitIndex(b, add(scale(line, pitchOf(o.side)), vector), { physical: inside });
        const type = { dtype: o.value.dtype, width: 4 } as const;
        return b.bind({ kind: 'shared', array: o.array, index, type }, 's', true);
      };
      const lefts = new Map<string, Expr>();
      const leftVector = (vector: Index): Expr => {
        const e = lefts.get(vector.key) ?? read(left, vector);
        lefts.set(vector.key, e);
        return e;
      };
      const rights = range(s.columns).map((j) => read(right, addConstant(x, across * j)));
      addProducts(b, sums, (i) => elementOfRow(b, leftVector, y, s.rows, i, inside), rights);
    };
    b.loop('k', s.depth, multiplyLine, 'large');
  };

  const barrier = (): void => b.push({ kind: 'barrier' });
  if (buffers === 1) {
    const body = (counter: Expr): void => {
      const at: Physical = new Map([...physical, ['t', counter]]);
      stage(variable('t', stages), at)();
      barrier();
      multiply(constant(0), at);
      barrier();
    };
    b.loop('t', stages, body, 'large');
  } else {
    b.block(() => stage(constant(0), physical)());
    barrier();
    const body = (counter: Expr): void => {
      const at: Physical = new Map([...physical, ['t', counter]]);
      const now = variable('t', stages);
      const next = addConstant(now, 1);
      const more = b.bind({
        kind: 'within',
        bounds: [{ index: emitIndex(b, next, { physical: at }), size: stages }],
        type: boolean,
      });
      const store = stage(next, at, more);
      multiply(modulo(now, 2), at);
      // Past the last stage, what is stored is not read.
      store();
      barrier();
    };
    b.loop('t', stages, body, 'large');
  }
  const place = (i: Index, j: number) => ({
    batch: tile.batch,
    row: add(firstRow, add(scale(y, s.rows), i)),
    column: add(firstColumn, addConstant(scale(x, 4), 4 * across * j)),
  });
  endSums(b, spec, p, sums, place, physical);
  return b.finish(s.workgroup, grid.count);
}

/** Row `i` of an invocation's rows, out of the vectors along the rows. */
function elementOfRow(
  b: KernelBuilder,
  vectorAt: (vector: Index) => Expr,
  y: Index,
  rows: number,
  i: number,
  physical: Physical,
): Expr {
  const row = addConstant(scale(y, rows), i);
  const lane = modulo(row, 4);
  const vector = vectorAt(divide(row, 4));
  if (lane.kind === 'constant') return component(vector, lane.value);
  // Which component it is differs between invocations.
  const index = emitIndex(b, lane, { physical });
  return [1, 2, 3].reduce<Expr>(
    (lower, c) => ({
      kind: 'apply',
      fn: select,
      args: [
        { kind: 'within', bounds: [{ index, size: c }], type: boolean },
        lower,
        component(vector, c),
      ],
      type: lower.type,
    }),
    component(vector, 0),
  );
}

/** An operand in workgroup memory: lines of `side` elements, one for each depth of a stage. */
interface Staged {
  readonly value: Value;
  readonly side: number;
  readonly array: string;
  /** Four of its lines, from this one on. */
  block(line: Index, depth: Index, depths: number): Block;
}

/**
 * Loads an invocation's share of a stage; what is returned puts it into a buffer. A share is pieces of four
 * lines by one depth, or by four where the operand lies along the depth: four loads are then exchanged
 * for four vectors along the lines.
 */
function stageOperand(
  b: KernelBuilder,
  s: ContractSchedule,
  o: Staged,
  depthCount: number,
  stage: Index,
  physical: Physical,
  guard?: Expr,
): (buffer: Index, at: Physical) => void {
  const lid = variable('l', s.workgroup);
  const firstDepth = scale(stage, s.depth);
  const score = (depths: number): number =>
    blockScore(o.block(constant(0), firstDepth, depths)) / depths;
  const depths = s.depth % 4 === 0 && score(4) > score(1) ? 4 : 1;
  const [lines, steps] = [Math.ceil(o.side / 4), s.depth / depths];
  const pieces = lines * steps;
  const puts: ((buffer: Index, at: Physical) => void)[] = [];
  for (let done = 0; done < pieces; done += s.workgroup) {
    const number = addConstant(lid, done);
    // Neighbours load what lies together in memory.
    const [line, step] =
      depths === 4
        ? [divide(number, steps), modulo(number, steps)]
        : [modulo(number, lines), divide(number, lines)];
    const depth = scale(step, depths);
    const within: Expr | undefined =
      done + s.workgroup <= pieces
        ? undefined
        : b.bind({
            kind: 'within',
            bounds: [{ index: emitIndex(b, number, { physical }), size: pieces }],
            type: boolean,
          });
    const zero = literal(0, { dtype: o.value.dtype, width: 4 });
    const held = range(depths).map(() => b.variable('held', zero));
    const load = (): void => {
      const block = ownBlock(b, o.block(scale(line, 4), add(firstDepth, depth), depths), physical);
      held.forEach((h, u) => {
        b.assign(
          h,
          zeroPast(
            b,
            block.quad(0, u),
            addConstant(add(firstDepth, depth), u),
            depthCount,
            physical,
          ),
        );
      });
    };
    const conditions = [guard, within].filter((c) => c !== undefined);
    const when = (wanted: readonly Expr[], body: () => void): void => {
      const [first, ...rest] = wanted;
      if (first === undefined) b.block(body);
      else b.when(first, () => when(rest, body));
    };
    when(conditions, load);
    puts.push((buffer, at) =>
      when(within === undefined ? [] : [within], () => {
        held.forEach((value, u) => {
          const row = add(addConstant(depth, u), scale(buffer, s.depth));
          const index = emitIndex(b, add(scale(row, pitchOf(o.side)), line), { physical: at });
          b.push({ kind: 'shared-store', array: o.array, index, value });
        });
      }),
    );
  }
  return (buffer, at) => {
    for (const put of puts) put(buffer, at);
  };
}

/** The value, or zero at depths past the last. */
function zeroPast(
  b: KernelBuilder,
  value: Expr,
  depth: Index,
  depthCount: number,
  physical: Physical,
): Expr {
  if (depth.hi < depthCount) return value;
  const inside = b.bind({
    kind: 'within',
    bounds: [{ index: emitIndex(b, depth, { physical }), size: depthCount }],
    type: boolean,
  });
  const condition: Expr = { kind: 'splat', arg: inside, type: { dtype: 'bool', width: 4 } };
  return {
    kind: 'apply',
    fn: select,
    args: [condition, value, literal(0, value.type)],
    type: value.type,
  };
}
