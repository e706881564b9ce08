/**
 * Layers and functions that a program declares. Their heads are text of the language, so that arguments are bound
 * and checked as those of a file's; their bodies are functions of the program.
 */
import { innerScope, lookup } from '../compiler/elaborate/scope.ts';
import type { Scope, Template, Value } from '../compiler/elaborate/value.ts';
import {
  type Expr,
  type FnDecl,
  type LayerDecl,
  lineAt,
  parse,
  type Source,
} from '../grammar/index.ts';
import { applied, type Building, nameExpr } from './building.ts';
import { type CallSite, callSite } from './call-site.ts';
import { fromValue, hasMeaning, means, toArguments, toValue } from './convert.ts';
import { layerMaker } from './entries.ts';
import type { Layer } from './layer.ts';
import { ModelError } from './model-error.ts';
import { perform } from './perform.ts';
import type { AnySize } from './size.ts';
import { snakeCase } from './spelling.ts';
import { type LayerScope, layerScope } from './statements.ts';
import type { Stage, Tensor, TensorLike } from './tensor.ts';
import { UsageError } from './usage-error.ts';

/**
 * What one entry of a configuration is: the name of a type for what has to be given, or the value that it has
 * unless given. The body computes with a `'dim'` as with any number; where data may decide the size, as they do that of
 * a batch, the entry is a `'size'`, for which `d.mul(4)` stands for `4 * d`.
 */
export type ConfigEntry =
  | 'dim'
  | 'size'
  | 'int'
  | 'float'
  | 'bool'
  | 'str'
  | 'fn'
  | 'list'
  | number
  | boolean;
/** The configuration of a layer, by name: those that have to be given in their order. */
export type ConfigSpec = Readonly<Record<string, ConfigEntry>>;

type Given<E extends ConfigEntry> = E extends 'dim' | 'size'
  ? AnySize
  : E extends 'int' | 'float' | number
    ? number
    : E extends 'bool' | boolean
      ? boolean
      : E extends 'str'
        ? string
        : E extends 'fn'
          ? Stage
          : readonly unknown[];

/**
 * What the body sees: a function among it is applied to tensors. A `'dim'` that data decide may be handed on; computing
 * with it is ModelError NN0410.
 */
export type Config<S extends ConfigSpec> = {
  readonly [K in keyof S]: S[K] extends 'fn'
    ? (x: Tensor, ...more: Tensor[]) => Tensor
    : S[K] extends 'dim'
      ? number
      : Given<S[K]>;
};

type RequiredKeys<S extends ConfigSpec> = {
  [K in keyof S]: S[K] extends string ? K : never;
}[keyof S];
type OptionsOf<S extends ConfigSpec> = {
  readonly [K in Exclude<keyof S, RequiredKeys<S>>]?: Given<S[K]>;
};

/** Those that have to be given in the order of the configuration, then the options in an object. */
export type MakeLayer<S extends ConfigSpec, R = Tensor> = (
  ...args: readonly (Given<S[keyof S]> | OptionsOf<S>)[]
) => Layer<string, R>;

/** What the configured layer does: a function of tensors, or another layer. */
export type LayerBody<S extends ConfigSpec, R> = (
  scope: LayerScope,
  config: Config<S>,
) => (...tensors: Tensor[]) => R;

/** What a layer is applied to and gives, for checks. */
export interface LayerOptions {
  /** What it is applied to, with types if they are to be checked: `['q: float[..., t, d]', 'k']`; one tensor unless told. */
  readonly tensors?: readonly string[];
  /** The type of its result, to be checked: `'float[..., units]'`. */
  readonly result?: string;
}

/**
 * Declares a layer. The body runs each time that the layer is applied, with the scope that owns its parameters;
 * `layer('scale', {}, (l) => (x) => x.mul(l.param('k', 'f32', 1)))`. Throws ModelError where a name or a type of the head is
 * none.
 */
export function layer<const S extends ConfigSpec, R>(
  name: string,
  config: S,
  body: LayerBody<S, R>,
  { tensors = ['x'], result }: LayerOptions = {},
): MakeLayer<S, R> {
  const site = callSite();
  const entries = Object.entries(config).map(([key, entry]) => configText(snakeCase(key), entry));
  const arrow = result === undefined ? '' : ` -> ${result}`;
  const head = `layer ${name}(${entries.join(', ')})(${tensors.join(', ')})${arrow}`;
  const { source, decl } = parsedHead<LayerDecl>(head, site, 'layer');
  const declared: LayerDecl = { ...decl, body: bodyCalling(decl.tensors ?? []) };
  const keys = Object.keys(config);
  const templates = new WeakMap<Building, Template>();
  const templateIn = (b: Building): Template => {
    const before = templates.get(b);
    if (before !== undefined) return before;
    const scope = scopeWith(b, source, (args, place, inside) => {
      const given = Object.fromEntries(
        keys.map((key) => [key, fromValue(b, lookup(inside, snakeCase(key))?.value ?? none)]),
      ) as Config<S>;
      const made: unknown = body(layerScope, given);
      if (typeof made !== 'function') return toValue(b, made, place);
      if (hasMeaning(made)) return applied(b, site, toValue(b, made, place), args);
      return toValue(b, made(...args.map((arg) => fromValue(b, arg.value))), place);
    });
    const template: Template = { kind: 'template', name, decl: declared, scope, ancestry: [] };
    templates.set(b, template);
    return template;
  };
  return layerMaker(name, templateIn) as MakeLayer<S, R>;
}

