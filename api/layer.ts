/**
 * Layers: what has been configured and waits for tensors. A layer is constructed when a model first applies it (or
 * what it is a part of); then it gets its name, by the same rule as in a file, and keeps it.
 */
import { construct, constructBare } from '../compiler/elaborate/construct.ts';
import { sitePath } from '../compiler/elaborate/naming.ts';
import { innerScope } from '../compiler/elaborate/scope.ts';
import {
  type Argument,
  type Callable,
  isCallable,
  type NamedBody,
  type Part,
  type Place,
  type Scope,
  type Template,
  type Value,
} from '../compiler/elaborate/value.ts';
import type { Expr } from '../grammar/index.ts';
import { applied, type Building, current, nameExpr } from './building.ts';
import { type CallSite, callSite } from './call-site.ts';
import { hasMeaning, makeWith, means, type Recipe, toArguments, toValue } from './convert.ts';
import { fieldValue } from './operation.ts';
import { perform } from './perform.ts';
import { asTensor, type Stage, type Tensor, type TensorLike } from './tensor.ts';
import { UsageError } from './usage-error.ts';

/**
 * A layer, applied by calling it. `Params` are the names of its own parameters where the types know them, and
 * `Result` is what it makes.
 */
export interface Layer<Params extends string = string, Result = Tensor> {
  (x: TensorLike, ...more: readonly TensorLike[]): Result;
  /** This layer and then those. */
  pipe<R>(...stages: readonly [...Stage[], (x: Tensor) => R]): Layer<string, R>;
  /** The same under a name of its own, which its parameters' paths begin with. */
  as(name: string): Layer<Params, Result>;
  /** One of its parameters, once it has been applied: `embedding.get('table')`. */
  get(name: Params): Tensor;
  readonly [isLayer]: true;
}
declare const isLayer: unique symbol;

/** Finds the declaration of a layer in a building. */
export type TemplateIn = (building: Building) => Template;

/** How a layer becomes a callable value of a building, under a name of its own if it has one. */
export type Construct = (building: Building, name: string | undefined) => Callable;

/** `dense(10)`: a declaration with its configuration. */
export function configured(template: TemplateIn, args: readonly unknown[], site: CallSite): Layer {
  return layerOf((b, name) => {
    const place = copyAt(b, site.whole);
    const given = toArguments(b, site, args);
    const value = b.attempt(site, () =>
      construct(b.run, template(b), given, place, b.scopeAt(site), name),
    );
    return callable(value);
  });
}

/** A declaration named bare, where all of its configuration is optional. */
export function bareInstance(building: Building, template: Template, place: Place): Value {
  const scope = { ...building.scope, source: place.source };
  return constructBare(building.run, template, copyAt(building, place), scope);
}

/** Which of the layers that are constructed at this place of the program. */
const copyAt = (building: Building, place: Place): Place => ({
  ...place,
  copy: building.copyOf(place),
});

/** Stages in turn. */
export function composed(stages: readonly unknown[], site: CallSite): Layer {
  return layerOf((b, name) => {
    const scope = name === undefined ? b.scopeAt(site) : namedScope(b, site, name);
    const owner = b.ownerAt(site.whole);
    const chain = (): Callable => ({
      kind: 'chain',
      parts: stages.map((stage, i): Part => {
        const place = i === 0 ? site.receiver : site.arg(i - 1);
        const callee = callable(toValue(b, stage, place));
        return callee.kind === 'template'
          ? { kind: 'apply', callee: callable(bareInstance(b, callee, place)), place, scope }
          : { kind: 'apply', callee, place, scope };
      }),
    });
    return b.inside(scope, chain, owner);
  });
}

/** The body that a named composition is: it owns what is constructed in it. */
function namedScope(building: Building, site: CallSite, name: string): Scope {
  const { registry } = building.run;
  const path = sitePath(registry, building.scope.body, copyAt(building, site.whole), name);
  const body: NamedBody = { ...building.scope.body, prefix: `${path}.` };
  return building.scopeOf(body, site);
}

/** What `repeat` repeats: a layer, which all rounds share, or a function that makes one for each. */
export type Round<T> = Stage | ((item: T, i: number) => Stage);

/**
 * A layer applied `count` times in turn, or once for each item of a list. A function makes a new layer for every
 * round, with the number of the round or its item; a layer is shared by all rounds.
 */
