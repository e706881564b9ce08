/** What a tensor is to the reader of the model: the name it has there, or the op and the layer that it comes from. */
import type { Graph } from '../graph/graph.ts';
import type { Tensor } from '../kernel/spec.ts';

/** `dense.W`, `contract of dense`, `select of dense (vjp of contract)`. */
export function tensorPath({ node }: Tensor, graph: Graph): string {
  const name = node.attrs['name'];
  if (node.op.lowering.kind === 'leaf' && typeof name === 'string') return name;
  const [origin] = graph.originsOf(node);
  if (origin === undefined || origin.path === '') return node.op.name;
  return `${node.op.name} of ${origin.path}`;
}
