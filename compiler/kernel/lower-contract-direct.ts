/**
 * Contraction in registers alone: an invocation computes `rows` × 4·`columns` elements and reads its
 * operands straight from memory. Right for every shape; the default for software adapters without
 * subgroups and for thin products.
 */
import { addConstant, constant, type Index, scale, variable } from '../index/index-expr.ts';
import {
  addProducts,
  type ContractSchedule,
  type ContractSpec,
  emitRight,
  type Product,
  pointOf,
  productOf,
  range,
  startSums,
  tileAt,
  tileGrid,
  vectorScore,
} from './contraction-tile.ts';
import { component, emitValue, scalarPlace, vectorPlace } from './emit-value.ts';
import { endSums } from './end-sums.ts';
import { boolean, type Expr, type KernelIr, name, u32, u32Literal } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';

export function lowerContractDirect(
  spec: ContractSpec,
  s: ContractSchedule,
  options: BuilderOptions,
): KernelIr {
  const b = new KernelBuilder(spec, options);
  const p = productOf(spec, s.swapped);
  const grid = tileGrid(p, s.rows, 4 * s.columns);
  const workgroups = Math.ceil(grid.count / s.workgroup);
  const gid = name('gid', u32);
  if (workgroups * s.workgroup !== grid.count)
    b.push({
      kind: 'return-unless',
      condition: { kind: 'within', bounds: [{ index: gid, size: grid.count }], type: boolean },
    });
  const tile = tileAt(grid, variable('g', grid.count));
  const physical = new Map<string, Expr>([['g', grid.count === 1 ? u32Literal(0) : gid]]);
  const row = (i: number): Index => addConstant(scale(tile.row, s.rows), i);
  const column = (j: number): Index => addConstant(scale(tile.column, 4 * s.columns), 4 * j);
  const sums = startSums(b, spec, s);
  const counted = (counter: Expr): ReadonlyMap<string, Expr> =>
    new Map([...physical, ['t', counter]]);

  const oneDepth = (depth: Index, at: ReadonlyMap<string, Expr>): void => {
    const point = (rest: { row?: Index; column?: Index }) =>
      pointOf(p, { batch: tile.batch, depth, ...rest });
    const right = range(s.columns).map((j) =>
      emitValue(
        b,
        p.right,
        vectorPlace((lane) => point({ column: addConstant(column(j), lane) }), at),
      ),
    );
    addProducts(
      b,
      sums,
      (i) => emitValue(b, p.left, scalarPlace(point({ row: row(i) }), at)),
      right,
    );
  };
  if (s.depth === 1) {
    b.loop('t', p.depthCount, (counter) => oneDepth(variable('t', p.depthCount), counted(counter)));
  } else {
    const steps = Math.floor(p.depthCount / 4);
    b.loop('t', steps, (counter) => {
      const at = counted(counter);
      const step = variable('t', steps);
      const left = emitLeft(b, p, tile.batch, step, row, s.rows, at);
      const right = range(s.columns).map((j) => emitRight(b, p, tile.batch, step, column(j), at));
      for (const u of range(4))
        addProducts(
          b,
          sums,
          (i) => left(i, u),
          right.map((r) => r(u)),
        );
    });
    // What four does not divide.
    for (let k = 4 * steps; k < p.depthCount; k++) oneDepth(constant(k), physical);
  }
  const place = (i: number, j: number) => ({ batch: tile.batch, row: row(i), column: column(j) });
  endSums(b, spec, p, sums, place, physical);
  return b.finish(s.workgroup, workgroups);
}

/** Element (row i, depth 4·step+u) of the left operand, loaded as vectors along whichever way it lies in memory. */
function emitLeft(
  b: KernelBuilder,
  p: Product,
  batch: Index,
  step: Index,
  row: (i: number) => Index,
  rows: number,
  physical: ReadonlyMap<string, Expr>,
): (i: number, u: number) => Expr {
  const depth = (u: number): Index => addConstant(scale(step, 4), u);
  const alongDepth = (i: number) => (lane: number) =>
    pointOf(p, { batch, row: row(i), depth: depth(lane) });
  const alongRows = (i: number, u: number) => (lane: number) =>
    pointOf(p, { batch, row: addConstant(row(i), lane), depth: depth(u) });
  const [d, r] = [
    vectorScore(p.left, alongDepth(0)),
    rows % 4 === 0 ? vectorScore(p.left, alongRows(0, 0)) : -1,
  ];
  if (d >= r && d >= 0) {
    const lines = range(rows).map((i) =>
      emitValue(b, p.left, vectorPlace(alongDepth(i), physical)),
    );
    return (i, u) => component(lines[i] ?? u32Literal(0), u);
  }
  if (r >= 0) {
    const quads = range(4).map((u) =>
      range(rows / 4).map((q) => emitValue(b, p.left, vectorPlace(alongRows(4 * q, u), physical))),
    );
    return (i, u) => component(quads[u]?.[i >> 2] ?? u32Literal(0), i & 3);
  }
  return (i, u) =>
    emitValue(
      b,
      p.left,
      scalarPlace(pointOf(p, { batch, row: row(i), depth: depth(u) }), physical),
    );
}
