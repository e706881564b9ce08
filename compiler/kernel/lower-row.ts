/** Lowers a row kernel: for each row, one loop per level of reductions, then the stores. */
import { InternalError } from '../internal-error.ts';
import { accumulate, groupByLevel, startAccumulator } from './accumulate.ts';
import { emitStore, emitValue, type Place } from './emit-value.ts';
import type { Expr, KernelIr } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';
import { type RowSchedule, type RowSpec, type Team, teamFor } from './row-team.ts';
import type { Reduction, Store } from './spec.ts';

/**
 * A row that is `held` is read once: its chunks are computed one after another instead of in loops, and what one
 * stage has loaded, the next finds by its name.
 */
export function lowerRow(spec: RowSpec, s: RowSchedule, options: BuilderOptions): KernelIr {
  const b = new KernelBuilder(spec, options);
  const reduced = new Map<number, Expr>();
  const team = teamFor(b, spec, s, reduced);
  emitRows(b, spec, team, reduced);
  return b.finish(s.workgroup, team.workgroups);
}

function emitRows(b: KernelBuilder, spec: RowSpec, team: Team, reduced: Map<number, Expr>): void {
  for (const group of groupByLevel(spec.reductions)) {
    const reductions = group.map((i) => reductionAt(spec, i));
    const accumulators = reductions.map((r) => startAccumulator(b, r, team.width));
    team.eachChunk((chunk) => {
      const at = team.place(chunk);
      const memo = new Map();
      const values = reductions.map((r) => emitValue(b, r.body, at, memo));
      accumulators.forEach((acc, k) => {
        const value = values[k];
        if (value !== undefined) accumulate(b, acc, value, () => team.position(chunk));
      });
    });
    group.forEach((i, k) => {
      const acc = accumulators[k];
      if (acc !== undefined) reduced.set(i, team.total(acc));
    });
  }
  // A store may overwrite what another value reads, so the row's values come before the elements' stores, and its stores after.
  const storeRow = emitStores(b, spec, 'row', team.place());
  if (spec.stores.some((s) => s.over === 'full'))
    team.eachChunk((chunk) => emitStores(b, spec, 'full', team.place(chunk))());
  team.oncePerRow(storeRow);
}

/** Computes all values of one kind of store now; the function returned stores them. */
function emitStores(b: KernelBuilder, spec: RowSpec, over: Store['over'], at: Place): () => void {
  const memo = new Map();
  const stores = spec.stores
    .filter((s) => s.over === over)
    .map((s) => ({ ...s, emitted: emitValue(b, s.value, at, memo) }));
  return () => {
    for (const s of stores) emitStore(b, s.operand, s.index, s.emitted, at);
  };
}

function reductionAt(spec: RowSpec, i: number): Reduction {
  const r = spec.reductions[i];
  if (r === undefined) throw new InternalError('lower', `no reduction ${i}`);
  return r;
}
