/**
 * Everything that a training run is, as named tensors and a record: what is on the device, the best weights so far,
 * and where the loop stands. The model's weights have their own names in it, so that a checkpoint is a weights file too.
 */
import { type Model, type ModelTensor, persistentTensors } from '../compiler/model.ts';
import { STEP } from '../compiler/programs.ts';
import { DataError, type StoredTensor } from '../data/index.ts';
import type { Session } from '../runtime/index.ts';
import { type CheckpointRecord, decodeRecord, encodeRecord } from './checkpoint-record.ts';
import { TrainingError } from './training-error.ts';
import { checkTensors, readTensors, type Weights, weightTensors } from './weights.ts';

export interface Checkpoint {
  readonly record: CheckpointRecord;
  /** Parameters and states of the model. */
  readonly weights: Weights;
  /** By path: the optimizers' slots. */
  readonly slots: Weights;
  /** The weights of the best round, where one is kept. */
  readonly best?: Weights;
}

/** No path of a model has a slash in it: what begins so is none of its weights. */
const OWN = 'train/';
const SLOT = `${OWN}slot/`;
const BEST = `${OWN}best/`;
const COUNTER = `${OWN}${STEP}`;

/** A checkpoint's or weights file's tensors without those that only training needs. */
export const weightsOnly = (tensors: ReadonlyMap<string, StoredTensor>): Weights =>
  new Map([...tensors].filter(([name]) => !name.startsWith(OWN)));

/** What the device holds after all that was submitted. */
export async function captureCheckpoint(
  session: Session,
  model: Model,
  record: CheckpointRecord,
  best?: Weights,
): Promise<Checkpoint> {
  const tensors = await readTensors(session, model, persistentTensors(model));
  const own = new Set(weightTensors(model).map((tensor) => tensor.path));
  const part = (mine: boolean): Weights =>
    new Map([...tensors].filter(([path]) => own.has(path) === mine));
  return {
    record,
    weights: part(true),
    slots: part(false),
    ...(best === undefined ? {} : { best }),
  };
}

/** As a safetensors file holds it. */
export function encodeCheckpoint({ record, weights, slots, best }: Checkpoint): {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
} {
  const under = (prefix: string, tensors: Weights): readonly [string, StoredTensor][] =>
    [...tensors].map(([path, tensor]) => [`${prefix}${path}`, tensor]);
  const step: StoredTensor = {
    dtype: 'f32',
    shape: [],
    values: Float32Array.of(record.state.step),
  };
  return {
    tensors: new Map([
      ...weights,
      ...under(SLOT, slots),
      ...under(BEST, best ?? new Map()),
      [COUNTER, step],
    ]),
    metadata: encodeRecord(record),
  };
}

/** Throws DataError where the file is no checkpoint, or a damaged one. */
export function decodeCheckpoint(
  file: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>>,
): Checkpoint {
  const record = decodeRecord(metadata, file);
  const counted = tensors.get(COUNTER)?.values[0];
  if (counted !== Math.fround(record.state.step))
    throw new DataError(
      file,
      'this checkpoint is damaged: its parts are of different steps, ' +
        `${record.state.step} in the record and ${counted ?? 'none'} in \`${COUNTER}\``,
    );
  const under = (prefix: string): Weights =>
    new Map(
      [...tensors].flatMap(([name, tensor]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
      ),
    );
  const best = under(BEST);
  return {
    record,
    weights: weightsOnly(tensors),
    slots: under(SLOT),
    ...(best.size === 0 ? {} : { best }),
  };
}

/** Throws TrainingError NN0507 unless the tensors are exactly those of this model and its optimizers. */
export function checkCheckpoint(model: Model, checkpoint: Checkpoint, file: string): void {
  const weights = weightTensors(model);
  checkTensors(weights, checkpoint.weights, file);
  if (checkpoint.best !== undefined) checkTensors(weights, checkpoint.best, file);
  checkTensors(slotTensors(model), checkpoint.slots, file);
}

/** Puts everything back on the device; `checkCheckpoint` must have passed. */
export function restoreCheckpoint(session: Session, model: Model, checkpoint: Checkpoint): void {
  const tensors = new Map([...checkpoint.weights, ...checkpoint.slots]);
  const params = new Set(model.params);
  for (const one of persistentTensors(model)) {
    const tensor = tensors.get(one.path);
    const role = params.has(one) ? 'param' : 'state';
    if (tensor !== undefined) session.write(one.path, tensor.values, { role });
  }
  session.write(STEP, [checkpoint.record.state.step], { role: 'counter' });
}

const slotTensors = (model: Model): readonly ModelTensor[] => {
  const own = new Set(weightTensors(model));
  return persistentTensors(model).filter((tensor) => !own.has(tensor));
};

/**
 * Throws TrainingError NN0506 where a tensor holds a NaN, or a parameter anything infinite: the last update made it,
 * after a loss that was still finite. Files written before are the better ones.
 */
export function checkWeightsFinite(model: Model, tensors: Weights, step: number): void {
  const params = new Set(model.params.map((param) => param.path));
  for (const [path, { dtype, values }] of tensors) {
    if (dtype !== 'f32') continue;
    const bad = params.has(path)
      ? values.find((value) => !Number.isFinite(value))
      : values.find((value) => Number.isNaN(value));
    if (bad === undefined) continue;
    throw new TrainingError(
      'NN0506',
      `\`${path}\` holds ${Number.isNaN(bad) ? 'NaN' : 'an infinity'} after step ${step}, whose loss was still finite`,
      'a smaller learning rate often helps (`--lr`), or `clip:` in the `train` section; nothing was overwritten with it; `nnc train --trace-nan` names the line where it begins',
    );
  }
}
