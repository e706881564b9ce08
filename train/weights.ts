/** Weights as named tensors: what a trained model is. Read from the device, and put back after checking that they are this model's. */
import { wholeRange } from '../compiler/graph/dtype.ts';
import type { Node } from '../compiler/graph/node.ts';
import type { Model, ModelTensor } from '../compiler/model.ts';
import { storageOf } from '../compiler/ops/leaf.ts';
import type { StoredTensor } from '../data/index.ts';
import { nearest } from '../grammar/index.ts';
import type { Session, TensorData } from '../runtime/index.ts';
import { arrayOf, numbersOf } from './element-arrays.ts';
import { TrainingError } from './training-error.ts';

export type Weights = ReadonlyMap<string, StoredTensor>;

/** What a trained model is: parameters and its own states, without the optimizers' slots. */
export const weightTensors = (model: Model): readonly ModelTensor[] => [
  ...model.params,
  ...model.states,
];

/** After all that was submitted. */
export const readWeights = (session: Session, model: Model): Promise<Weights> =>
  readTensors(session, model, weightTensors(model));

/** Tensors of the model, slots too, by path, after all that was submitted. */
export async function readTensors(
  session: Session,
  model: Model,
  tensors: readonly ModelTensor[],
): Promise<Weights> {
  const params = new Set(model.params);
  const read = async (role: 'param' | 'state') => {
    const names = tensors
      .filter((tensor) => params.has(tensor) === (role === 'param'))
      .map((tensor) => tensor.path);
    return names.length === 0 ? [] : [...(await session.read(names, { role }))];
  };
  const values = new Map([...(await read('param')), ...(await read('state'))]);
  return new Map(
    tensors.flatMap(({ path, node }): [string, StoredTensor][] => {
      const data = values.get(path);
      return data === undefined ? [] : [[path, stored(node, data)]];
    }),
  );
}

/** As numbers of 32 bits, which hold every value of a narrower type. */
function stored(node: Node, read: TensorData): StoredTensor {
  const shape = node.type.shape.map(Number);
  const values = numbersOf(storageOf(node), read);
  if (values instanceof Float32Array) return { dtype: 'f32', shape, values };
  if (values instanceof Uint32Array) return { dtype: 'u32', shape, values };
  return { dtype: 'i32', shape, values: Int32Array.from(values) };
}

/** Writes weights to the device. Throws TrainingError NN0507 unless they are exactly this model's. */
export function writeWeights(session: Session, model: Model, weights: Weights, file: string): void {
  checkTensors(weightTensors(model), weights, file);
  const params = new Set(model.params);
  for (const tensor of weightTensors(model)) {
    const { values } = weights.get(tensor.path) ?? {};
    const role = params.has(tensor) ? 'param' : 'state';
    if (values === undefined) continue;
    session.write(tensor.path, arrayOf(storageOf(tensor.node), values), { role });
  }
}

/** Throws TrainingError NN0507 unless the file's tensors are exactly these. */
export function checkTensors(tensors: readonly ModelTensor[], found: Weights, file: string): void {
  const problems = misfits(tensors, found);
  if (problems.length === 0) return;
  throw new TrainingError(
    'NN0507',
    [`${file} does not hold the weights of this model:`, ...problems.map((one) => `  ${one}`)].join(
      '\n',
    ),
    'weights fit the file that they were trained with, at the same `--set` values',
  );
}

const MOST_SHOWN = 12;

/** A line for each tensor that is missing, foreign, or of another shape or type; empty when all fit. */
export function misfits(tensors: readonly ModelTensor[], weights: Weights): readonly string[] {
  const own = new Map(tensors.map(({ path, node }) => [path, node]));
  const foreign = new Set([...weights.keys()].filter((name) => !own.has(name)));
  const lines: string[] = [];
  for (const [path, node] of own) {
    const found = weights.get(path);
    if (found !== undefined) {
      const problem = misfit(node, found);
      if (problem !== undefined) lines.push(`\`${path}\` ${problem}`);
      continue;
    }
    const type = typeText(storageOf(node), node.type.shape.map(Number));
    const near = nearest(path, foreign);
    if (near !== undefined) foreign.delete(near);
    lines.push(
      `\`${path}\` ${type} is missing${near === undefined ? '' : `; did you mean its \`${near}\`?`}`,
    );
  }
  for (const name of foreign) {
    const { dtype, shape } = weights.get(name) ?? { dtype: 'f32', shape: [] };
    lines.push(`\`${name}\` ${typeText(dtype, shape)} is no tensor of the model`);
  }
  const more = lines.length - MOST_SHOWN;
  return more > 1 ? [...lines.slice(0, MOST_SHOWN), `and ${more} more`] : lines;
}

/** What keeps the values of a file out of a tensor: another shape or kind of number, or a number too large. */
function misfit(node: Node, { dtype, shape, values }: StoredTensor): string | undefined {
  const storage = storageOf(node);
  const expected = typeText(storage, node.type.shape.map(Number));
  const range = wholeRange(storage);
  const sameKind = (dtype === 'f32') === (range === undefined);
  if (!sameKind || typeText(storage, shape) !== expected)
    return `is ${typeText(dtype, shape)}; the model has ${expected}`;
  const [least, most] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const outside = values.find((value) => value < least || value > most);
  return outside === undefined ? undefined : `has ${outside}, which ${storage} cannot hold`;
}

const typeText = (dtype: string, shape: readonly number[]): string =>
  shape.length === 0 ? dtype : `${dtype}[${shape.join(', ')}]`;
