/**
 * The gradients of the losses against differences of the losses, in f64 and so apart from every device: a random
 * direction for each parameter. Where they differ, each derivative rule between the loss and the parameters is checked
 * by itself, and the first wrong one is to blame. What no derivative passes (`stop_gradient`) stays as it is.
 */
import { dependents } from '../compiler/autodiff/differentiable.ts';
import type { Graph } from '../compiler/graph/graph.ts';
import { type NdArray, ndArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';
import { interpret } from '../compiler/interpret/interpret.ts';
import type { Model } from '../compiler/model.ts';
import { customVjp } from '../compiler/ops/custom-vjp.ts';
import { stopGradient } from '../compiler/ops/view.ts';
import { checkRule, type RuleResult, rootMeanSquare } from './check-rule.ts';
import {
  cheapRandom,
  direction,
  dot,
  type Quotient,
  quotient,
  typicalDot,
} from './difference-quotient.ts';
import { type Loss, lossesOf } from './losses.ts';
import { inputName, type Values } from './values.ts';

export interface GradientResult extends Quotient {
  readonly loss: string;
  /** Those that were moved together; where it differs, those that have one rule to blame, of which the first was moved alone. */
  readonly params: readonly string[];
  /** The rule of the file's own that is not the derivative of its fn, or the rule of an op that is wrong. */
  readonly blame?: RuleResult;
}

export interface GradientCheck {
  readonly results: readonly GradientResult[];
  /** Rules of the file's own that are no derivatives and need not be: for fns that do not change nearby, or because they are trusted. */
  readonly standIns: readonly RuleResult[];
}

/** Parameters that are moved together where there are many. */
const MOST_GROUPS = 12;

export function checkGradients(
  model: Model,
  dims: Readonly<Record<string, number>>,
  values: Values,
  seed: number,
  trustRules = false,
): GradientCheck {
  const results: GradientResult[] = [];
  const standIns: RuleResult[] = [];
  for (const loss of lossesOf(model, dims)) {
    const random = cheapRandom(seed + results.length + 1);
    const place = placeOf(loss, moved(values, loss, random));
    const own = ownRules(model.graph, loss, place, random).filter((rule) => rule.differs);
    const wrong = own.filter((rule) => !trustRules && !rule.isFlat);
    const trusted = own.filter((rule) => trustRules || rule.isFlat);
    standIns.push(...trusted);
    const judged = loss.grads.filter(({ param }) => !leadsThrough(loss.node, param.node, trusted));
    for (const group of groupsOf(judged)) {
      const found = quotientOf(place, loss, group, random);
      const params = group.map(({ param }) => param.path);
      if (!found.differs) {
        results.push({ ...found, loss: loss.name, params });
        continue;
      }
      for (const one of group) {
        const single = group.length === 1 ? found : quotientOf(place, loss, [one], random);
        const { path, node } = one.param;
        if (!single.differs) continue;
        const blame =
          wrong.find((rule) => leadsThrough(loss.node, node, [rule])) ??
          wrongRule(model.graph, loss, node, place, random);
        const blamed = blame === undefined ? {} : { blame };
        results.push({ ...single, loss: loss.name, params: [path], ...blamed });
      }
    }
  }
  return { results: byBlame(results), standIns };
}

/** What has one cause is one result. */
function byBlame(results: readonly GradientResult[]): readonly GradientResult[] {
  const merged: GradientResult[] = [];
  for (const result of results) {
    const at = merged.findIndex(
      ({ blame, loss }) =>
        blame !== undefined && blame.node === result.blame?.node && loss === result.loss,
    );
    const same = merged[at];
    if (same === undefined) merged.push(result);
    else merged[at] = { ...same, params: [...same.params, ...result.params] };
  }
  return merged;
}

type Grads = Loss['grads'];

function groupsOf(grads: Grads): readonly Grads[] {
  const size = Math.ceil(grads.length / MOST_GROUPS);
  return Array.from({ length: Math.ceil(grads.length / Math.max(1, size)) }, (_, i) =>
    grads.slice(i * size, (i + 1) * size),
  );
}

/** Parameters a little away from where they are: zeros lie on the kinks of too many functions. */
function moved(values: Values, { grads }: Loss, random: () => number): Values {
  const result = new Map(values);
  for (const { param } of grads) {
    const value = values.get(param.path);
    if (value === undefined) continue;
    const size = Math.max(0.05 * rootMeanSquare(value.data), 1e-3);
    const data = value.data.map((v) => v + size * (2 * random() - 1));
    result.set(param.path, { ...value, data });
  }
  return result;
}

/** A point, and what is known there. */
interface Place {
  readonly values: Values;
  readonly grads: ReadonlyMap<Node, NdArray>;
  /** Values of what no derivative passes, which a difference must leave as they are. */
  readonly fixed: ReadonlyMap<Node, NdArray>;
}

function placeOf({ node, grads }: Loss, values: Values): Place {
  const stops = reachable([node]).filter((n) => n.op === stopGradient);
  const nodes = [...grads.map((grad) => grad.node), ...stops];
  const found = interpret(nodes, (n) => values.get(inputName(n) ?? ''));
  const pairs = nodes.flatMap((n, i) => (found[i] ? [[n, found[i]] as const] : []));
  return {
    values,
    grads: new Map(pairs.slice(0, grads.length)),
    fixed: new Map(pairs.slice(grads.length)),
  };
}

function quotientOf(place: Place, loss: Loss, group: Grads, random: () => number): Quotient {
  let [analytic, scale] = [0, 0];
  const moves = new Map<string, { readonly at: NdArray; readonly move: Float64Array }>();
  for (const { param, node } of group) {
    const at = place.values.get(param.path) ?? ndArray('f32', [0]);
    const gradient = place.grads.get(node)?.data ?? new Float64Array(at.data.length);
    const size = Math.max(rootMeanSquare(at.data), 1e-2);
    const move = direction(gradient, random).map((d) => d * size);
    analytic += dot(gradient, move);
    scale += typicalDot(gradient, move);
    moves.set(param.path, { at, move });
  }
  const along = (t: number): number => {
    const [value] = interpret([loss.node], (n) => {
      const moving = moves.get(inputName(n) ?? '');
      if (moving === undefined) return place.fixed.get(n) ?? place.values.get(inputName(n) ?? '');
      const { at, move } = moving;
      return { ...at, data: at.data.map((v, i) => v + t * (move[i] ?? 0)) };
    });
    return value?.data[0] ?? Number.NaN;
  };
  return quotient(along, analytic, scale);
}

/** What the rules of the file's own give, and what they should. */
function ownRules(
  graph: Graph,
  loss: Loss,
  place: Place,
  random: () => number,
): readonly RuleResult[] {
  const nodes = reachable([loss.node]).filter((node) => node.op === customVjp);
  if (nodes.length === 0) return [];
  const valueAt = valuesBelow(loss.node, place);
  return nodes.flatMap((node) => checkRule(graph, node, valueAt, random) ?? []);
}

/** The first node between the parameter and the loss whose rule is wrong. */
function wrongRule(
  graph: Graph,
  loss: Loss,
  param: Node,
  place: Place,
  random: () => number,
): RuleResult | undefined {
  const valueAt = valuesBelow(loss.node, place);
  for (const node of dependents([loss.node], new Set([param]))) {
    const rule = node === param ? undefined : checkRule(graph, node, valueAt, random);
    if (rule?.differs) return rule;
  }
  return undefined;
}

function valuesBelow(node: Node, { values }: Place): (node: Node) => NdArray | undefined {
  const nodes = reachable([node]);
  const found = interpret(nodes, (n) => values.get(inputName(n) ?? ''));
  const known = new Map(nodes.flatMap((n, i) => (found[i] ? [[n, found[i]] as const] : [])));
  return (n) => known.get(n);
}

/** Whether one of the rules stands between the loss and the parameter. */
function leadsThrough(loss: Node, param: Node, rules: readonly RuleResult[]): boolean {
  if (rules.length === 0) return false;
  const live = dependents([loss], new Set([param]));
  return rules.some(({ node }) => live.has(node));
}
