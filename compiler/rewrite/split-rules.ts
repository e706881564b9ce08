/** Rules that cut what would be one oversized kernel into two good ones. They run last: the pieces mean the same. */
import type { Node } from '../graph/node.ts';
import { copy } from '../ops/copy.ts';
import { concat, isPool } from '../ops/view.ts';
import { longReduction } from './long-sums.ts';
import { pooledSums } from './pool-sums.ts';
import type { Rule } from './rebuild.ts';

/** Tensors that one kernel may join, so that bindings suffice on every device. */
const MOST_JOINED = 6;

/** A concat of many becomes a concat of stored concats. */
const wideConcat: Rule = {
  name: 'split/wide-concat',
  apply(g, node) {
    if (node.op !== concat || isPool(node) || node.inputs.length <= MOST_JOINED) return undefined;
    const groups: Node[] = [];
    const size = Math.max(MOST_JOINED, Math.ceil(node.inputs.length / MOST_JOINED));
    for (let i = 0; i < node.inputs.length; i += size) {
      const part = node.inputs.slice(i, i + size);
      const [only] = part;
      groups.push(
        part.length === 1 && only !== undefined
          ? only
          : g.make(copy, [g.make(concat, part, node.attrs)]),
      );
    }
    return g.make(concat, groups, node.attrs);
  },
};

export const splitRules: readonly Rule[] = [longReduction, pooledSums, wideConcat];
