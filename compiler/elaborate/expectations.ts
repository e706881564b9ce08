/**
 * Checks a model's `expect`s in the interpreter, as `nnc test` does: inputs are filled with seeded
 * uniform data, symbols bound to 3, 5, 7, …, parameters have their initial values.
 */
import { dimKey, substitute, symbolsOf } from '../graph/dim.ts';
import { isFloat } from '../graph/dtype.ts';
import { elementCount, type NdArray, ndArray } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { InternalError } from '../internal-error.ts';
import { interpret } from '../interpret/interpret.ts';
import type { Model, ModelInput } from '../model.ts';
import { bindSizes } from '../rewrite/bind.ts';
import { threefry32 } from '../scalar/special.ts';
import { hashText } from './builtins/random.ts';

export interface ExpectationResult {
  readonly text: string;
  readonly span: { readonly start: number; readonly end: number };
  readonly holds: boolean;
}

/** The `expect`s of the evaluation graph, in order of the file. */
export function checkExpectations(
  model: Model,
  options: { readonly seed?: number } = {},
): readonly ExpectationResult[] {
  const { expects } = model.evaluation;
  const sizes = testSizes(model);
  const results = evaluateOnTestData(
    model,
    expects.map((e) => e.node),
    options.seed ?? 0,
    sizes,
  );
  return expects.map((e, i) => ({
    text: e.text,
    span: e.span,
    holds: results[i]?.data.every((x) => x !== 0) ?? false,
  }));
}

/** Values of any nodes of a model on the data that expectations are checked with. */
export function evaluateOnTestData(
  model: Model,
  nodes: readonly Node[],
  seed: number,
  sizes: Readonly<Record<string, number>> = testSizes(model),
): NdArray[] {
  const results = bindSizes(model.graph, nodes, sizes);
  const needed = new Set(reachable(results).map(nameOfInput));
  const tensors = [...model.params, ...model.states].filter((t) => needed.has(t.path));
  const initial = interpret(
    bindSizes(
      model.graph,
      tensors.map((t) => t.init),
      sizes,
    ),
    () => undefined,
  );
  const values = new Map<string, NdArray>(
    tensors.map((t, i) => [t.path, initial[i] ?? missing(t.path)]),
  );
  for (const input of model.inputs)
    if (needed.has(input.name)) values.set(input.name, uniformData(input, seed, sizes));
  values.set('step', ndArray('f32', [], [0]));
  return interpret(results, (node) => values.get(nameOfInput(node) ?? ''));
}

const missing = (path: string): never => {
  throw new InternalError('expectations', `no initial value of ${path}`);
};

const nameOfInput = (node: Node): string | undefined =>
  node.op.lowering.kind === 'leaf' && node.op.lowering.leaf === 'input'
    ? String(node.attrs['name'])
    : undefined;

/** 3, 5, 7, … for the symbols in order of appearance; `dim t % 8` makes it a multiple. */
export function testSizes(model: Model): Record<string, number> {
  const sizes: Record<string, number> = {};
  const names = [
    ...model.inputs.flatMap((i) => i.shape.flatMap(symbolsOf)),
    ...model.guards.flatMap((g) => [...symbolsOf(g.holds.left), ...symbolsOf(g.holds.right)]),
  ];
  for (const name of new Set(names)) {
    const factors = model.guards.flatMap(({ holds: { left, relation, right } }) =>
      relation === '%' && dimKey(left) === name && typeof right === 'number' ? [right] : [],
    );
    sizes[name] = factors.reduce((n, f) => n * f, 3 + 2 * Object.keys(sizes).length);
  }
  return sizes;
}

/** Floats in [-1, 1); integers below the bound of their use, else bytes (bools 0 or 1). */
function uniformData(
  input: ModelInput,
  seed: number,
  sizes: Readonly<Record<string, number>>,
): NdArray {
  const bind = (d: ModelInput['shape'][number]): number => {
    const bound = substitute(d, (name) => sizes[name]);
    if (typeof bound !== 'number')
      throw new InternalError('expectations', `${dimKey(d)} is not bound`);
    return bound;
  };
  const { dtype } = input.node.type;
  const shape = input.shape.map(bind);
  const top =
    input.below === undefined
      ? dtype === 'bool'
        ? 2
        : input.storage === 'i8'
          ? 128
          : 256
      : bind(input.below);
  const key = hashText(input.name);
  const data = Array.from({ length: elementCount(shape) }, (_, i) => {
    const u = threefry32(seed, key, 0, i) / 2 ** 32;
    return isFloat(dtype) ? 2 * u - 1 : Math.floor(u * top);
  });
  return ndArray(dtype, shape, data);
}
