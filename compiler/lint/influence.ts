/** What can change a tensor: the rows of the data, the step (and with it random numbers), or nothing. */
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { input } from '../ops/leaf.ts';

const isData = (node: Node): boolean => node.op === input && node.attrs['kind'] === 'data';

/** Whether an `input` of the file takes part in it. */
export const dependsOnInput = (node: Node): boolean => reachable([node]).some(isData);

/** Whether it is the same in every step, whatever the data and their number: parameters count as fixed. */
export const isFixed = (node: Node): boolean =>
  !reachable([node]).some(
    (n) =>
      isData(n) ||
      (n.op === input && n.attrs['kind'] === 'counter') ||
      (n.op.lowering.kind === 'leaf' && n.op.lowering.leaf === 'size') ||
      (n.op.lowering.kind === 'leaf' &&
        n.op.lowering.leaf === 'iota' &&
        n.type.shape.some((size) => typeof size !== 'number')),
  );
