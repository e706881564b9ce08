/** Makes one spec of kernels that need nothing of each other. */
import {
  type KernelOperand,
  type KernelSpec,
  partsOfSpec,
  type SideBySideSpec,
  type SingleSpec,
} from './spec.ts';

export function sideBySide(specs: readonly KernelSpec[]): KernelSpec {
  const [only, ...others] = specs;
  if (only !== undefined && others.length === 0) return only;
  const parts = specs.flatMap(partsOfSpec);
  const operands = unionOfOperands(parts);
  const stores = parts.flatMap((part) => {
    const numbers = operandNumbers(part, operands);
    return part.stores.map((s) => ({ ...s, operand: numbers[s.operand] ?? -1 }));
  });
  return {
    kind: 'side-by-side',
    parts,
    operands,
    stores,
    nodes: parts.flatMap((p) => p.nodes),
  };
}

/** Where each operand of a part stands among those of all parts. */
export function operandNumbers(
  part: SingleSpec,
  all: SideBySideSpec['operands'],
): readonly number[] {
  return part.operands.map((o) => all.findIndex((a) => a.tensor.id === o.tensor.id));
}

function unionOfOperands(parts: readonly SingleSpec[]): readonly KernelOperand[] {
  const byTensor = new Map<number, KernelOperand>();
  for (const { operands } of parts)
    for (const o of operands) {
      const seen = byTensor.get(o.tensor.id);
      const access = seen === undefined || seen.access === o.access ? o.access : 'read_write';
      byTensor.set(o.tensor.id, { tensor: o.tensor, access });
    }
  return [...byTensor.values()];
}
