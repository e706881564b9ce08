/** Merges the partial results of a subgroup's lanes by one subgroup operation, without workgroup memory. */
import { InternalError } from '../internal-error.ts';
import { eq, select } from '../scalar/intrinsics.ts';
import type { Accumulator } from './accumulate.ts';
import { boolean, type Expr, literal, type SubgroupOperation } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';

/** Past every position. */
const NOWHERE = 2147483647;

/** The merged result, the same in every lane. */
export function mergeSubgroup(b: KernelBuilder, { combine, best, where }: Accumulator): Expr {
  if (best.type.width !== 1) throw new InternalError('lower', 'lanes are merged before subgroups');
  const total = b.acrossSubgroup(operationOf(combine, best.type.dtype === 'bool'), best);
  if (where === undefined) return total;
  // Of the lanes that have the best value, the one that met it first.
  const mine = {
    kind: 'apply',
    fn: select,
    args: [
      { kind: 'apply', fn: eq, args: [best, total], type: boolean },
      where,
      literal(NOWHERE, where.type),
    ],
    type: where.type,
  } as const;
  return b.acrossSubgroup('Min', b.bind(mine, 'mine', true));
}

function operationOf(combine: Accumulator['combine'], logical: boolean): SubgroupOperation {
  switch (combine) {
    case 'sum':
      return 'Add';
    case 'prod':
      return 'Mul';
    case 'max':
    case 'argmax':
      return logical ? 'Any' : 'Max';
    case 'min':
    case 'argmin':
      return logical ? 'All' : 'Min';
  }
}
