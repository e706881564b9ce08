/** Merges the partial results of a workgroup's invocations by a tree in workgroup memory. */
import { select } from '../scalar/intrinsics.ts';
import { type Accumulator, earlierOrBetter, merge } from './accumulate.ts';
import { boolean, type Expr, name, u32, u32Literal } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';

const within = (index: Expr, size: number): Expr => ({
  kind: 'within',
  bounds: [{ index, size }],
  type: boolean,
});

/** The merged result, the same in every invocation. `workgroup` is a power of two. */
export function mergeInvocations(b: KernelBuilder, acc: Accumulator, workgroup: number): Expr {
  const lid = name('lid', u32);
  const best = b.sharedArray('part', acc.best.type, workgroup);
  const where =
    acc.where === undefined ? undefined : b.sharedArray('place', acc.where.type, workgroup);
  const read = (array: string, index: Expr, like: Expr): Expr => ({
    kind: 'shared',
    array,
    index,
    type: like.type,
  });
  b.push({ kind: 'shared-store', array: best, index: lid, value: acc.best });
  if (where !== undefined && acc.where !== undefined)
    b.push({ kind: 'shared-store', array: where, index: lid, value: acc.where });
  b.push({ kind: 'barrier' });
  for (let half = workgroup / 2; half >= 1; half /= 2) {
    b.when(within(lid, half), () => {
      const other: Expr = { kind: 'index', op: '+', left: lid, right: u32Literal(half), type: u32 };
      const mine = b.bind(read(best, lid, acc.best), 'mine', true);
      const theirs = b.bind(read(best, other, acc.best), 'theirs', true);
      if (where === undefined || acc.where === undefined) {
        b.push({
          kind: 'shared-store',
          array: best,
          index: lid,
          value: merge(acc.combine, mine, theirs),
        });
        return;
      }
      const myPlace = b.bind(read(where, lid, acc.where), 'mine', true);
      const theirPlace = b.bind(read(where, other, acc.where), 'theirs', true);
      const take = b.bind(
        earlierOrBetter(acc.combine, mine, myPlace, theirs, theirPlace),
        'take',
        true,
      );
      b.push({
        kind: 'shared-store',
        array: best,
        index: lid,
        value: { kind: 'apply', fn: select, args: [take, theirs, mine], type: mine.type },
      });
      b.push({
        kind: 'shared-store',
        array: where,
        index: lid,
        value: { kind: 'apply', fn: select, args: [take, theirPlace, myPlace], type: myPlace.type },
      });
    });
    b.push({ kind: 'barrier' });
  }
  const array = where ?? best;
  return b.bind(read(array, u32Literal(0), acc.where ?? acc.best), 'total', true);
}
