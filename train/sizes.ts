/** The numbers that a model's symbolic sizes get from data, and the guards on them. */
import { type Dim, isSymbolic, shapeText, substitute, symbolsOf } from '../compiler/graph/dim.ts';
import type { Guard, Model, ModelInput } from '../compiler/model.ts';
import { DataError } from '../data/index.ts';
import { nearest } from '../grammar/index.ts';
import { TrainingError } from './training-error.ts';

/** The symbol of the axis that rows of data lie along. Throws DataError unless all inputs share it. */
export function leadingSymbol(inputs: readonly ModelInput[], data: string): string {
  const symbols = new Set(inputs.map(({ shape: [first] }) => bareSymbol(first)));
  const [only] = symbols;
  if (only !== undefined && symbols.size === 1) return only;
  const types = inputs.map((one) => `${one.name} ${one.storage}${shapeText(one.shape)}`);
  throw new DataError(
    data,
    `the inputs do not share their first axis: ${types.join(', ')}`,
    'rows of data lie along the first axis of every input: give it one name, such as `batch`',
  );
}

function bareSymbol(dim: Dim | undefined): string | undefined {
  const [name] = dim === undefined ? [] : symbolsOf(dim);
  return isSymbolic(dim) && dim.key === name ? name : undefined;
}

/** The symbols behind the first axis, which take the sizes of the rows. Throws DataError where rows do not fit. */
export function solveSizes(
  inputs: readonly ModelInput[],
  rowShapeOf: (input: ModelInput) => readonly number[],
  data: string,
): Readonly<Record<string, number>> {
  const sizes: Record<string, number> = {};
  const known = (dim: Dim): Dim => substitute(dim, (name) => sizes[name]);
  for (const input of inputs) {
    const [, ...wanted] = input.shape;
    const rowShape = rowShapeOf(input);
    for (const [axis, dim] of wanted.entries()) {
      const name = bareSymbol(known(dim));
      const size = rowShape[axis];
      if (name !== undefined && size !== undefined) sizes[name] = size;
    }
    if (shapeText(wanted.map(known)) !== shapeText(rowShape))
      throw new DataError(
        data,
        `a row for \`input ${input.name}\` is ${shapeText(rowShape)}; the input takes ${shapeText(wanted.map(known))}`,
      );
  }
  return sizes;
}

/** Throws TrainingError NN0216 for the first guard that does not hold at these sizes. */
export function checkGuards(model: Model, sizes: Readonly<Record<string, number>>): void {
  for (const guard of model.guards) {
    if (holds(guard, sizes)) continue;
    const names = new Set([guard.holds.left, guard.holds.right].flatMap(symbolsOf));
    const values = [...names].map((name) => `\`${name}\` = ${sizes[name]}`).join(', ');
    throw new TrainingError('NN0216', `${values}, but \`${guard.text}\` must hold`);
  }
}

/** A guard over a size that this run does not have says nothing about it. */
function holds(
  { holds: { left, relation, right } }: Guard,
  sizes: Readonly<Record<string, number>>,
): boolean {
  const l = substitute(left, (name) => sizes[name]);
  const r = substitute(right, (name) => sizes[name]);
  if (isSymbolic(l) || isSymbolic(r)) return true;
  switch (relation) {
    case '<=':
      return l <= r;
    case '%':
      return l % r === 0;
    case '==':
      return l === r;
    default:
      return relation satisfies never;
  }
}

/** The number that a size is; undefined where it has a symbol that these do not. */
export function sizeIn(dim: Dim, sizes: Readonly<Record<string, number>>): number | undefined {
  const size = substitute(dim, (name) => sizes[name]);
  return isSymbolic(size) ? undefined : size;
}

/** The first of the names that is none of the sizes that data decide, and what helps. */
export function unknownSize(
  { inputs, guards }: Model,
  names: readonly string[],
): { readonly name: string; readonly help: string } | undefined {
  const dims = [
    ...inputs.flatMap((input) => input.shape),
    ...guards.flatMap(({ holds: { left, right } }) => [left, right]),
  ];
  const known = [...new Set(dims.flatMap(symbolsOf))];
  const name = names.find((one) => !known.includes(one));
  if (name === undefined) return undefined;
  const near = nearest(name, known);
  const list = known.map((one) => `\`${one}\``).join(', ');
  return {
    name,
    help:
      near !== undefined
        ? `did you mean \`${near}\`?`
        : known.length === 0
          ? 'all of its sizes are numbers'
          : `the sizes that data decide are ${list}`,
  };
}
