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
import { elaborateText } from '../elaborate/elaborate-text.ts';
import { caseAttrs, expressions } from './expressions.ts';
import { languageExpressions } from './language-shapes.ts';
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
  const { graph, operands, results } = forwardOf(c);
  const outputs = results.map((node, i) => ({
    name: `out/${i}`,
    node,
    want: set.tensor(c, `out/${i}`),
  }));
  const given = operands.map((node, i) => {
    const name = `in/${c.inputs[i]?.name}`;
    return { name, node, value: set.tensor(c, name) };
  });
  const cotangents = c.outputs.flatMap((o, i) => {
    if (!o.ct) return [];
    const name = `ct/${i}`;
    const node = b.input(graph, name, 'data', dtypeOf(o.dtype), o.shape);
    return [{ name, node, value: set.tensor(c, name) }];
  });
  return {
    graph,
    inputs: [...given, ...cotangents],
    outputs,
    gradients: gradientsOf(set, c, graph, operands, results),
  };
}

interface Forward {
  readonly graph: Graph;
  readonly operands: readonly Node[];
  readonly results: readonly Node[];
}

/** The case as graph: from its text in the language where there is one, else by the builder. */
function forwardOf(c: GoldenCase): Forward {
  const write = languageExpressions[c.expr];
  if (write !== undefined) return elaborated(c, write(c));
  const build = expressions[c.expr];
  if (build === undefined) throw new Error(`${c.id}: nothing is written for "${c.expr}"`);
  const graph = new Graph();
  const operands = c.inputs.map((x) => b.input(graph, x.name, 'data', dtypeOf(x.dtype), x.shape));
  return { graph, operands, results: [build(graph, operands, caseAttrs(c.attrs))] };
}

function elaborated(c: GoldenCase, statements: string): Forward {
  const inputs = c.inputs.map((x) => `input ${x.name}: ${x.dtype}[${x.shape.join(', ')}]`);
  const { model, diagnostics } = elaborateText(`${inputs.join('\n')}\n${statements}\n`);
  const errors = diagnostics.filter((d) => d.severity === 'error');
  if (model === undefined || errors.length > 0)
    throw new Error(`${c.id}: ${errors.map((d) => `${d.code} ${d.message}`).join('; ')}`);
  const operands = c.inputs.map((x) => {
    const found = model.inputs.find((input) => input.name === x.name)?.node;
    if (found === undefined) throw new Error(`${c.id} has no input ${x.name}`);
    return found;
  });
  const { outputs } = model.evaluation;
  return { graph: model.graph, operands, results: outputs.map((o) => o.node) };
}

/** The gradients that the case has, of the sum of the results times their cotangents. */
export function gradientsOf(
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
    const want = set.tensor(c, name);
    // An input that nothing depends on has no gradient, which torch writes as zeros.
    const none = b.broadcastTo(graph, b.literal(graph, 0, 'f32'), want.shape);
    return { name, node: grads[i] ?? none, want };
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
