/** `x.T`, `emb.table` and, of an imported file, `resnet.block`; nothing else has fields. */
import type { Expr } from '../../grammar/ast.ts';
import { nearest } from '../../grammar/did-you-mean.ts';
import * as build from '../builder.ts';
import { taken } from './imports.ts';
import { complain, describe, textAt } from './report.ts';
import type { Run } from './run.ts';
import { lookup } from './scope.ts';
import { type Place, type Scope, tensor, unknown, type Value } from './value.ts';

export function evaluateField(
  run: Run,
  expr: Extract<Expr, { kind: 'field' }>,
  scope: Scope,
): Value {
  const value = run.evaluate(expr.value, scope);
  const field = expr.name.text;
  const place: Place = { source: scope.source, span: expr.name.span };
  if (value.kind === 'unknown') return unknown;
  if (value.kind === 'tensor' && field === 'T') {
    const rank = value.node.type.shape.length;
    if (rank >= 2) return tensor(build.transpose(run.graph, value.node), value.origin);
    return complain(
      run,
      'NN0204',
      { callee: '`.T`', needed: 'at least 2 axes', actual: describe(value) },
      place,
    );
  }
  if (value.kind === 'template' && value.file !== undefined) {
    const imported = { file: value.file, source: value.scope.source };
    return taken(run, expr.name, imported, value.scope, scope.source)?.value ?? unknown;
  }
  if (value.kind !== 'instance') {
    const on =
      value.kind === 'tensor'
        ? 'a tensor'
        : `\`${textAt({ source: scope.source, span: expr.value.span })}\``;
    const fn = lookup(scope, field)?.value;
    const isFn = (fn?.kind === 'fn' || fn?.kind === 'builtin') && field !== 'shape';
    const text = textAt({ source: scope.source, span: expr.value.span });
    const extras = isFn ? { help: `it is a function: \`${field}(${text})\`` } : {};
    return complain(run, 'NN0330', { field, on }, place, extras);
  }
  const prefix = value.prefix ?? `${value.path}.`;
  const owned = run.registry.tensors.get(prefix + field);
  if (owned !== undefined)
    return tensor(run.current.get(owned.path) ?? owned.node, {
      what: owned.kind,
      place: owned.place,
    });
  const own = [...run.registry.tensors.keys()]
    .filter((p) => p.startsWith(prefix))
    .map((p) => p.slice(prefix.length));
  const help =
    own.length === 0
      ? `its parameters exist once it has been applied: \`${value.text}(x)\` on a line above`
      : nearest(field, own) === undefined
        ? `it has ${own.map((n) => `\`${n}\``).join(', ')}`
        : `did you mean \`${nearest(field, own)}\`?`;
  return complain(run, 'NN0330', { field, on: `\`${value.text}\`` }, place, { help });
}
