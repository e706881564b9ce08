/** Writes a value that would otherwise not be written: a result that is a view, an input, or wanted twice. */
import type { Op } from '../graph/node.ts';
import { defineMap } from './map.ts';

export const copy: Op = defineMap('copy', 1, (x) => x, [
  { inputs: [{ dtype: 'f32', shape: [3] }] },
]);
