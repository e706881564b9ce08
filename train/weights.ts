/** Weights as named tensors: what a trained model is. Read from the device, and put back after checking that they are this model's. */
import type { Model, ModelTensor } from '../compiler/model.ts';
import type { StoredTensor } from '../data/index.ts';
import { nearest } from '../grammar/index.ts';
import type { Session, TensorData } from '../runtime/index.ts';
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
    tensors.map(({ path, node }): [string, StoredTensor] => [
      path,
      stored(path, node.type.shape.map(Number), values.get(path)),
    ]),
  );
}

function stored(
  path: string,
  shape: readonly number[],
  values: TensorData | undefined,
): StoredTensor {
  if (values instanceof Float32Array) return { dtype: 'f32', shape, values };
  if (values instanceof Int32Array) return { dtype: 'i32', shape, values };
  if (values instanceof Uint32Array) return { dtype: 'u32', shape, values };
  throw new TrainingError(
    'NN0507',
    `\`${path}\` has an element type that weight files cannot hold yet`,
  );
}

/** Writes weights to the device. Throws TrainingError NN0507 unless they are exactly this model's. */
export function writeWeights(session: Session, model: Model, weights: Weights, file: string): void {
  checkTensors(weightTensors(model), weights, file);
  const params = new Set(model.params);
  for (const tensor of weightTensors(model)) {
    const { values } = weights.get(tensor.path) ?? {};
    const role = params.has(tensor) ? 'param' : 'state';
    if (values !== undefined) session.write(tensor.path, values, { role });
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
  const own = new Map(tensors.map(({ path, node }) => [path, node.type]));
  const foreign = new Set([...weights.keys()].filter((name) => !own.has(name)));
  const lines: string[] = [];
  for (const [path, { dtype, shape }] of own) {
    const found = weights.get(path);
    const type = typeText(dtype === 'bool' ? 'u32' : dtype, shape.map(Number));
    if (found !== undefined) {
      const stored = typeText(found.dtype, found.shape);
      if (stored !== type) lines.push(`\`${path}\` is ${stored}; the model has ${type}`);
      continue;
    }
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

const typeText = (dtype: string, shape: readonly number[]): string =>
  shape.length === 0 ? dtype : `${dtype}[${shape.join(', ')}]`;
