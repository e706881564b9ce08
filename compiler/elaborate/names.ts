/** What a name stands for, and the best advice where it stands for nothing. */
import { nearest } from '../../grammar/did-you-mean.ts';
import { narrowerType, typeElsewhere } from '../../grammar/element-types.ts';
import { lineAt } from '../../grammar/source.ts';
import { elementTypeNames, isClass } from './element-type.ts';
import { entryOf, otherFrameworks, otherModules } from './other-frameworks.ts';
import { complain, note } from './report.ts';
import type { Run } from './run.ts';
import { definedLater, lookup, scopeOf, visibleNames } from './scope.ts';
import { type Binding, type Place, type Scope, unknown, type Value } from './value.ts';

export function evaluateName(run: Run, name: string, place: Place, scope: Scope): Value {
  const binding = lookup(scope, name);
  if (binding === undefined) return unknownName(run, name, place, scope);
  if (binding.kind === 'open')
    return complain(
      run,
      'NN0231',
      { site: scope.body.prefix.replace(/\.$/, '') || name },
      binding.place ?? place,
    );
  if (binding.computing)
    return complain(run, 'NN0306', { name }, place, {
      help: 'the value of a `const` is computed from others, never from itself',
    });
  if (binding.pending !== undefined) return constant(run, name, binding, scope);
  const { value } = binding;
  // A declaration remembers from where it was called by name, so that recursion is noticed.
  if (value.kind === 'fn' && binding.kind === 'fn')
    return { ...value, ancestry: scope.body.ancestry };
  if (value.kind === 'template') return { ...value, ancestry: scope.body.ancestry };
  return value;
}

/** A `const` is computed when it is first needed; while it is, it stands for a recursion. */
function constant(run: Run, name: string, binding: Binding, scope: Scope): Value {
  const home = scopeOf(scope, name);
  if (home === undefined || binding.pending === undefined) return unknown;
  const place = binding.place ?? { source: home.source, span: binding.pending.span };
  const { pending, ...rest } = binding;
  home.names.set(name, { ...rest, value: unknown, computing: true });
  const value = run.evaluate(pending, home);
  const fixed =
    value.kind === 'tensor'
      ? complain(run, 'NN0410', { what: `the constant \`${name}\`` }, place)
      : value;
  home.names.set(name, { ...rest, value: fixed });
  return fixed;
}

/** The line of a statement of the file that a body of a layer or fn does not see. */
function outOfReach(scope: Scope, name: string): number | undefined {
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent) {
    const at = s.outOfReach?.get(name);
    if (at !== undefined) return lineAt(s.source.text, at.start);
  }
  return undefined;
}

/** Comparing with every name takes its time, and nobody reads the hundredth advice. */
const mostSuggestions = 100;

function unknownName(run: Run, name: string, place: Place, scope: Scope): Value {
  const later = definedLater(scope, name);
  if (later !== undefined)
    return complain(
      run,
      'NN0302',
      { name, line: lineAt(later.scope.source.text, later.at.start) },
      place,
      { notes: [note({ source: later.scope.source, span: later.at }, 'defined here')] },
    );
  if (elementTypeNames.includes(name) || isClass(name)) return { kind: 'dtype', name };
  if (name === '_')
    return complain(run, 'NN0301', { name }, place, {
      help: '`_` is the value that comes down a pipe: `x |> concat([_, y], axis=-1)`',
    });
  if (name === 'None')
    return complain(run, 'NN0301', { name }, place, {
      help: '`None` is an index that adds an axis: `x[:, None]`',
    });
  const type = typeElsewhere(name) ?? narrowerType(name);
  if (type !== undefined)
    return complain(run, 'NN0106', { name, suggestion: type }, place, {
      fix: { span: place.span, text: type },
    });
  const other = entryOf(otherFrameworks, name);
  if (other !== undefined) {
    const [, renamed] = /^it is called `(\w+)` here$/.exec(other) ?? [];
    const fix = renamed === undefined ? undefined : { span: place.span, text: renamed };
    return complain(run, 'NN0301', { name }, place, { help: other, fix });
  }
  if (otherModules.includes(name) && /^\s*\./.test(place.source.text.slice(place.span.end)))
    return complain(run, 'NN0301', { name }, place, {
      help: 'functions stand in no module here: `relu(x)`, `sqrt(x)`',
    });
  const hidden = outOfReach(scope, name);
  if (hidden !== undefined)
    return complain(run, 'NN0301', { name }, place, {
      help: `it is a statement of the file (line ${hidden}); a layer or fn sees declarations, \`const\`s and its own arguments: pass it in`,
    });
  const suggestion =
    run.diagnostics.length < mostSuggestions ? nearest(name, visibleNames(scope)) : undefined;
  return complain(run, 'NN0301', { name, suggestion }, place);
}
