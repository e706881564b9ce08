/** The product of elements: a reduction whose derivative needs running products. */
import { productOf } from '../graph/dim.ts';
import type { AtNode, Node, Op } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import { mul } from '../scalar/intrinsics.ts';
import { numbersOf } from './leaf.ts';
import { mapOp } from './map.ts';
import { prefixOp } from './prefix.ts';
import { reduceOp, weighted } from './reduce.ts';
import { permute, reshape } from './view.ts';

/**
 * Product. The derivative by an element is the product of all others, as exclusive prefix product
 * times exclusive suffix product: a quotient y/x would break at zeros.
 */
export const prod: Op = reduceOp('prod', weighted(productOfOthers));
function productOfOthers({ graph, node }: AtNode): Node {
  const x = node.inputs[0];
  if (x === undefined) throw new InternalError('autodiff', 'a reduction without an input');
  const axes = numbersOf(node.attrs['axes']);
  // Several axes become one at the end, so that one running product covers them.
  const kept = x.type.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const perm = [...kept, ...axes];
  const moved = graph.make(permute, [x], { perm });
  const flat = graph.make(reshape, [moved], {
    shape: [
      ...kept.map((i) => x.type.shape[i] ?? 1),
      productOf(axes.map((i) => x.type.shape[i] ?? 1)),
    ],
  });
  const axis = kept.length;
  const before = graph.make(prefixOp('prod'), [flat], { axis, reverse: false, exclusive: true });
  const after = graph.make(prefixOp('prod'), [flat], { axis, reverse: true, exclusive: true });
  const others = graph.make(mapOp(mul), [before, after]);
  const back = graph.make(reshape, [others], { shape: moved.type.shape });
  return graph.make(permute, [back], { perm: perm.map((_, i) => perm.indexOf(i)) });
}
