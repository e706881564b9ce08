/** The bare chain: sugar for `input x: f32[batch, ?]` and `output y = x |> chain`. */
import type { Chain, Expr, File, Span } from '../../grammar/ast.ts';
import * as build from '../builder.ts';
import { symbol } from '../graph/dim.ts';
import type { Node } from '../graph/node.ts';
import { bindName } from './pattern.ts';
import { complain, misplaced, textAt } from './report.ts';
import type { Run } from './run.ts';
import { hasOpenSize } from './sizes.ts';
import { isCallable, type Scope, tensor, unknown, type Value } from './value.ts';
import { leftmost } from './walk-expression.ts';

/** `chain` stands for `input x: f32[batch, ?]` and `output y = x |> chain`. */
export function runChain(run: Run, chain: Chain, scope: Scope): void {
  const place = { source: scope.source, span: chain.span };
  const value = run.evaluate(chain.value, scope);
  const node = chainInput(run, chain.span);
  const x = { text: 'x', span: chain.span };
  bindName(run, scope, x, tensor(node, { what: 'input', place }), 'input');
  const result = resultOf(run, chain, value, node, scope);
  bindName(run, scope, { text: 'y', span: chain.span }, result, 'output');
  if (result.kind === 'tensor')
    run.results.outputs.push({ name: 'y', node: result.node, span: chain.span });
}

/** The input `x: f32[batch, ?]` of a chain that stands for a whole model. */
export function chainInput(run: Run, span: Span): Node {
  const width = run.solved.get('?x') ?? symbol('?x');
  const node = build.input(run.graph, 'x', 'data', 'f32', [symbol('batch'), width]);
  const { shape } = node.type;
  run.registry.inputs.set('x', { name: 'x', storage: 'f32', shape, node, span });
  return node;
}

function resultOf(run: Run, chain: Chain, value: Value, x: Node, scope: Scope): Value {
  const place = { source: scope.source, span: chain.span };
  if (value.kind === 'unknown') return unknown;
  if (!isCallable(value)) return misplaced(run, value, place, 'a bare chain is made of layers');
  return run.apply(value, [{ value: tensor(x, { what: 'input', place }), place }], place, scope);
}

export function checkUnsolved(run: Run, file: File, scope: Scope): void {
  const chain = file.items.find((i) => i.kind === 'chain');
  const x = run.registry.inputs.get('x');
  if (chain === undefined || !x?.shape.some(hasOpenSize)) return;
  if (run.diagnostics.some((d) => d.severity === 'error')) return;
  const head = leftmost(chain.value);
  complain(
    run,
    'NN0230',
    { example: sized(firstCall(chain.value) ?? head, scope) },
    { source: scope.source, span: head.span },
  );
}

/** `dense(10)` becomes `dense(784, 10)`. */
function sized(call: Expr, scope: Scope): string | undefined {
  const match = /^(\w+)\((.*)\)$/s.exec(textAt({ source: scope.source, span: call.span }));
  return match === null ? undefined : `${match[1]}(784, ${match[2]})`;
}

/** The first layer of the chain that is configured with a size. */
function firstCall(expr: Expr): Expr | undefined {
  if (expr.kind === 'pipe') return firstCall(expr.head) ?? firstCall(expr.stage.value);
  if (expr.kind !== 'call') return undefined;
  return expr.callee.kind === 'name' && expr.callee.name === 'dense' ? expr : undefined;
}
