/**
 * Contraction by tiles in workgroup memory, for GPUs: a workgroup stages `depth` steps of both operands,
 * then every invocation multiplies `rows` × 4·`columns` elements out of them. Edges along the depth are
 * filled with zeros; rows and columns past the edge are computed and not stored.
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
  type Product,
  pointOf,
  productOf,
  range,
  startSums,
  tileAt,
  tileGrid,
  vectorScore,
} from './contraction-tile.ts';
import { emitIndex, emitValue, scalarPlace } from './emit-value.ts';
import { endSums } from './end-sums.ts';
import { boolean, type Expr, type KernelIr, literal, name, u32, u32Literal } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';

/** Invocations side by side along the columns. */
const acrossOf = (s: ContractSchedule): number => (s.workgroup >= 256 ? 16 : 8);

export function lowerContractShared(
  spec: ContractSpec,
  s: ContractSchedule,
  options: BuilderOptions,
): KernelIr {
  const b = new KernelBuilder(spec, options);
  const p = productOf(spec, s.swapped);
  const across = acrossOf(s);
  const down = s.workgroup / across;
  const [tileRows, tileColumns] = [s.rows * down, 4 * s.columns * across];
  const grid = tileGrid(p, tileRows, tileColumns);
  const tile = tileAt(grid, variable('g', grid.count));
  const lid = variable('l', s.workgroup);
  const physical = new Map<string, Expr>([
    ['g', grid.count === 1 ? u32Literal(0) : name('wg', u32)],
    ['l', name('lid', u32)],
  ]);
  const [firstRow, firstColumn] = [scale(tile.row, tileRows), scale(tile.column, tileColumns)];
  const { dtype } = spec.contraction;
  const left = b.sharedArray('left', { dtype, width: 1 }, s.depth * tileRows);
  const right = b.sharedArray('right', { dtype, width: 1 }, s.depth * tileColumns);
  const sums = startSums(b, spec, s);
  const trips = Math.ceil(p.depthCount / s.depth);
  const x = modulo(lid, across);
  const y = divide(lid, across);

  b.loop('t', trips, (counter) => {
    const at = new Map([...physical, ['t', counter] as const]);
    const firstDepth = scale(variable('t', trips), s.depth);
    stage(
      b,
      p,
      p.left,
      left,
      tileRows,
      s,
      (inner, k) =>
        pointOf(p, { batch: tile.batch, row: add(firstRow, inner), depth: add(firstDepth, k) }),
      firstDepth,
      at,
    );
    stage(
      b,
      p,
      p.right,
      right,
      tileColumns,
      s,
      (inner, k) =>
        pointOf(p, {
          batch: tile.batch,
          column: add(firstColumn, inner),
          depth: add(firstDepth, k),
        }),
      firstDepth,
      at,
    );
    b.push({ kind: 'barrier' });
    b.loop('k', s.depth, (kCounter) => {
      const inside = new Map([...at, ['k', kCounter] as const]);
      const k = variable('k', s.depth);
      const shared = (array: string, index: Index): Expr =>
        b.bind(
          {
            kind: 'shared',
            array,
            index: emitIndex(b, index, { physical: inside }),
            type: { dtype, width: 1 },
          },
          's',
          true,
        );
      const lefts = range(s.rows).map((i) =>
        shared(left, add(scale(k, tileRows), addConstant(scale(y, s.rows), i))),
      );
      const rights = range(s.columns).map((j) => {
        const start = add(scale(k, tileColumns), addConstant(scale(x, 4), 4 * across * j));
        const parts = range(4).map((lane) => shared(right, addConstant(start, lane)));
        return b.bind({ kind: 'compose', parts, type: { dtype, width: 4 } }, 'r', true);
      });
      addProducts(b, sums, (i) => lefts[i] ?? u32Literal(0), rights);
    });
    b.push({ kind: 'barrier' });
  });
  const place = (i: number, j: number) => ({
    batch: tile.batch,
    row: add(firstRow, addConstant(scale(y, s.rows), i)),
    column: add(firstColumn, addConstant(scale(x, 4), 4 * across * j)),
  });
  endSums(b, spec, p, sums, place, physical);
  return b.finish(s.workgroup, grid.count);
}

/** Fills `array[k][inner]` from an operand; neighbouring invocations read neighbouring elements of memory. */
function stage(
  b: KernelBuilder,
  p: Product,
  value: Product['left'],
  array: string,
  inner: number,
  s: ContractSchedule,
  pointAt: (inner: Index, k: Index) => ReadonlyMap<string, Index>,
  firstDepth: Index,
  physical: ReadonlyMap<string, Expr>,
): void {
  const total = inner * s.depth;
  const lid = variable('l', s.workgroup);
  const alongDepth =
    vectorScore(value, (lane) => pointAt(constant(0), addConstant(constant(0), lane))) >
    vectorScore(value, (lane) => pointAt(addConstant(constant(0), lane), constant(0)));
  for (let done = 0; done < total; done += s.workgroup) {
    const number = addConstant(lid, done);
    const [k, i] = alongDepth
      ? [modulo(number, s.depth), divide(number, s.depth)]
      : [divide(number, inner), modulo(number, inner)];
    const loaded = emitValue(b, value, scalarPlace(pointAt(i, k), physical));
    const depth = add(firstDepth, k);
    const ragged = p.depthCount % s.depth !== 0;
    const staged: Expr = ragged
      ? {
          kind: 'apply',
          fn: select,
          args: [
            {
              kind: 'within',
              bounds: [{ index: emitIndex(b, depth, { physical }), size: p.depthCount }],
              type: boolean,
            },
            loaded,
            literal(0, loaded.type),
          ],
          type: loaded.type,
        }
      : loaded;
    const index = emitIndex(b, add(scale(k, inner), i), { physical });
    const put = (): void => b.push({ kind: 'shared-store', array, index, value: staged });
    if (done + s.workgroup <= total) put();
    else
      b.when(
        {
          kind: 'within',
          bounds: [{ index: emitIndex(b, number, { physical }), size: total }],
          type: boolean,
        },
        put,
      );
  }
}
