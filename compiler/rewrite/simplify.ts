/** Simplification: the normal form of views, constant folding, identities, cheaper reductions. */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { foldRules } from './fold-rules.ts';
import { type Rule, rewriteFully } from './rebuild.ts';
import { reduceRules } from './reduce-rules.ts';
import { viewRules } from './view-rules.ts';

export const simplifyRules: readonly Rule[] = [...viewRules, ...foldRules, ...reduceRules];

export const simplify = (g: Graph, results: readonly Node[]): Node[] =>
  rewriteFully(g, results, simplifyRules);
