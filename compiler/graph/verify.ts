/** Checks what every pass promises of a graph. A failure is our mistake, so it throws. */
import { InternalError } from '../internal-error.ts';
import { equalShapes, shapeText } from './dim.ts';
import type { Graph } from './graph.ts';
import type { Node } from './node.ts';

/**
 * Types are what the op's shape rule says, inputs come before their users (so there is no cycle), and
 * every node is the one that this graph holds for its op, inputs and attributes (so none stands twice). `pass` is named in the error.
 */
export function verifyGraph(graph: Graph, results: readonly Node[], pass = 'verify'): void {
  const order = postOrder(results, pass);
  for (const node of order) {
    const here = `%${node.id} ${node.op.name}`;
    if (!graph.owns(node)) throw new InternalError(pass, `${here} is not a node of this graph`);
    for (const x of node.inputs)
      if (x.id >= node.id) throw new InternalError(pass, `${here} uses %${x.id}, made after it`);
    checkType(node, here, pass);
  }
}

function checkType(node: Node, here: string, pass: string): void {
  const want = node.op.infer(
    node.inputs.map((x) => x.type),
    node.attrs,
  );
  const { dtype, shape } = node.type;
  if (dtype !== want.dtype || !equalShapes(shape, want.shape))
    throw new InternalError(
      pass,
      `${here} says ${dtype}${shapeText(shape)} where its rule gives ${want.dtype}${shapeText(want.shape)}`,
    );
}

/** Depth first, without recursion; a node met again on its own path is a cycle. */
function postOrder(results: readonly Node[], pass: string): Node[] {
  const state = new Map<Node, 'open' | 'done'>();
  const order: Node[] = [];
  const stack = [...results];
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    if (state.get(node) === undefined) {
      state.set(node, 'open');
      for (const x of node.inputs) {
        if (state.get(x) === 'open')
          throw new InternalError(pass, `a cycle through %${x.id} ${x.op.name}`);
        if (state.get(x) === undefined) stack.push(x);
      }
    } else {
      stack.pop();
      if (state.get(node) === 'open') order.push(node);
      state.set(node, 'done');
    }
  }
  return order;
}
