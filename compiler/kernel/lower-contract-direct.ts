/**
 * Contraction in registers alone: an invocation computes `rows` × 4·`columns` elements and reads its
 * operands straight from memory. Right for every shape; the default for software adapters without
 * subgroups and for thin products.
 */
import { addConstant, constant, type Index, scale, variable } from '../index/index-expr.ts';
import {
  type ContractSchedule,
  type ContractSpec,
  emitEpilogue,
  emitRight,
  multiplyAdd,
  type Product,
  pointOf,
  productOf,
  tileAt,
  tileGrid,
  vectorScore,
  zeros,
} from './contraction-tile.ts';
import { component, emitValue, scalarPlace, vectorPlace } from './emit-value.ts';
import { boolean, type Expr, type KernelIr, name, u32, u32Literal } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';

const range = (n: number): number[] => [...Array(n).keys()];

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
  const sums = range(s.rows).map(() => range(s.columns).map(() => b.variable('sum', zeros(spec))));

  const steps = s.depth === 1 ? 0 : Math.floor(p.depthCount / 4);
  b.loop('t', steps, (counter) => {
    const at = new Map([...physical, ['t', counter] as const]);
    const step = variable('t', steps);
    const left = emitLeft(b, p, tile.batch, step, row, s.rows, at);
    const right = range(s.columns).map((j) => emitRight(b, p, tile.batch, step, column(j), at));
    for (const u of range(4)) {
      const across = right.map((r) => r(u));
      sums.forEach((line, i) => {
        line.forEach((sum, j) => {
          const r = across[j];
          if (r !== undefined) b.assign(sum, multiplyAdd(sum, left(i, u), r));
        });
      });
    }
  });
  const oneStep = (depth: Index, at: ReadonlyMap<string, Expr>): void => {
    const across = range(s.columns).map((j) =>
      emitValue(
        b,
        p.right,
        vectorPlace(
          (lane) => pointOf(p, { batch: tile.batch, column: addConstant(column(j), lane), depth }),
          at,
        ),
      ),
    );
    sums.forEach((line, i) => {
      const left = emitValue(
        b,
        p.left,
        scalarPlace(pointOf(p, { batch: tile.batch, row: row(i), depth }), at),
      );
      line.forEach((sum, j) => {
        const r = across[j];
        if (r !== undefined) b.assign(sum, multiplyAdd(sum, left, r));
      });
    });
  };
  // One depth a trip where operands are intricate; otherwise only what four does not divide.
  if (s.depth === 1)
    b.loop('t', p.depthCount, (counter) => {
      oneStep(variable('t', p.depthCount), new Map([...physical, ['t', counter] as const]));
    });
  else for (let k = 4 * steps; k < p.depthCount; k++) oneStep(constant(k), physical);
  sums.forEach((line, i) => {
    line.forEach((sum, j) => {
      emitEpilogue(
        b,
        spec,
        p,
        { batch: tile.batch, row: row(i), column: column(j) },
        sum,
        physical,
      );
    });
  });
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
