/**
 * A training step as it is drawn: forward, backward and the updates beside each other, each layer as one node. The
 * operations of the last two are those that the compiler made, so there is nothing of a person's text to show in them.
 */
import type { Node, Origin } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';
import { type Model, persistentTensors } from '../compiler/model.ts';
import { stabilize } from '../compiler/rewrite/stabilize.ts';
import { sectionResults } from '../compiler/train-step.ts';
import { collapsed } from './graph-collapsed.ts';
import {
  type Drawing,
  type DrawnEdge,
  type DrawnNode,
  drawnParts,
  layersOf,
} from './graph-drawing.ts';
import { isNumber, isOutside, type Part, partsOf } from './graph-parts.ts';

const phases = {
  forward: 'forward',
  data: 'forward',
  gradient: 'backward',
  optimizer: 'update',
} as const;

/** What a step computes of the losses, and all that it makes of the parameters. */
export function drawnStep(model: Model): Drawing {
  const { graph, name, training } = model;
  const { losses, updates } = training;
  // Gradients are of the stable forms.
  const results = stabilize(
    graph,
    [...losses, ...updates].map(({ node }) => node),
  );
  const forwardParts = partsOf(graph, results);
  const { seen } = forwardParts;
  const stable = losses.map((loss, index) => ({ ...loss, node: results[index] ?? loss.node }));
  const forward = drawnParts(model, forwardParts, stable);
  const step = reachable([...results, ...sectionResults(model, undefined).map(({ node }) => node)]);
  const varying = varyingNodes(step);
  const owner = owners(forwardParts.parts, varying);
  const phaseOf = (node: Node) => phases[graph.originsOf(node)[0]?.role ?? 'forward'];
  const rest = step.filter(
    (node) =>
      seen(node) === node &&
      !owner.has(node) &&
      !isNumber(node) &&
      (varying.has(node) || phaseOf(node) !== 'forward'),
  );
  for (const [index, node] of rest.entries()) owner.set(node, `s${index}`);
  const layers = updatedLayers(model);
  const parameters = new Set(model.params.map(({ node }) => node));
  const drawn = rest.map((node, index): DrawnNode => {
    const origin = graph.originsOf(node)[0];
    const phase = phaseOf(node);
    const places = { forward: () => layersOf(origin?.path), backward: () => gradientPlace(origin) };
    const groups = phase === 'update' ? (layers.get(node) ?? ['shared']) : places[phase]();
    const kind = phase === 'forward' ? 'operation' : phase;
    return { id: `s${index}`, kind, lines: [node.op.name], groups: [phase, ...groups] };
  });
  const edges = rest.flatMap((node, index) =>
    node.inputs.flatMap((input): DrawnEdge[] => {
      const from = owner.get(seen(input));
      // That an update reads what it updates goes without saying.
      const itself = parameters.has(input) && drawn[index]?.kind === 'update';
      return from === undefined || itself ? [] : [{ from, to: `s${index}` }];
    }),
  );
  const nodes = [
    ...forward.nodes.map((node) => ({ ...node, groups: ['forward', ...node.groups] })),
    ...apart(drawn),
  ];
  return collapsed({ title: name, nodes, edges: [...forward.edges, ...edges] }, 1);
}

/** The ids of the parts, by their nodes. What is within a call the gradients may use too: it comes from the call. */
function owners(parts: readonly Part[], varying: ReadonlySet<Node>): Map<Node, string> {
  const owner = new Map(parts.map(({ node }, index) => [node, `n${index}`]));
  for (const [index, { within }] of parts.entries())
    for (const node of within)
      if (!owner.has(node) && varying.has(node)) owner.set(node, `n${index}`);
  return owner;
}

/** The others are the same whatever the data and the parameters: that two places have one in common says nothing. */
function varyingNodes(step: readonly Node[]): ReadonlySet<Node> {
  const varying = new Set<Node>();
  for (const node of step) {
    const { kind } = node.attrs;
    const brought = isOutside(node) && kind !== 'counter';
    if (brought || node.inputs.some((input) => varying.has(input))) varying.add(node);
  }
  return varying;
}

/** The layers; of what stands outside of layers the line of the file. */
function gradientPlace(origin: Origin | undefined): readonly string[] {
  const layers = layersOf(origin?.path);
  const line = origin?.line?.replace(/^.*:/, '');
  return layers.length > 0 || line === undefined ? layers : [`line ${line}`];
}

/** What stands in a layer beside other layers is a group too, under the layer's own name. */
function apart(nodes: readonly DrawnNode[]): DrawnNode[] {
  const outer = new Set(
    nodes.flatMap(({ groups }) => groups.map((_, depth) => groups.slice(0, depth).join('.'))),
  );
  return nodes.map((node) =>
    node.groups.length > 1 && outer.has(node.groups.join('.'))
      ? { ...node, groups: [...node.groups, ...node.groups.slice(-1)] }
      : node,
  );
}

/** Of each node with which the parameters of one layer are updated, and no others, the layer. */
function updatedLayers(model: Model): ReadonlyMap<Node, readonly string[]> {
  const tensors = new Map(persistentTensors(model).map(({ node, path }) => [node, path]));
  const parameters = new Set(model.params.map(({ path }) => path));
  const users = new Map<Node, Set<string>>();
  for (const { node, target } of sectionResults(model, undefined)) {
    if (target.kind !== 'replace') continue;
    // An optimizer's slot is `dense.W/v`, with several sections `critic/dense.W/v`.
    const path = tensors
      .get(target.input)
      ?.split('/')
      .find((part) => parameters.has(part));
    if (path === undefined) continue;
    const layer = path.includes('.') ? path.replace(/\.[^.]*$/, '') : path;
    for (const one of reachable([node])) users.set(one, (users.get(one) ?? new Set()).add(layer));
  }
  return new Map(
    [...users].flatMap(([node, [layer, ...more]]) =>
      more.length > 0 ? [] : [[node, layersOf(layer)]],
    ),
  );
}
