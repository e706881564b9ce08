/**
 * Checks a model's `expect`s in the interpreter, as `nnc test` does: inputs are filled with seeded
 * uniform data, symbols bound to 3, 5, 7, …, parameters have their initial values.
 */
import { asStored } from '../graph/as-stored.ts';
import { dimKey, substitute, symbolsOf } from '../graph/dim.ts';
import { isFloat } from '../graph/dtype.ts';
import { elementCount, type NdArray, ndArray } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { initialValues } from '../initial-values.ts';
import { InternalError } from '../internal-error.ts';
import { interpret } from '../interpret/interpret.ts';
import type { Model, ModelInput } from '../model.ts';
import { bindSizes } from '../rewrite/bind.ts';
import { threefry32 } from '../scalar/threefry.ts';
import { hashText } from './builtins/random.ts';
import { brokenGuards } from './model-questions.ts';

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
  const values = testValues(model, results, seed, sizes);
  return interpret(results, (node) => values.get(nameOfInput(node) ?? ''));
}

/** By name, what the bound results need: test data, initial values, and zeros for counters and sums. */
export function testValues(
  model: Model,
  results: readonly Node[],
  seed: number,
  sizes: Readonly<Record<string, number>>,
): ReadonlyMap<string, NdArray> {
  const inputs = reachable(results).filter((node) => nameOfInput(node) !== undefined);
  const values = new Map<string, NdArray>(
    inputs
      .filter(({ attrs }) => attrs['kind'] === 'counter' || attrs['kind'] === 'metric')
      .map((node) => [String(node.attrs['name']), ndArray(node.type.dtype, [], [0])]),
  );
  const needed = new Set(inputs.map(nameOfInput));
  const tensors = [...model.params, ...model.states, ...(model.optimization?.slots ?? [])].filter(
    (t) => needed.has(t.path),
  );
  const initial = initialValues(model.graph, tensors, sizes);
  tensors.forEach((t, i) => {
    values.set(t.path, initial[i] ?? missing(t.path));
  });
  for (const input of model.inputs)
    if (needed.has(input.name)) values.set(input.name, uniformData(input, seed, sizes));
  return values;
}

const missing = (path: string): never => {
  throw new InternalError('expectations', `no initial value of ${path}`);
};

const nameOfInput = (node: Node): string | undefined =>
  node.op.lowering.kind === 'leaf' && node.op.lowering.leaf === 'input'
    ? String(node.attrs['name'])
    : undefined;

/**
 * 3, 5, 7, … for the symbols in order of appearance, made larger until the guards hold: `dim t % 8`
 * makes t a multiple of 8, `x[14:-1]` makes it 16.
 */
export function testSizes(model: Model): Record<string, number> {
  const names = [
    ...model.inputs.flatMap((i) => i.shape.flatMap(symbolsOf)),
    ...model.guards.flatMap((g) => [...symbolsOf(g.holds.left), ...symbolsOf(g.holds.right)]),
  ];
  const factors = (name: string): number =>
    model.guards.reduce((n, { holds: { left, relation, right } }) => {
      const applies = relation === '%' && dimKey(left) === name && typeof right === 'number';
      return applies ? n * right : n;
    }, 1);
  const sizes = (more: number): Record<string, number> =>
    Object.fromEntries(
      [...new Set(names)].map((name, i) => [name, factors(name) * (3 + 2 * i + more)]),
    );
  const tries = [...Array.from({ length: 1000 }, (_, more) => more), -1, -2];
  const more = tries.find((m) => brokenGuards(model, sizes(m), model.name).length === 0);
  return sizes(more ?? 0);
}

/** Floats in [-1, 1); integers below the bound of their use, else bytes (bools 0 or 1). */
export function uniformData(
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
  return asStored(ndArray(dtype, shape, data), input.storage);
}
