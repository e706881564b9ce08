/** NN0230: the bare chain says nowhere how wide its input is. */
import type { Expr, File } from '../../grammar/ast.ts';
import { symbolsOf } from '../graph/dim.ts';
import { complain, textAt } from './report.ts';
import type { Run } from './run.ts';
import { isOpenSize } from './sizes.ts';
import type { Scope } from './value.ts';
import { leftmost } from './walk-expression.ts';

export function checkUnsolved(run: Run, file: File, scope: Scope): void {
  const chain = file.items.find((i) => i.kind === 'chain');
  const x = run.registry.inputs.get('x');
  if (chain === undefined || !x?.shape.some((d) => symbolsOf(d).some(isOpenSize))) return;
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
