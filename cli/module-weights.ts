/** The weights file of a module: trained ones, or those that training begins with. */
import { wholeRange } from '../compiler/graph/dtype.ts';
import { initialValues } from '../compiler/initial-values.ts';
import type { Model, ModelTensor } from '../compiler/model.ts';
import { storageOf } from '../compiler/ops/leaf.ts';
import { encodeSafetensors, type StoredTensor } from '../data/index.ts';
import { moduleTensors } from '../emit/module-plan.ts';
import { misfits, TrainingError, weightTensors } from '../train/index.ts';
import { readWeightsFile } from './weights-file.ts';

/**
 * Bytes of a safetensors file; undefined where the model has nothing to keep, or only weights that nobody gave. For training, what
 * the file does not have begins as it does for `nnc train`.
 */
export function moduleWeights(
  model: Model,
  { train, weights }: { readonly train: boolean; readonly weights: string | undefined },
): Uint8Array<ArrayBuffer> | undefined {
  const given = weights === undefined ? undefined : givenWeights(model, weights);
  // States alone have nothing to learn: they are as the file says.
  if (given === undefined && !train && model.params.length > 0) return undefined;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of moduleTensors(model))
    tensors.set(name, given?.get(name) ?? initialTensor(model, tensor));
  if (tensors.size === 0) return undefined;
  return encodeSafetensors(tensors, { model: model.name });
}

/** Throws TrainingError NN0507 unless the file has all weights of the model; it may have more. */
function givenWeights(model: Model, file: string): ReadonlyMap<string, StoredTensor> {
  const { tensors } = readWeightsFile(file);
  const own = weightTensors(model);
  const names = new Set(own.map(({ path }) => path));
  const problems = misfits(own, new Map([...tensors].filter(([name]) => names.has(name))));
  if (problems.length === 0) return tensors;
  throw new TrainingError(
    'NN0507',
    [`${file} does not hold the weights of this model:`, ...problems.map((one) => `  ${one}`)].join(
      '\n',
    ),
    'weights fit the file that they were trained with, at the same `--set` values',
  );
}

/** As it is once it lies in memory, in numbers of 32 bits. */
function initialTensor(model: Model, tensor: ModelTensor): StoredTensor {
  const [value] = initialValues(model.graph, [tensor]);
  const storage = storageOf(tensor.node);
  const shape = tensor.node.type.shape.map(Number);
  const data = value?.data ?? new Float64Array(0);
  if (wholeRange(storage) === undefined)
    return { dtype: 'f32', shape, values: Float32Array.from(data) };
  if (storage === 'u32' || storage === 'bool')
    return { dtype: 'u32', shape, values: Uint32Array.from(data) };
  return { dtype: 'i32', shape, values: Int32Array.from(data) };
}
