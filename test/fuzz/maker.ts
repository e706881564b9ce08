/** What the steps of the graph fuzzer are given: the tensors so far, new inputs, and chance. */
import type { StorageDType } from '../../compiler/graph/dtype.ts';
import type { Graph } from '../../compiler/graph/graph.ts';
import type { Node } from '../../compiler/graph/node.ts';
import type { Meter } from './exactness.ts';
import type { Random } from './random.ts';

export const SIZES = [1, 1, 2, 3, 4, 5, 7, 8, 12, 16, 17] as const;
export const MOST_ELEMENTS = 4096;
/** What a `size` node is bound to. */
export const BOUND_SIZE = 3;

export interface Maker {
  readonly graph: Graph;
  readonly random: Random;
  readonly meter: Meter;
  pick<T>(list: readonly T[]): T;
  /** A tensor of the pool for which `fits`; undefined where there is none. */
  find(fits: (x: Node) => boolean): Node | undefined;
  /** A new input of small whole numbers. */
  fresh(shape: readonly number[], storage?: StorageDType): Node;
  shape(most?: number): number[];
}

export const shapeOf = (n: Node): number[] => n.type.shape.map(Number);