/** How a function is differentiated otherwise than by what it is made of. */
export interface FnOptions {
  /**
   * The derivative by hand: from the result, the cotangent of it and the arguments, one cotangent for each argument, in
   * a list where there are several.
   */
  vjp?(y: Tensor, dy: Tensor, ...args: Tensor[]): Tensor | readonly Tensor[];
}

/** A function of tensors that owns nothing, under a name that messages and random numbers go by. */
export function fn<Args extends readonly unknown[], R>(
  name: string,
  body: (...args: Args) => R,
  { vjp }: FnOptions = {},
): (...args: { [I in keyof Args]: Args[I] extends Tensor ? TensorLike : Args[I] }) => R {
  const site = callSite();
  const params = Array.from({ length: body.length }, (_, i) => `x${i}`);
  const rule = vjp === undefined ? '' : ' vjp (y, dy) => y';
  const { source, decl } = parsedHead<FnDecl>(`fn ${name}(${params.join(', ')})`, site, 'fn', rule);
  const declared: FnDecl = {
    ...decl,
    body: bodyCalling(decl.params),
    ...(decl.vjp === undefined
      ? {}
      : { vjp: { ...decl.vjp, value: callOf('%vjp', ['y', 'dy', ...params], decl.span) } }),
  };
  const values = new WeakMap<Building, Value>();
  const valueIn = (b: Building): Value => {
    const before = values.get(b);
    if (before !== undefined) return before;
    const call =
      (f: (...args: never[]) => unknown): Native =>
      (args, place) =>
        toValue(b, f(...(args.map((arg) => fromValue(b, arg.value)) as never[])), place);
    const scope = scopeWith(b, source, call(body));
    if (vjp !== undefined) bindNative(b, scope, '%vjp', call(vjp));
    const value: Value = { kind: 'fn', name, decl: declared, scope, ancestry: [] };
    values.set(b, value);
    return value;
  };
  const apply = (...args: readonly unknown[]): unknown => {
    const at = callSite();
    return perform(at, args, (b) => applied(b, at, valueIn(b), toArguments(b, at, args)));
  };
  return means(apply, { valueIn }) as unknown as ReturnType<typeof fn<Args, R>>;
}

const none: Value = { kind: 'unknown' };
type Native = Extract<Value, { kind: 'native' }>['call'];

function scopeWith(b: Building, source: Source, call: Native): Scope {
  b.sources.add(source);
  const scope: Scope = { ...innerScope(b.std), source };
  bindNative(b, scope, '%body', call);
  return scope;
}

function bindNative(b: Building, scope: Scope, name: string, call: Native): void {
  const value: Value = {
    kind: 'native',
    name,
    call: (args, place, inside) => b.inside(inside, () => call(args, place, inside)),
  };
  scope.names.set(name, { kind: 'argument', value });
}

const typeNames = ['dim', 'size', 'int', 'float', 'bool', 'str', 'fn', 'list'];

function configText(name: string, entry: ConfigEntry): string {
  if (typeof entry !== 'string') return `${name} = ${entry}`;
  // They differ in TypeScript only, whose operators compute with numbers alone.
  if (typeNames.includes(entry)) return `${name}: ${entry === 'size' ? 'dim' : entry}`;
  throw new UsageError(
    `"${entry}" is no type of a configuration`,
    `it is one of ${typeNames.join(', ')}; a number or boolean is an option with that default`,
  );
}

/** The declaration that a head says; its body is still to be given. */
function parsedHead<D extends LayerDecl | FnDecl>(
  head: string,
  site: CallSite,
  kind: D['kind'],
  rule = '',
): { readonly source: Source; readonly decl: D } {
  const line = lineAt(site.source.text, site.whole.span.start);
  const source = { name: `${site.source.name}:${line}`, text: `${head} = 0${rule}` };
  const { file, diagnostics } = parse(source);
  if (diagnostics.length > 0) throw new ModelError(diagnostics, [source]);
  const [decl] = file.items;
  if (decl?.kind === kind && file.items.length === 1) return { source, decl: decl as D };
  throw new UsageError(
    `this is no head of a ${kind}: ${head}`,
    'names are words of letters and digits',
  );
}

type Params = LayerDecl['config'];

function bodyCalling(params: Params): LayerDecl['body'] {
  const names = params.flatMap(({ pattern }) =>
    pattern.kind === 'name' ? [pattern.name.text] : [],
  );
  const span = params[0]?.span ?? { start: 0, end: 0 };
  return { kind: 'expression', value: callOf('%body', names, span), span };
}

const callOf = (name: string, args: readonly string[], span: Expr['span']): Expr => ({
  kind: 'call',
  callee: nameExpr(name, span),
  args: args.map((arg) => ({ value: nameExpr(arg, span), span })),
  span,
});
