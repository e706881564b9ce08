/**
 * What happens to a program's graph between differentiation and kernels, as data: read it from top to
 * bottom. Each pass keeps every result's value, so each can be left out.
 */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { dropRules, dropStops, dropVariables } from './drop-marks.ts';
import { compositeRules } from './expand-composites.ts';
import { type Rule, rewriteFully } from './rebuild.ts';
import { simplifyRules } from './simplify.ts';
import { smallResiduals } from './small-residuals.ts';
import { splitRules } from './split-rules.ts';
import { stableRules } from './stabilize.ts';
import { viewRules } from './view-rules.ts';

export interface GraphPass {
  readonly name: string;
  /** Names of its rules, which `off` can leave out one by one. */
  readonly rules?: readonly string[];
  /** `off` names single rules to leave out; passes without rules do not look at it. */
  run(graph: Graph, results: readonly Node[], off?: ReadonlySet<string>): Node[];
}

const rulePass = (name: string, rules: readonly Rule[]): GraphPass => ({
  name,
  rules: rules.map((rule) => rule.name),
  run: (graph, results, off = new Set()) =>
    rewriteFully(
      graph,
      results,
      rules.filter((rule) => !off.has(rule.name)),
    ),
});

export const graphPasses: readonly GraphPass[] = [
  { name: 'drop-rules', run: (graph, results) => dropRules(graph, results) },
  { name: 'drop-variables', run: (graph, results) => dropVariables(graph, results) },
  rulePass('stabilize', [...viewRules, ...stableRules]),
  { name: 'drop-stops', run: (graph, results) => dropStops(graph, results) },
  rulePass('expand', compositeRules),
  rulePass('simplify', simplifyRules),
  { name: 'small-residuals', run: smallResiduals },
  rulePass('split', splitRules),
];

export interface PassOptions {
  /** Names of passes and rules (`fold/times-zero`) to leave out. */
  readonly off?: ReadonlySet<string>;
  /** Sees the results after each pass that ran: for dumps, verifying and finding the pass that breaks something. */
  onPass?(name: string, results: readonly Node[]): void;
}

export function runPasses(
  graph: Graph,
  results: readonly Node[],
  { off = new Set(), onPass }: PassOptions = {},
): Node[] {
  let now = [...results];
  for (const pass of graphPasses) {
    if (off.has(pass.name)) continue;
    now = pass.run(graph, now, off);
    onPass?.(pass.name, now);
  }
  return now;
}
