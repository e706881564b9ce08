/** Puts a Model together: what the results need is kept, what nothing uses is dropped. */
import { type Dim, isSymbolic, productOf } from '../graph/dim.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import type {
  Elaboration,
  Model,
  ModelInput,
  ModelTensor,
  Optimization,
  Site,
  TrainDefaults,
} from '../model.ts';
import type { RegisteredTensor, Registry } from './registry.ts';
import { typeText } from './report.ts';

export interface Parts {
  readonly name: string;
  readonly registry: Registry;
  readonly training: Elaboration;
  readonly evaluation: Elaboration;
  readonly train: TrainDefaults;
  readonly optimization?: Optimization;
}

export function assembleModel(parts: Parts): Model {
  const { registry, training, evaluation, optimization } = parts;
  const needed = new Set(reachable(resultsOf(training, evaluation)));
  const updated = new Set(training.updates.map((u) => u.path));
  const kept = [...registry.tensors.values()].filter(
    (t) => needed.has(t.node) || updated.has(t.path),
  );
  const params = kept.filter((t) => t.kind === 'param');
  const states = kept.filter((t) => t.kind === 'state');
  return {
    name: parts.name,
    graph: registry.graph,
    inputs: [...registry.inputs.values()].map((input) => withBound(input, registry)),
    params: params.map(modelTensor),
    states: states.map(modelTensor),
    training,
    evaluation,
    ...(optimization === undefined ? {} : { optimization }),
    guards: [...registry.guards.values()],
    train: parts.train,
    sites: sitesOf(registry, kept),
  };
}

function resultsOf(...elaborations: readonly Elaboration[]): Node[] {
  return elaborations.flatMap((e) =>
    [...e.outputs, ...e.losses, ...e.metrics, ...e.updates, ...e.expects].map((r) => r.node),
  );
}

function withBound(input: ModelInput, registry: Registry): ModelInput {
  return { ...input, ...registry.below.get(input.node) };
}

const modelTensor = (t: RegisteredTensor): ModelTensor => ({
  path: t.path,
  node: t.node,
  init: t.init,
  span: t.place.span,
});

/** Rows for the instances that own something, and for parameters of the file itself. */
function sitesOf(registry: Registry, kept: readonly RegisteredTensor[]): Site[] {
  const sites: Site[] = [];
  const seen = new Set<string>();
  for (const t of kept) {
    const dot = t.path.lastIndexOf('.');
    const owner = dot < 0 ? t.path : t.path.slice(0, dot);
    if (seen.has(owner)) continue;
    seen.add(owner);
    const row = registry.rows.get(owner) ?? {
      path: owner,
      operation: t.kind,
      output: typeText(t.node.type),
    };
    const own = kept.filter((k) => (dot < 0 ? k.path === t.path : ownerOf(k.path) === owner));
    const count = (kind: RegisteredTensor['kind']): number =>
      own.reduce((n, k) => n + (k.kind === kind ? elements(k.node) : 0), 0);
    sites.push({ ...row, parameters: count('param'), states: count('state') });
  }
  return sites;
}

const ownerOf = (path: string): string | undefined => {
  const dot = path.lastIndexOf('.');
  return dot < 0 ? undefined : path.slice(0, dot);
};

/** Of a parameter, whose sizes are numbers. */
function elements(node: Node): number {
  const count: Dim = productOf(node.type.shape);
  return isSymbolic(count) ? 0 : count;
}
