/** What the keys of a `train` section choose: losses by name (`minimize`), and parameters by layer, name or path (`params`, `freeze`). */
import type { Entry, Expr } from '../../grammar/ast.ts';
import { nearest } from '../../grammar/did-you-mean.ts';
import type { NamedNode } from '../model.ts';
import type { RegisteredTensor } from './registry.ts';
import { complain, textAt } from './report.ts';
import type { Run } from './run.ts';
import { lookup } from './scope.ts';
import { wrong } from './train-defaults.ts';
import { isCallable, type Place, type Scope, type Value } from './value.ts';
import { bare, namesIn } from './walk-expression.ts';

/** The losses of `minimize: d_loss` or `minimize: [recon, kl]`; undefined after a report. */
export function chosenLosses(
  run: Run,
  entry: Entry,
  scope: Scope,
): readonly NamedNode[] | undefined {
  const { losses } = run.results;
  const chosen = itemsOf(entry.value).map((item) => {
    const name = item.kind === 'name' ? item.name : item.kind === 'string' ? item.value : undefined;
    if (name === undefined)
      return wrong(run, entry, scope, 'the name of a `loss`, or a list of them', losses[0]?.name);
    const loss = losses.find((one) => one.name === name);
    if (loss !== undefined) return loss;
    const known = losses.map((one) => `\`${one.name}\``).join(', ');
    const suggestion = nearest(
      name,
      losses.map((one) => one.name),
    );
    const help =
      known === '' ? 'this model has no `loss`' : `the losses of this model are ${known}`;
    const place = { source: scope.source, span: item.span };
    complain(run, 'NN0301', { name, suggestion }, place, suggestion === undefined ? { help } : {});
    return undefined;
  });
  const found = chosen.filter((loss) => loss !== undefined);
  return found.length === chosen.length ? [...new Set(found)] : undefined;
}

/** What one item of a list of layers, parameters and paths stands for. */
export interface ChosenParams {
  readonly place: Place;
  readonly params: readonly RegisteredTensor[];
}

/** The items of `params: D` or `freeze: [encoder, "head.dense", W]`; undefined after a report. */
export function chosenParams(
  run: Run,
  entry: Entry,
  scope: Scope,
): readonly ChosenParams[] | undefined {
  const chosen = itemsOf(entry.value).map((item): ChosenParams | undefined => {
    const place = { source: scope.source, span: item.span };
    const value = run.evaluate(item, scope);
    const owned = value.kind === 'unknown' ? undefined : ownedBy(run, value, place);
    if (owned === undefined) return undefined;
    const params = [...owned].filter((tensor) => tensor.kind === 'param');
    if (params.length > 0) return { place, params };
    const what = `\`${textAt(place)}\` has no parameters`;
    const help = 'name a layer that the file applies, a `param`, or a path such as "encoder.dense"';
    complain(run, 'NN0313', { what, help }, place);
    return undefined;
  });
  const found = chosen.filter((item) => item !== undefined);
  return found.length === chosen.length ? found : undefined;
}

/** The items of a list that is written out, each at its own place; anything else is one item. */
function itemsOf(expr: Expr): readonly Expr[] {
  const e = bare(expr);
  if (e.kind === 'tuple') return e.items;
  if (e.kind !== 'list') return [e];
  const items = e.items.flatMap((item) => (item.kind === 'item' ? [item.value] : []));
  return items.length === e.items.length ? items : [e];
}

/** The registered tensors of a value; undefined after a report. */
function ownedBy(run: Run, value: Value, place: Place): Set<RegisteredTensor> | undefined {
  const { tensors } = run.registry;
  if (value.kind === 'string') return atPath(run, value.value, place);
  if (value.kind === 'tensor') {
    const own = [...tensors.values()].filter(
      ({ node, path }) => node === value.node || run.current.get(path) === value.node,
    );
    return new Set(own);
  }
  if (value.kind === 'list' || value.kind === 'tuple') {
    const parts = value.items.map((item) => ownedBy(run, item, place));
    return parts.includes(undefined)
      ? undefined
      : new Set(parts.flatMap((part) => [...(part ?? [])]));
  }
  const prefixes = prefixesOf(run, value, new Set());
  return new Set(
    [...tensors.values()].filter((tensor) =>
      prefixes.some((prefix) => tensor.path.startsWith(prefix)),
    ),
  );
}

/** A whole path, or the beginning of some up to a dot. */
function atPath(run: Run, path: string, place: Place): Set<RegisteredTensor> | undefined {
  const tensors = [...run.registry.tensors.values()].filter(({ kind }) => kind === 'param');
  const found = tensors.filter((one) => one.path === path || one.path.startsWith(`${path}.`));
  if (found.length > 0) return new Set(found);
  const known = tensors.flatMap((one) => {
    const parts = one.path.split('.');
    return parts.map((_, i) => parts.slice(0, i + 1).join('.'));
  });
  const suggestion = nearest(path, known);
  const help = '`nnc summary` lists the paths';
  complain(
    run,
    'NN0301',
    { name: path, suggestion },
    place,
    suggestion === undefined ? { help } : {},
  );
  return undefined;
}

/** What the paths of a layer value's parameters begin with: its own, and those of the layers that it is made of. */
function prefixesOf(run: Run, value: Value, seen: Set<Value>): readonly string[] {
  if (seen.has(value)) return [];
  seen.add(value);
  const of = (part: Value): readonly string[] => prefixesOf(run, part, seen);
  switch (value.kind) {
    case 'instance':
      return [value.prefix ?? `${value.path}.`, ...[...value.config.values()].flatMap(of)];
    case 'list':
    case 'tuple':
      return value.items.flatMap(of);
    case 'repeat':
      return [`${value.path}.`, ...inExpression(run, value.expr, value.scope, of)];
    case 'block':
      return inExpression(run, value.expr, value.scope, of);
    case 'chain':
      return value.parts.flatMap((part) => {
        if (part.kind === 'unknown') return [];
        if (part.kind === 'hole') return inExpression(run, part.expr, part.scope, of);
        const args = part.kind === 'partial' ? part.args.map((arg) => arg.value) : [];
        return [part.callee, ...args].flatMap(of);
      });
    default:
      return [];
  }
}

/** Layers constructed in an expression that is elaborated when it is applied, and those that it names. */
function inExpression(
  run: Run,
  expr: Expr,
  scope: Scope,
  of: (part: Value) => readonly string[],
): readonly string[] {
  const { prefix } = scope.body;
  const sites = [...(run.registry.sites.get(prefix)?.byPlace ?? [])].flatMap(([key, name]) => {
    const at = Number(key.slice(scope.source.name.length + 1));
    const here = key.startsWith(`${scope.source.name}:`);
    return here && at >= expr.span.start && at < expr.span.end ? [`${prefix}${name}.`] : [];
  });
  const named = namesIn(expr).flatMap((name) => {
    const value = lookup(scope, name)?.value;
    return value !== undefined && isCallable(value) ? of(value) : [];
  });
  return [...sites, ...named];
}
