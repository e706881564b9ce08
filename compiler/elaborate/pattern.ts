/** Binding names: single ones, and patterns that take tuples and lists apart. */
import type { Name, Pattern } from '../../grammar/ast.ts';
import { complain, describe, note } from './report.ts';
import { lineOf, type Run } from './run.ts';
import { fixedKind } from './scope.ts';
import {
  type Binding,
  type BindingKind,
  type Origin,
  type Place,
  type Scope,
  unknown,
  type Value,
} from './value.ts';

/** Binds a name in this very scope; NN0303 where an input, param, state or const has it. */
export function bindName(
  run: Run,
  scope: Scope,
  name: Name,
  value: Value,
  kind: BindingKind,
): void {
  if (name.text === '_') return;
  const place: Place = { source: scope.source, span: name.span };
  const before = scope.names.get(name.text) ?? constantOf(scope, name.text);
  const fixed = before === undefined ? undefined : fixedKind(before.kind, kind);
  if (fixed !== undefined && before?.place !== undefined) {
    complain(run, 'NN0303', { name: name.text, kind: fixed, line: lineOf(before.place) }, place, {
      notes: [note(before.place, `${fixed} already`)],
      help:
        kind === 'loss'
          ? `name the second: \`loss ${name.text === 'loss' ? 'second' : `${name.text}_2`} = ...\`; the sum of all losses is minimised`
          : undefined,
    });
    return;
  }
  scope.names.set(name.text, { kind, value: named(value, kind, place, name.text), place });
}

/** The constant of this name, where the statements of its own file would shadow it. */
const constantOf = ({ parent, body }: Scope, name: string): Binding | undefined => {
  const found = parent?.body === body ? parent.names.get(name) : undefined;
  return found?.kind === 'const' ? found : undefined;
};

/** A tensor without an origin comes from the line that names it. */
function named(value: Value, kind: BindingKind, place: Place, name: string): Value {
  if (value.kind !== 'tensor' || value.origin !== undefined) return value;
  const origin: Origin = { what: kind === 'let' ? `\`${name}\`` : kind, place };
  return { ...value, origin };
}

export function bindPattern(
  run: Run,
  scope: Scope,
  pattern: Pattern,
  value: Value,
  kind: BindingKind,
): void {
  if (pattern.kind === 'name') {
    bindName(run, scope, pattern.name, value, kind);
    return;
  }
  const parts = value.kind === 'list' || value.kind === 'tuple' ? value.items : undefined;
  if (parts === undefined || parts.length !== pattern.items.length) {
    if (value.kind !== 'unknown') mismatch(run, scope, pattern, value, parts?.length);
    for (const item of pattern.items) bindPattern(run, scope, item, unknown, kind);
    return;
  }
  for (const [i, item] of pattern.items.entries())
    bindPattern(run, scope, item, parts[i] ?? unknown, kind);
}

function mismatch(
  run: Run,
  scope: Scope,
  pattern: Extract<Pattern, { kind: 'tuple' | 'list' }>,
  value: Value,
  parts: number | undefined,
): void {
  const has =
    parts === undefined ? `is ${describe(value)}` : `has ${parts} part${parts === 1 ? '' : 's'}`;
  complain(
    run,
    'NN0313',
    {
      what: `this pattern has ${pattern.items.length} names; the value ${has}`,
      help:
        value.kind === 'tensor' ? 'a tensor is taken apart by `split` or by indices' : undefined,
    },
    { source: scope.source, span: pattern.span },
  );
}
