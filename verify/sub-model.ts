/** A part of a program as a model of its own: what it reads are inputs, what is asked for are outputs. */

import * as build from '../compiler/builder.ts';
import { compile, passNames } from '../compiler/compile.ts';
import type { Graph } from '../compiler/graph/graph.ts';
import type { NdArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';
import type { Elaboration, Model, ModelInput } from '../compiler/model.ts';
import { storageOf } from '../compiler/ops/leaf.ts';
import { programName } from '../compiler/program-choice.ts';
import { rebuild } from '../compiler/rewrite/rebuild.ts';
import type { DeviceProfile } from '../compiler/schedule/device.ts';
import { runProgram } from '../train/index.ts';
import type { WithSession } from './with-session.ts';

export interface SubModel {
  readonly model: Model;
  readonly values: ReadonlyMap<string, NdArray>;
}

/** `given` has the values of all that the nodes are computed from; these become inputs called `v0`, `v1`, …. */
export function subModel(
  graph: Graph,
  nodes: readonly Node[],
  given: ReadonlyMap<Node, NdArray>,
): SubModel {
  const inputs: ModelInput[] = [];
  const values = new Map<string, NdArray>();
  const done = new Map<Node, Node>();
  for (const node of reachable(nodes, (n) => given.has(n))) {
    const value = given.get(node);
    if (value === undefined) {
      done.set(
        node,
        rebuild(
          graph,
          node,
          node.inputs.map((x) => done.get(x) ?? x),
        ),
      );
      continue;
    }
    const name = `v${inputs.length}`;
    const storage = storageOf(node);
    const input = build.input(graph, name, 'data', storage, node.type.shape);
    inputs.push({ name, storage, shape: node.type.shape, node: input });
    values.set(name, value);
    done.set(node, input);
  }
  const outputs = nodes.map((node, i) => ({ name: `r${i}`, node: done.get(node) ?? node }));
  const nothing: Elaboration = { outputs: [], losses: [], metrics: [], updates: [], expects: [] };
  const model: Model = {
    name: 'part',
    graph,
    inputs,
    params: [],
    states: [],
    training: nothing,
    evaluation: { ...nothing, outputs },
    guards: [],
    train: {},
    sites: [],
  };
  return { model, values };
}

const program = { kind: 'predict', dims: {} } as const;
/** What was rewritten once is not rewritten again. */
const rewrites = passNames.filter((name) => name !== 'fuse' && name !== 'side-by-side');

/** What the device makes of the outputs, with a kernel for each node or as few as the compiler can. */
export async function runSubModel(
  { model, values }: SubModel,
  fuse: boolean,
  profile: DeviceProfile,
  withSession: WithSession,
): Promise<readonly NdArray[]> {
  const off = new Set(fuse ? rewrites : [...rewrites, 'fuse']);
  const { plan } = compile(model, { device: profile, programs: [program], off });
  const name = programName(program.kind, program.dims);
  return await withSession(plan, (session) =>
    runProgram(session, model, { kind: program.kind, name }, values),
  );
}