export function repeat(count: number, round: Round<number>): Layer;
export function repeat<T>(items: readonly T[], round: (item: T, i: number) => Stage): Layer;
export function repeat(over: number | readonly unknown[], round: Round<never>): Layer {
  const site = callSite();
  if (typeof over === 'number' && !(Number.isInteger(over) && over >= 0))
    throw new UsageError(`${over} is no number of rounds`, 'it is a whole number of at least 0');
  const items = typeof over === 'number' ? Array.from({ length: over }, (_, i) => i) : over;
  return layerOf((b, name) => {
    const { body } = b.scope;
    const place = copyAt(b, site.whole);
    const path =
      body.kind === 'fn'
        ? `${body.prefix}${body.name}.repeat`
        : sitePath(b.run.registry, body, place, name ?? 'repeat');
    const scope = innerScope(b.scopeAt(site));
    const shared = hasMeaning(round) ? toValue(b, round, site.arg(1)) : undefined;
    let i = 0;
    const makeRound: Value = {
      kind: 'native',
      name: 'repeat',
      call: (_, at, inside) =>
        b.inside(inside, () => {
          const n = i++ % Math.max(1, items.length);
          const make = round as unknown as (item: unknown, i: number) => unknown;
          return toValue(b, make(items[n], n), at);
        }),
    };
    scope.names.set('%round', { kind: 'argument', value: shared ?? makeRound });
    const { span } = site.whole;
    const callee = nameExpr('%round', span);
    const expr: Expr = shared === undefined ? { kind: 'call', callee, args: [], span } : callee;
    const rounds = items.map((_, n): Value => ({ kind: 'number', value: n, integer: true }));
    return { kind: 'repeat', items: rounds, expr, scope, path };
  });
}

/** A callable value of a building as a layer; with a recipe it can be made in others. */
function wrapped(building: Building, value: Callable, recipe: Recipe | undefined): Layer {
  return layerOf((b) => (b === building || recipe === undefined ? value : callable(recipe(b))));
}

function callable(value: Value): Callable {
  if (isCallable(value)) return value;
  throw new UsageError(
    `a ${value.kind} stands where a layer or a function is expected`,
    'a stage is a layer, a function of `nn` or `ops`, or one of your own: `(x) => x.mul(2)`',
  );
}

/** A function with all arguments but its first, which comes down the pipe: `x.pipe(nn.dropout(0.1))`. */
export const partial = (
  calleeIn: (building: Building) => Value,
  args: readonly unknown[],
  site: CallSite,
): Layer =>
  layerOf((b) => ({
    kind: 'chain',
    parts: [
      {
        kind: 'partial',
        callee: callable(calleeIn(b)),
        args: toArguments(b, site, args),
        place: site.whole,
        scope: b.scopeAt(site),
      },
    ],
  }));

/** A layer that a text says. */
export const layerOfText = (build: Construct): Layer => layerOf(build);

function layerOf(build: Construct, name?: string): Layer {
  const made = new WeakMap<Building, Callable>();
  const valueIn = (building: Building): Callable => {
    const before = made.get(building);
    if (before !== undefined) return before;
    const value = build(building, name);
    made.set(building, value);
    return value;
  };
  const apply = (...tensors: readonly unknown[]): unknown => {
    const site = callSite();
    return perform(site, tensors, (b) => applied(b, site, valueIn(b), tensorsAt(b, site, tensors)));
  };
  const layer = Object.assign(apply, {
    pipe: (...stages: readonly unknown[]): Layer => composed([layer, ...stages], callSite()),
    as: (other: string): Layer => layerOf(build, other),
    get: (field: string): Tensor => {
      const site = callSite();
      if (current() === undefined)
        throw new UsageError(
          'a layer has parameters in a model only',
          'ask for them inside of the function that builds it, or from a session: `session.parameters`',
        );
      return asTensor(
        perform(site, [], (b) => fieldValue(b, site, valueIn(b), field, site.receiver)),
      );
    },
  }) as unknown as Layer;
  return means(layer, { valueIn });
}

const tensorsAt = (
  building: Building,
  site: CallSite,
  tensors: readonly unknown[],
): readonly Argument[] =>
  tensors.map((x, i) => ({ value: toValue(building, x, site.arg(i)), place: site.arg(i) }));

makeWith({ callable: wrapped });
