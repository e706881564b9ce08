/** A model from text, and its training in the f64 interpreter: the other side of every training test. */
import { expect } from 'vitest';
import { type Compiled, compile, programName, withSections } from '../../compiler/compile.ts';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { initialValues } from '../../compiler/initial-values.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { type Model, persistentTensors } from '../../compiler/model.ts';
import type { Result } from '../../compiler/program-graph.ts';
import { programResults } from '../../compiler/programs.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';
import type { DeviceProfile } from '../../compiler/schedule/device.ts';
import { type SectionSet, sectionsAt } from '../../compiler/train-step.ts';
import { parse } from '../../grammar/parse.ts';

/** Elaborates a text that must be free of mistakes. */
export function modelOf(text: string, name = 'test.nn'): Model {
  const source = { name, text };
  const parsed = parse(source);
  const { model, diagnostics } = elaborate(parsed.file, { source });
  expect(
    [...parsed.diagnostics, ...diagnostics]
      .filter((d) => d.severity === 'error')
      .map((d) => `${d.code} ${d.message}`),
  ).toEqual([]);
  if (model === undefined) throw new Error(`${name} gave no model`);
  return model;
}

export type Tensors = Map<string, NdArray>;
const nameOf = (node: Node): string => String(node.attrs['name']);

/** Everything that lives from step to step, by name: parameters and slots as given or initialised, counter and metrics at 0. */
export function initialState(
  model: Model,
  given: ReadonlyMap<string, NdArray> = new Map(),
): Tensors {
  const tensors = persistentTensors(model);
  const values = initialValues(model.graph, tensors);
  const state: Tensors = new Map();
  tensors.forEach((t, i) => {
    const value = given.get(t.path) ?? values[i];
    if (value !== undefined) state.set(t.path, { ...value, data: value.data.map(Math.fround) });
  });
  return state;
}

/** A trainer in f64: each call runs one step, the first being number `first`, on a batch and returns the loss before the update. */
export function interpretedTrainer(
  model: Model,
  dims: Readonly<Record<string, number>>,
  state: Tensors,
  first = 0,
): (batch: ReadonlyMap<string, NdArray>) => number {
  const programs = new Map<string, Bound>();
  const programAt = (step: number): Bound => {
    const sections = sectionsAt(model, step);
    const key = sections?.join() ?? '';
    const program = programs.get(key) ?? bind(model, sections, dims);
    programs.set(key, program);
    return program;
  };
  const rows = Object.values(dims)[0] ?? 1;
  let step = first;
  return (batch) => {
    const { results, nodes } = programAt(step);
    const values = interpret(nodes, (n) => {
      const kind = n.attrs['kind'];
      if (kind === 'counter') return ndArray('f32', [], [step]);
      if (kind === 'metric') return ndArray('f32', [], [0]);
      return kind === 'data' ? batch.get(nameOf(n)) : state.get(nameOf(n));
    });
    let loss = Number.NaN;
    results.forEach((r, i) => {
      const value = values[i];
      if (r.target.kind !== 'replace' || value === undefined) return;
      const kind = r.target.input.attrs['kind'];
      if (kind === 'metric' && nameOf(r.target.input) === 'loss')
        loss = (value.data[0] ?? Number.NaN) / rows;
      if (kind === 'param' || kind === 'state') state.set(nameOf(r.target.input), value);
    });
    step++;
    return loss;
  };
}

interface Bound {
  readonly results: readonly Result[];
  readonly nodes: readonly Node[];
}

function bind(model: Model, sections: SectionSet, dims: Readonly<Record<string, number>>): Bound {
  const results = programResults(model, 'train', sections);
  const nodes = bindSizes(
    model.graph,
    results.map((r) => r.node),
    dims,
  );
  return { results, nodes };
}

export const compileTraining = (
  model: Model,
  dims: Readonly<Record<string, number>>,
  device: DeviceProfile,
): Compiled & { programAt(step: number): string } => ({
  ...compile(model, { device, programs: withSections(model, { kind: 'train', dims }) }),
  programAt: (step) => programName('train', dims, sectionsAt(model, step)),
});
