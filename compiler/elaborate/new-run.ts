/** The start of an elaboration: an empty Run whose entry points are the evaluator's. */
import type { Dim } from '../graph/dim.ts';
import { applyCallable } from './apply.ts';
import { evaluateExpression } from './expression.ts';
import type { Registry } from './registry.ts';
import type { Run } from './run.ts';
import { executeStatements } from './statements.ts';

export function newRun(
  registry: Registry,
  training: boolean,
  seed: number,
  solved: ReadonlyMap<string, Dim>,
): Run {
  const run: Run = {
    graph: registry.graph,
    registry,
    training,
    seed,
    diagnostics: [],
    frames: [],
    elaborated: new Set(),
    current: new Map(),
    counters: new Map(),
    lines: new Map(),
    constants: new Map(),
    calls: 0,
    results: { outputs: [], losses: [], metrics: [], expects: [] },
    solved,
    path: '',
    role: 'forward',
    evaluate: (expr, scope, name) => evaluateExpression(run, expr, scope, name),
    apply: (callee, args, place, scope) => applyCallable(run, callee, args, place, scope),
    execute: (stmts, scope) => executeStatements(run, stmts, scope),
  };
  return run;
}
