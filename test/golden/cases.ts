/**
 * Golden cases as graphs: outputs, and the gradients of sum(output · cotangent) by every input that
 * has one. The interpreter and the kernels run the same graphs.
 */
import { gradient } from '../../compiler/autodiff/gradient.ts';
import * as b from '../../compiler/builder.ts';
import type { DType } from '../../compiler/graph/dtype.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import type { NdArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { caseAttrs, expressions } from './expressions.ts';
import type { GoldenCase, GoldenSet } from './load.ts';

export interface BuiltCase {
  readonly graph: Graph;
  /** Operands (`in/x`) and cotangents (`ct/0`), with their values. */
  readonly inputs: readonly {
    readonly name: string;
    readonly node: Node;
    readonly value: NdArray;
  }[];
  /** `out/0`. */
  readonly outputs: readonly Wanted[];
  /** `grad/x`. */
  readonly gradients: readonly Wanted[];
}

export interface Wanted {
  readonly name: string;
  readonly node: Node;
  readonly want: NdArray;
}

const dtypes: Readonly<Record<string, DType>> = { f32: 'f32', i32: 'i32', bool: 'bool' };
const dtypeOf = (name: string): DType => {
  const dtype = dtypes[name];
  if (dtype === undefined) throw new Error(`no dtype ${name}`);
  return dtype;
};

export function buildGoldenCase(set: GoldenSet, c: GoldenCase): BuiltCase {
  const graph = new Graph();
  const input = (name: string, dtype: DType, shape: readonly number[]) => ({
    name,
    node: b.input(graph, name, 'data', dtype, shape),
    value: set.tensor(c, name),
  });
  const operands = c.inputs.map((x) => input(`in/${x.name}`, dtypeOf(x.dtype), x.shape));
  const build = expressions[c.expr];
  if (build === undefined) throw new Error(`${c.id}: nothing is written for "${c.expr}"`);
  const results = [
    build(
      graph,
      operands.map((x) => x.node),
      caseAttrs(c.attrs),
    ),
  ];
  const outputs = results.map((node, i) => ({
    name: `out/${i}`,
    node,
    want: set.tensor(c, `out/${i}`),
  }));
  const cotangents = c.outputs.flatMap((o, i) =>
    o.ct ? [input(`ct/${i}`, dtypeOf(o.dtype), o.shape)] : [],
  );
  return {
    graph,
    inputs: [...operands, ...cotangents],
    outputs,
    gradients: gradientsOf(
      set,
      c,
      graph,
      operands.map((x) => x.node),
      results,
    ),
  };
}

function gradientsOf(
  set: GoldenSet,
  c: GoldenCase,
  graph: Graph,
  operands: readonly Node[],
  results: readonly Node[],
): Wanted[] {
  const weighted = results.flatMap((node, i) => {
    const o = c.outputs[i];
    if (o?.ct !== true) return [];
    const ct = b.input(graph, `ct/${i}`, 'data', dtypeOf(o.dtype), o.shape);
    return [b.sum(graph, b.mul(graph, node, ct))];
  });
  const wanted = c.inputs.flatMap((x, i) => {
    const node = operands[i];
    return x.grad && node !== undefined ? [{ name: `grad/${x.name}`, node }] : [];
  });
  if (wanted.length === 0) return [];
  const total = weighted.reduce((sum, x) => b.add(graph, sum, x));
  const grads = gradient(
    graph,
    total,
    wanted.map((x) => x.node),
  );
  return wanted.map(({ name }, i) => {
    const node = grads[i];
    if (node === undefined) throw new Error(`${c.id} has no ${name}`);
    return { name, node, want: set.tensor(c, name) };
  });
}

/**
 * Places where a result lies outside the case's tolerance, |got - want| <= atol + rtol·|want| once
 * both are single precision. Equal infinities and NaNs agree, and so do the two zeros.
 */
export function mismatches(
  c: GoldenCase,
  wanted: Wanted,
  got: ArrayLike<number>,
): readonly string[] {
  const { want, name } = wanted;
  if (got.length !== want.data.length)
    return [`${c.id} ${name}: ${got.length} elements, not ${want.data.length}`];
  return [...want.data].flatMap((w, i) => {
    const v = Math.fround(got[i] ?? Number.NaN);
    const agrees =
      v === w ||
      (Number.isNaN(v) && Number.isNaN(w)) ||
      Math.abs(v - w) <= c.atol + c.rtol * Math.abs(w);
    return agrees ? [] : [`${c.id} ${name}[${i}]: ${v}, not ${w}`];
  });
}
