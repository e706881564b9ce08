/**
 * How much code a value becomes at a place, in statements. Compile time and memory of shader
 * compilers grow faster than that (SwiftShader ran out of 24 GB on one tile of 8 rows over a padded,
 * reshaped operand), so every schedule stays under a budget.
 */
import type { Index } from '../index/index-expr.ts';
import { indexAt, vectorIndex } from '../kernel/emit-value.ts';
import { type Value, valuesBelow } from '../kernel/value.ts';

export const STATEMENT_BUDGET = 500;

type Vars = ReadonlyMap<string, Index>;

/** Statements for all the values together at a place of one or four lanes. */
export function emissionCost(values: readonly Value[], lanes: readonly Vars[]): number {
  const at = (index: Index): Index[] => lanes.map((vars) => indexAt(index, vars));
  let cost = 0;
  for (const v of valuesBelow(values)) {
    switch (v.kind) {
      case 'apply':
      case 'cast':
        cost += 1;
        break;
      case 'load':
      case 'index': {
        const placed = at(v.index);
        const wide = v.kind === 'load' && vectorIndex(placed) !== undefined;
        // What an index goes through may differ from lane to lane though its text does not.
        const same = v.through.length === 0 && allEqual(placed);
        const [first] = placed;
        if (first === undefined) break;
        cost += wide || same ? 1 + indexCost(first) : 1 + lanes.length * (1 + indexCost(first));
        break;
      }
      case 'guarded':
        for (const g of v.guards) {
          const placed = at(g.index);
          const [first] = placed;
          if (first !== undefined)
            cost +=
              (v.through.length === 0 && allEqual(placed) ? 1 : lanes.length) *
              (1 + indexCost(first));
        }
        cost += 2;
        break;
      case 'literal':
      case 'reduced':
        break;
    }
  }
  return cost;
}

const allEqual = (indices: readonly Index[]): boolean =>
  indices.every((e) => e.key === indices[0]?.key);

function indexCost(e: Index): number {
  switch (e.kind) {
    case 'constant':
    case 'variable':
      return 0;
    case 'sum':
      return e.terms.reduce(
        (n, t) => n + indexCost(t.index) + (Math.abs(t.coefficient) === 1 ? 1 : 2),
        0,
      );
    case 'quotient':
    case 'remainder':
      return 1 + indexCost(e.of);
  }
}
