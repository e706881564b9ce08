/** Names: looking them up, binding them, and who may shadow whom. */
import type { Span } from '../../grammar/ast.ts';
import type { Source } from '../../grammar/source.ts';
import type { Binding, BindingKind, NamedBody, Scope } from './value.ts';

export function newScope(
  parent: Scope | undefined,
  source: Source,
  body: NamedBody,
  later?: ReadonlyMap<string, Span>,
): Scope {
  return {
    ...(parent === undefined ? {} : { parent }),
    names: new Map(),
    source,
    body,
    ...(later === undefined ? {} : { later }),
  };
}

/** A scope inside the same body, for blocks, lambdas' arguments and `_`. */
export const innerScope = (parent: Scope): Scope => newScope(parent, parent.source, parent.body);

/** The scope of the built-in names. */
export const rootOf = (scope: Scope): Scope =>
  scope.parent === undefined ? scope : rootOf(scope.parent);

export function lookup(scope: Scope, name: string): Binding | undefined {
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent) {
    const found = s.names.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The scope whose own table holds the name. */
export function scopeOf(scope: Scope, name: string): Scope | undefined {
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent)
    if (s.names.has(name)) return s;
  return undefined;
}

/** Where a later statement defines the name, if one of the enclosing bodies does. */
export function definedLater(scope: Scope, name: string): { at: Span; scope: Scope } | undefined {
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent) {
    const at = s.later?.get(name);
    if (at !== undefined) return { at, scope: s };
  }
  return undefined;
}

/** Every name that can be used here, nearest first; private ones of other files left out. */
export function visibleNames(scope: Scope): string[] {
  const names: string[] = [];
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent)
    for (const name of s.names.keys())
      if (!isPrivate(name) || s.source === scope.source) names.push(name);
  return names;
}

/** Kinds that may not be shadowed in their own body, as NN0303 calls them. */
const fixedKinds: Partial<Record<BindingKind, string>> = {
  input: 'an input',
  param: 'a param',
  state: 'a state',
  const: 'a const',
  output: 'an output',
};
/** A loss or a metric gives way to a `let`, but there are no two of one name. */
export const fixedKind = (kind: BindingKind, next: BindingKind): string | undefined =>
  isReported(kind) && isReported(next) ? `a ${kind}` : fixedKinds[kind];
const isReported = (kind: BindingKind): boolean => kind === 'loss' || kind === 'metric';

/** Of the file that declares it, and of no other. */
export const isPrivate = (name: string): boolean => name.startsWith('_');
