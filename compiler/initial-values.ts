/** The values that parameters, states and optimizer slots begin with: computed on the CPU, so equal on every device. */
import { asStored } from './graph/as-stored.ts';
import type { Graph } from './graph/graph.ts';
import type { NdArray } from './graph/nd-array.ts';
import { interpret } from './interpret/interpret.ts';
import type { ModelTensor } from './model.ts';
import { storageOf } from './ops/leaf.ts';
import { bindSizes } from './rewrite/bind.ts';

/** As they are once they lie in memory. */
export function initialValues(
  graph: Graph,
  tensors: readonly ModelTensor[],
  sizes: Readonly<Record<string, number>> = {},
): NdArray[] {
  const bound = bindSizes(
    graph,
    tensors.map((tensor) => tensor.init),
    sizes,
  );
  const values = interpret(bound, () => undefined);
  return tensors.flatMap(({ node }, i) => {
    const value = values[i];
    return value === undefined ? [] : [asStored(value, storageOf(node))];
  });
}
