/**
 * Paths of parameters. A site is a place in the source where a layer is constructed; its name is the
 * name that a person gave it, else the layer's name with an ordinal, counted within the named body
 * that encloses it. A site that is reached again is the same site, so its parameters are shared.
 */
import type { Expr, Span } from '../../grammar/ast.ts';
import type { Registry } from './registry.ts';
import { lookup } from './scope.ts';
import type { NamedBody, Place, Scope, Template } from './value.ts';
import { childExpressions } from './walk-expression.ts';

/** The name of the site within its body: `dense`, `dense_1`, or the `wanted` one. */
function siteName(registry: Registry, body: NamedBody, place: Place, wanted: string): string {
  const names = registry.sites.get(body.prefix) ?? { byPlace: new Map(), used: new Set() };
  registry.sites.set(body.prefix, names);
  const copy = place.copy === undefined ? '' : `#${place.copy}`;
  const key = `${place.source.name}:${place.span.start}${copy}`;
  const known = names.byPlace.get(key);
  if (known !== undefined) return known;
  let name = wanted;
  for (let n = 1; names.used.has(name); n++) name = `${wanted}_${n}`;
  names.used.add(name);
  names.byPlace.set(key, name);
  return name;
}

export const sitePath = (
  registry: Registry,
  body: NamedBody,
  place: Place,
  wanted: string,
): string => body.prefix + siteName(registry, body, place, wanted);

/**
 * Names the sites of an expression that will be elaborated later (a block, a stage with `_`), so that
 * ordinals follow the order of the text, not that of application.
 */
export function reserveSites(registry: Registry, expr: Expr, scope: Scope): void {
  const constructed = constructedLayer(expr, scope);
  if (constructed !== undefined)
    siteName(
      registry,
      scope.body,
      { source: scope.source, span: constructed.span },
      constructed.name,
    );
  if (expr.kind === 'repeat') return;
  for (const child of childExpressions(expr)) reserveSites(registry, child, scope);
}

/** The layer that a call `dense(10)` constructs, by its syntax. */
function constructedLayer(expr: Expr, scope: Scope): { name: string; span: Span } | undefined {
  const template = expr.kind === 'call' ? templateNamed(expr.callee, scope) : undefined;
  return template === undefined ? undefined : { name: template.name, span: expr.span };
}

/** The layer that a callee names, `dense` or `resnet.block` of an imported file. */
export function templateNamed(callee: Expr, scope: Scope): Template | undefined {
  if (callee.kind === 'field') {
    const home = templateNamed(callee.value, scope);
    return home?.file === undefined ? undefined : templateIn(home.scope, callee.name.text);
  }
  return callee.kind === 'name' ? templateIn(scope, callee.name) : undefined;
}

function templateIn(scope: Scope, name: string): Template | undefined {
  const value = lookup(scope, name)?.value;
  return value?.kind === 'template' ? value : undefined;
}
