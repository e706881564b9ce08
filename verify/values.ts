/** What a model is tried on: seeded data, and the tensors that outlive a step as the first step leaves them. */
import { testValues } from '../compiler/elaborate/expectations.ts';
import { asStored } from '../compiler/graph/as-stored.ts';
import { type StorageDType, wholeRange } from '../compiler/graph/dtype.ts';
import { type NdArray, ndArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import { interpret } from '../compiler/interpret/interpret.ts';
import { type Model, persistentTensors } from '../compiler/model.ts';
import { storageOf } from '../compiler/ops/leaf.ts';
import { type ProgramKind, programResults } from '../compiler/programs.ts';
import { bindSizes } from '../compiler/rewrite/bind.ts';
import type { SectionSet } from '../compiler/train-step.ts';

/** By name, whatever is an input of some program. */
export type Values = ReadonlyMap<string, NdArray>;

/** The name of an input of whatever kind; undefined for other nodes. */
export const inputName = ({ op, attrs }: Node): string | undefined =>
  op.lowering.kind === 'leaf' && op.lowering.leaf === 'input' ? String(attrs['name']) : undefined;

export interface Program {
  readonly kind: ProgramKind;
  readonly dims: Readonly<Record<string, number>>;
  readonly sections?: SectionSet;
}

/**
 * Inputs filled with seeded data; parameters, states, slots, sums and the counter after one step of the first training
 * program, since initial values are full of zeros, which hide what is wrong. Initial values where there is no training,
 * or where a step leads to what is not finite.
 */
export function trialValues(model: Model, programs: readonly Program[], seed: number): Values {
  const values = new Map<string, NdArray>();
  for (const { kind, dims, sections } of programs) {
    const nodes = programResults(model, kind, sections).map((result) => result.node);
    const bound = bindSizes(model.graph, nodes, dims);
    for (const [name, value] of testValues(model, bound, seed, dims))
      values.set(name, single(value));
  }
  const training = programs.find((one) => one.kind === 'train');
  if (training === undefined) return values;
  for (const [name, value] of afterStep(model, training, values))
    if (value.data.every(Number.isFinite)) values.set(name, value);
  return values;
}

/** What a step replaces. */
function afterStep(model: Model, { kind, dims, sections }: Program, values: Values): Values {
  const results = programResults(model, kind, sections);
  const nodes = bindSizes(
    model.graph,
    results.map((result) => result.node),
    dims,
  );
  const found = interpret(nodes, (node) => values.get(inputName(node) ?? ''));
  const storage = new Map(
    persistentTensors(model).map(({ path, node }) => [path, storageOf(node)]),
  );
  return new Map(
    results.flatMap(({ target }, i): [string, NdArray][] => {
      const value = found[i];
      if (target.kind !== 'replace' || value === undefined) return [];
      const name = String(target.input.attrs['name']);
      return [[name, inMemory(value, storage.get(name) ?? 'f32')]];
    }),
  );
}

/** The numbers that an f32 can hold. */
function single({ dtype, shape, data }: NdArray): NdArray {
  return ndArray(dtype, shape, dtype === 'f32' ? data.map(Math.fround) : data);
}

/** The numbers as memory holds them. */
export function inMemory(value: NdArray, storage: StorageDType): NdArray {
  if (storage === 'f32') return { ...value, data: value.data.map(Math.fround) };
  return wholeRange(storage) === undefined ? asStored(value, storage) : value;
}
