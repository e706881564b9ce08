/** Everything that a model computes, once, in the interpreter, at sizes of a few elements. */
import { isSymbolic, substitute } from '../../../compiler/graph/dim.ts';
import { elementCount, type NdArray, ndArray } from '../../../compiler/graph/nd-array.ts';
import type { Node } from '../../../compiler/graph/node.ts';
import { interpret } from '../../../compiler/interpret/interpret.ts';
import { type Elaboration, type Model, persistentTensors } from '../../../compiler/model.ts';
import { programResults } from '../../../compiler/programs.ts';
import { bindSizes, symbolsIn } from '../../../compiler/rewrite/bind.ts';

export function computeAll(model: Model): void {
  const tensors = persistentTensors(model);
  const nodes = [
    ...nodesOf(model.training),
    ...nodesOf(model.evaluation),
    ...(model.optimization === undefined
      ? []
      : programResults(model, 'train').map((result) => result.node)),
  ];
  const sizes = sizesFor(model, [...nodes, ...tensors.map((t) => t.init)]);
  if (sizes === undefined) return;
  const bind = (list: readonly Node[]): Node[] => bindSizes(model.graph, list, sizes);
  const known = new Map<string, NdArray>();
  const initial = interpret(bind(tensors.map((t) => t.init)), (n) => given(n, known));
  tensors.forEach((t, i) => {
    const value = initial[i];
    if (value !== undefined) known.set(t.path, value);
  });
  interpret(bind(nodes), (n) => given(n, known));
}

const nodesOf = (e: Elaboration): Node[] =>
  [...e.outputs, ...e.losses, ...e.metrics, ...e.updates, ...e.expects].map((one) => one.node);

/** One size for all symbols, such that what is checked when sizes are known holds; undefined where none was found. */
function sizesFor(model: Model, nodes: readonly Node[]): Record<string, number> | undefined {
  for (const size of [3, 4, 6, 8, 2, 1]) {
    const at = (): number => size;
    const holds = model.guards.every(({ holds: { left, relation, right } }) => {
      const [a, b] = [left, right].map((d) => Number(isSymbolic(d) ? substitute(d, at) : d));
      if (a === undefined || b === undefined) return false;
      return relation === '<=' ? a <= b : relation === '%' ? a % b === 0 : a === b;
    });
    if (holds) return Object.fromEntries([...symbolsIn(nodes)].map((name) => [name, size]));
  }
  return undefined;
}

/** Small numbers for data, 0 for the counter and the running sums. */
function given(node: Node, known: ReadonlyMap<string, NdArray>): NdArray | undefined {
  if (node.op.name !== 'input') return undefined;
  const { dtype } = node.type;
  const kind = node.attrs['kind'];
  const shape = node.type.shape.map(Number);
  if (kind === 'counter' || kind === 'metric') return ndArray(dtype, shape, [0]);
  if (kind !== 'data') return known.get(String(node.attrs['name']));
  const values = Array.from({ length: elementCount(shape) }, (_, i) =>
    dtype === 'f32' ? ((i * 7) % 5) / 2 - 1 : dtype === 'bool' ? i % 2 : (i * 5) % 3,
  );
  return ndArray(dtype, shape, values);
}
