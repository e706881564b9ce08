/**
 * Where tensors are computed that belong to no model: `tensor([1, 2]).mul(3)`. A desk is a building without inputs,
 * whose values the f64 reference computes when they are asked for, rounded to the tensor's type.
 */
import { preludeScope } from '../compiler/elaborate/declarations-of-file.ts';
import { newLibrary } from '../compiler/elaborate/imports.ts';
import { newRun } from '../compiler/elaborate/new-run.ts';
import { prelude } from '../compiler/elaborate/prelude.ts';
import { newRegistry } from '../compiler/elaborate/registry.ts';
import { newScope } from '../compiler/elaborate/scope.ts';
import { isSymbolic } from '../compiler/graph/dim.ts';
import { Graph } from '../compiler/graph/graph.ts';
import type { NdArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import { interpret } from '../compiler/interpret/interpret.ts';
import { STEP } from '../compiler/programs.ts';
import { Building } from './building.ts';
import { UsageError } from './usage-error.ts';

const source = { name: '(program)', text: '' };
const values = new WeakMap<Building, Map<Node, NdArray>>();

export function newDesk(): Building {
  const run = newRun(newRegistry(new Graph()), source, newLibrary(undefined), false, 0, new Map());
  const std = preludeScope(run, prelude);
  const body = { kind: 'file', name: 'desk', prefix: '', ancestry: [] } as const;
  const desk = new Building(run, std, newScope(std, source, body));
  values.set(desk, new Map());
  return desk;
}

export const isDesk = (building: Building): boolean => values.has(building);

/** Says what an input of a desk is. */
export const setValue = (desk: Building, node: Node, value: NdArray): void => {
  values.get(desk)?.set(node, value);
};

/** The value of a node of a desk; what has been computed before is not computed again. */
export function computedValue(desk: Building, node: Node): NdArray {
  const known = values.get(desk) ?? new Map<Node, NdArray>();
  const before = known.get(node);
  if (before !== undefined) return before;
  if (node.type.shape.some(isSymbolic))
    throw new UsageError(
      'this tensor has a size that only data decide',
      'sizes of tensors outside of a model are numbers',
    );
  const [value] = interpret(
    [node],
    (one) => known.get(one) ?? (one.attrs['name'] === STEP ? firstStep : undefined),
    { round: Math.fround },
  );
  if (value === undefined) throw new UsageError('this tensor has no value', 'report this');
  known.set(node, value);
  return value;
}
const firstStep: NdArray = { dtype: 'f32', shape: [], data: new Float64Array(1) };
