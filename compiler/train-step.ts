/**
 * A training step with several `train` sections: they run one after another, each on what those before
 * it have made of the parameters. It is one graph all the same, in which the sections share what they
 * have in common, and so there is a program for each set of sections that meet in a step.
 */
import type { Graph } from './graph/graph.ts';
import type { Node } from './graph/node.ts';
import { reachable } from './graph/walk.ts';
import { InternalError } from './internal-error.ts';
import { type Model, type OptimizedSection, persistentTensors } from './model.ts';
import type { Result } from './program-graph.ts';
import { rebuild } from './rewrite/rebuild.ts';

/** Names of the sections that run in a step; undefined stands for all of them. */
export type SectionSet = readonly string[] | undefined;

const sectionsOf = (model: Model): readonly OptimizedSection[] =>
  model.optimization?.sections ?? [];

/** The sections that run in this step, from 0. */
export function sectionsAt(model: Model, step: number): SectionSet {
  return setOf(model, (every) => step % every === 0);
}

/** Every set of sections that some step has, the one of all of them first. */
export function sectionSets(model: Model): readonly SectionSet[] {
  // The sections of a step are those whose period divides its number: those of a common multiple.
  let steps = new Set([0, 1]);
  for (const every of new Set(sectionsOf(model).map((section) => section.every)))
    steps = new Set([...steps, ...[...steps].map((step) => leastCommonMultiple(step, every))]);
  const sets = [...steps].map((step) => sectionsAt(model, step));
  return [...new Map(sets.map((set) => [set?.join() ?? '', set])).values()];
}

function setOf(model: Model, runs: (every: number) => boolean): SectionSet {
  const sections = sectionsOf(model);
  const running = sections.filter((section) => runs(section.every));
  return running.length === sections.length
    ? undefined
    : running.flatMap(({ name }) => (name === undefined ? [] : [name]));
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x === 0 ? 0 : (a / x) * b;
}

/** Next values of the parameters and slots after a step of these sections. */
export function sectionResults(model: Model, set: SectionSet): Result[] {
  const inputs = new Map(persistentTensors(model).map((tensor) => [tensor.path, tensor.node]));
  const inputOf = (path: string): Node => {
    const node = inputs.get(path);
    if (node === undefined)
      throw new InternalError('train-step', `an update of the unknown tensor ${path}`);
    return node;
  };
  const latest = new Map<Node, Node>();
  for (const section of sectionsOf(model)) {
    if (set !== undefined && !set.includes(section.name ?? '')) continue;
    const updates = [...section.updates, ...section.slotUpdates];
    const nodes = withValues(
      model.graph,
      updates.map((update) => update.node),
      latest,
    );
    updates.forEach(({ path }, i) => {
      const node = nodes[i];
      if (node !== undefined) latest.set(inputOf(path), node);
    });
  }
  return [...latest].map(([input, node]) => ({ node, target: { kind: 'replace', input } }));
}

/** The results with other nodes in place of some inputs. */
function withValues(
  graph: Graph,
  results: readonly Node[],
  values: ReadonlyMap<Node, Node>,
): readonly Node[] {
  if (values.size === 0) return results;
  const done = new Map(values);
  const now = (node: Node): Node => done.get(node) ?? node;
  for (const node of reachable(results))
    if (!done.has(node)) done.set(node, rebuild(graph, node, node.inputs.map(now)));
  return results.map(now);
}
