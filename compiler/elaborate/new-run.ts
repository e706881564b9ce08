/** The start of an elaboration: an empty Run whose entry points are the evaluator's. */
import type { Source } from '../../grammar/source.ts';
import type { Dim } from '../graph/dim.ts';
import { applyCallable } from './apply.ts';
import { declarationsOf } from './declarations-of-file.ts';
import { evaluateExpression } from './expression.ts';
import type { Library } from './imports.ts';
import type { Registry } from './registry.ts';
import type { Run } from './run.ts';
import { executeStatements } from './statements.ts';
import { newTrace, recordCall, recordValue } from './trace.ts';

export function newRun(
  registry: Registry,
  main: Source,
  library: Library,
  training: boolean,
  seed: number,
  solved: ReadonlyMap<string, Dim>,
): Run {
  const run: Run = {
    graph: registry.graph,
    registry,
    main,
    library,
    namespaces: new Map(),
    importing: [{ name: main.name, place: { source: main, span: { start: 0, end: 0 } } }],
    training,
    seed,
    diagnostics: [],
    reported: new Map(),
    frames: [],
    elaborated: new Set(),
    current: new Map(),
    counters: new Map(),
    lines: new Map(),
    constants: new Map(),
    calls: 0,
    results: { outputs: [], losses: [], metrics: [], expects: [] },
    solved,
    trace: newTrace(main),
    path: '',
    role: 'forward',
    declare: (file, parent, body) => declarationsOf(run, file, parent, body),
    evaluate: (expr, scope, name) => {
      const value = evaluateExpression(run, expr, scope, name);
      recordValue(run.trace, { source: scope.source, span: expr.span }, value);
      return value;
    },
    apply: (callee, args, place, scope) => {
      const value = applyCallable(run, callee, args, place, scope);
      recordCall(run.trace, callee, args, place, value);
      return value;
    },
    execute: (stmts, scope) => executeStatements(run, stmts, scope),
  };
  return run;
}
