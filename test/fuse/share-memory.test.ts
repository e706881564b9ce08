/** When a result may overwrite what its kernel reads: never across invocations. */
import { describe, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { mayShareMemory } from '../../compiler/fuse/build-spec.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { constant, type Index, variable } from '../../compiler/index/index-expr.ts';
import type { KernelSpec, Store, Tensor } from '../../compiler/kernel/spec.ts';
import { Values } from '../../compiler/kernel/value.ts';

const g = new Graph();
const tensor = (id: number, elements: number): Tensor => ({
  id,
  node: b.input(g, `t${id}`, 'state', 'f32', [elements]),
  storage: 'f32',
  elements,
});

/** A kernel over `axes` × `reduced` that reads tensor 0 at `read` and writes at `write`. */
function shares(
  kind: 'map' | 'row',
  over: Store['over'],
  [read, write]: readonly [Index, Index],
  [axis, reduced]: readonly [number, number] = [8, 4],
): boolean {
  const values = new Values();
  const store: Store = {
    operand: 1,
    index: write,
    over,
    value: values.load(0, 'f32', 'f32', read),
  };
  const common = {
    operands: [
      { tensor: tensor(0, 32), access: 'read' as const },
      { tensor: tensor(1, 32), access: 'write' as const },
    ],
    stores: [store],
    nodes: [],
    axes: [{ name: 'i0', size: axis }],
  };
  const spec: KernelSpec =
    kind === 'map'
      ? { ...common, kind }
      : { ...common, kind, reducedAxes: [{ name: 'r0', size: reduced }], reductions: [] };
  return mayShareMemory(spec, tensor(0, 32), store);
}

describe('a result in the memory of an operand', () => {
  const i = variable('i0', 8);
  test('each invocation reads what it writes', () => {
    expect(shares('map', 'full', [i, i])).toBe(true);
    expect(shares('row', 'row', [i, i])).toBe(true);
  });
  test('not where another place is read', () => {
    expect(shares('map', 'full', [variable('i1', 8), i])).toBe(false);
    expect(shares('row', 'row', [variable('r0', 4), i])).toBe(false);
  });
  test('not a scalar that one of many writes and all of them read, such as the step counter', () => {
    expect(shares('map', 'full', [constant(0), constant(0)])).toBe(false);
    expect(shares('row', 'row', [constant(0), constant(0)])).toBe(false);
    expect(shares('row', 'full', [i, i])).toBe(false);
  });
  test('one of a kernel with a single place, or a single row', () => {
    expect(shares('map', 'full', [constant(0), constant(0)], [1, 1])).toBe(true);
    expect(shares('row', 'row', [constant(0), constant(0)], [1, 4])).toBe(true);
  });
});
