/** Numbers of a program in any building: an input of a desk, and a constant of a model. */
import * as build from '../compiler/builder.ts';
import type { NdArray } from '../compiler/graph/nd-array.ts';
import type { Recipe } from './convert.ts';
import { isDesk, setValue } from './desk.ts';
import { UsageError } from './usage-error.ts';

/** Most elements of a tensor of data that becomes a constant of a model. */
const MOST_CONSTANTS = 10_000;

export function dataRecipe(value: NdArray): Recipe {
  const name = `tensor#${count++}`;
  const { dtype, shape, data } = value;
  return (b) => {
    const { graph } = b.run;
    if (isDesk(b)) {
      const node = build.input(graph, name, 'data', dtype, shape);
      setValue(b, node, value);
      return { kind: 'tensor', node };
    }
    if (data.length > MOST_CONSTANTS)
      throw new UsageError(
        `a tensor of ${data.length} numbers is data, not a constant of a model`,
        'declare an `input` for it, or a `param` whose values are written into the session',
      );
    const elements = [...data].map((x) => build.literal(graph, x, dtype));
    const [first] = elements;
    if (first === undefined) return { kind: 'unknown' };
    const flat = elements.every((one) => one === first)
      ? build.broadcastTo(graph, first, [elements.length])
      : build.concat(
          graph,
          elements.map((one) => build.reshape(graph, one, [1])),
          0,
        );
    const node = build.reshape(graph, flat, shape);
    return { kind: 'tensor', node: dtype === 'f32' ? build.variable(graph, node, name) : node };
  };
}
let count = 0;
