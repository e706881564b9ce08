/** A model built by a program, or out of a text: checked when it is made, and the same to everything below. */
import {
  type Elaborated,
  type ElaborateOptions,
  elaborateTwice,
} from '../compiler/elaborate/elaborate.ts';
import { checkExpectations } from '../compiler/elaborate/expectations.ts';
import { printSummary } from '../compiler/elaborate/summary.ts';
import { InternalError } from '../compiler/internal-error.ts';
import type { Model as Definition } from '../compiler/model.ts';
import type { Diagnostic, Source } from '../grammar/index.ts';
import type { Building } from './building.ts';
import { type CallSite, callSite, standingAt } from './call-site.ts';
import { buildChain } from './chain-model.ts';
import { hasMeaning } from './convert.ts';
import { graphHash } from './graph-hash.ts';
import { inTypeScript } from './in-typescript.ts';
import type { Layer } from './layer.ts';
import { ModelError } from './model-error.ts';
import { type ModelScope, modelScope } from './model-scope.ts';
import type {
  ModelShape,
  OutputNames,
  Outputs,
  Parts,
  PartValues,
  ShapeOf,
} from './model-shape.ts';
import { programOf } from './program.ts';
import type { ModelSession, OpenOptions } from './session/index.ts';
import { Tensor } from './tensor.ts';
import { UsageError } from './usage-error.ts';

/** What a session may ask to be different from what the model says itself. */
export type ModelOptions = Pick<ElaborateOptions, 'seed'> &
  Partial<Omit<ElaborateOptions, 'source'>>;

/** Makes the definition again, with other options. */
export type Elaborate = (options: ModelOptions) => {
  readonly elaborated: Omit<Elaborated, 'sources'>;
  readonly sources: readonly Source[];
};

/** A model with all that a tool may want to know of it. */
export interface ElaboratedModel {
  readonly definition: Definition;
  readonly warnings: readonly Diagnostic[];
  /** The program, or the file, that says what it is. */
  readonly source: Source;
  /** Every text that messages and origins may point into. */
  readonly sources: readonly Source[];
  /** What the expressions of `source` became, in training and in evaluation. */
  readonly traces: Elaborated['traces'];
}

/** `S` is what the types know of it. */
export class Model<S extends ModelShape = ModelShape> {
  /** What the compiler takes: graph, inputs, parameters, losses, optimizer. */
  readonly definition: Definition;
  /** What is doubtful but no mistake. */
  readonly warnings: readonly Diagnostic[];
  readonly #elaborate: Elaborate;
  readonly #source: Source;
  readonly #sources: readonly Source[];
  declare readonly shape?: S;

  /** Throws ModelError with all that is wrong. */
  constructor(source: Source, elaborate: Elaborate) {
    this.#elaborate = elaborate;
    const { model, diagnostics, sources } = defined(elaborate, {});
    this.#source = source;
    this.#sources = sources;
    this.definition = model;
    this.warnings = inTypeScript(diagnostics, sources);
  }

  get name(): string {
    return this.definition.name;
  }

  /** The definition with another seed, optimizer or learning rate. */
  with(options: ModelOptions): Definition {
    return defined(this.#elaborate, options).model;
  }

  /** The same for tools: where it comes from, too. Throws ModelError. */
  elaborated(options: ModelOptions = {}): ElaboratedModel {
    const { model, diagnostics, sources, traces } = defined(this.#elaborate, options);
    const warnings = inTypeScript(diagnostics, sources);
    return { definition: model, warnings, source: this.#source, sources, traces };
  }

  /** On a device, with parameters as they begin; see `ModelSession` for what can be done with it. */
  async open(options?: OpenOptions): Promise<ModelSession<S>> {
    // Only here, so that a page which shows a model need not load what runs it.
    const { openModel } = await import('./session/open.ts');
    return await openModel<S>(this.definition, options, {
      tunable: () => this.with({ tunableRates: true }),
      file: this.#source.name,
      sources: (name) => this.#sources.find((source) => source.name === name),
    });
  }

  /** Where the parameters are, how many, what goes in and what comes out. */
  summary(): string {
    return printSummary(this.definition);
  }

  /**
   * Checks what `m.expect(...)` (in a file `expect`) says must hold, with seeded data in the reference interpreter:
   * the words of each, and whether it holds.
   */
  test(): readonly { readonly text: string; readonly holds: boolean }[] {
    return checkExpectations(this.definition).map(({ text, holds }) => ({ text, holds }));
  }

  /** Equal for models that compute the same; see `graphHash`. */
  get hash(): string {
    return graphHash(this.definition);
  }
}

function defined(
  elaborate: Elaborate,
  options: ModelOptions,
): {
  readonly model: Definition;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly Source[];
  readonly traces: Elaborated['traces'];
} {
  const { elaborated, sources } = elaborate(options);
  const { model, diagnostics, traces } = elaborated;
  if (model === undefined) throw new ModelError(diagnostics, sources);
  return { model, diagnostics, sources, traces };
}

/** A layer as a model: its input is `x`, its output `y`. */
export interface ChainShape extends ModelShape {
  readonly inputs: { readonly x: 'f32' };
  readonly outputs: 'y';
  readonly metrics: never;
}
/** A model of which only the outputs that its function returns are known. */
export interface LooseShape<R> extends ModelShape {
  readonly outputs: OutputNames<R>;
}

/**
 * Builds a model. Its function runs once for training and once for evaluation (`m.training` tells which) and may return
 * outputs by name. With the parts given first, types know the names of inputs, outputs and parameters:
 *
 *     const net = model('net', { inputs: { x: 'f32[batch, 4]' }, layers: { out: nn.dense(3) } },
 *       ({ x, out }) => ({ y: out(x) }));
 *
 * Throws ModelError where shapes do not fit or a name is unknown, at the line of the program that said so.
 */
export function model(name: string, layer: Layer<string, unknown>): Model<ChainShape>;
export function model<R extends Outputs>(
  name: string,
  build: (m: ModelScope) => R,
): Model<LooseShape<R>>;
export function model<const P extends Parts, R extends Outputs>(
  name: string,
  parts: P,
  build: (parts: PartValues<P>, m: ModelScope) => R,
): Model<ShapeOf<P, R>>;
export function model(name: string, first: unknown, second?: unknown): Model {
  const site = callSite();
  if (hasMeaning(first))
    return new Model(
      site.source,
      elaborateBy(name, site, (b) => buildChain(b, site, first)),
    );
  const [parts, build] = typeof first === 'function' ? [{}, first] : [first as Parts, second];
  if (typeof build !== 'function')
    throw new UsageError(
      `the model \`${name}\` has neither a layer nor a function that builds it`,
      "`model('net', nn.dense(784, 10))`, or `model('net', (m) => { … })`",
    );
  const given = typeof first !== 'function';
  const run = build as (...args: readonly unknown[]) => unknown;
  return new Model(
    site.source,
    elaborateBy(name, site, ({ run: { results, training } }) => {
      const outputs = given
        ? run(
            standingAt(site, () => partValues(parts)),
            modelScope,
          )
        : run(modelScope);
      standingAt(site, () => declareOutputs(outputs));
      if (!training) checkMetrics(parts, [...results.losses, ...results.metrics]);
    }),
  );
}

function partValues(parts: Parts): Record<string, unknown> {
  const { inputs = {}, params = {}, states = {}, layers = {} } = parts;
  const values: Record<string, unknown> = {};
  for (const [key, type] of Object.entries(inputs)) values[key] = modelScope.input(key, type);
  for (const [key, [type, initial]] of Object.entries(params))
    values[key] = modelScope.param(key, type, initial);
  for (const [key, [type, initial]] of Object.entries(states))
    values[key] = modelScope.state(key, type, initial);
  for (const [key, layer] of Object.entries(layers)) values[key] = (layer as Layer).as(key);
  return values;
}

function checkMetrics(
  { metrics = [] }: Parts,
  measured: readonly { readonly name: string }[],
): void {
  const missing = metrics.find((name) => measured.every((one) => one.name !== name));
  if (missing !== undefined)
    throw new UsageError(
      `\`${missing}\` is among the metrics of the parts, and the function gives it no value`,
      `say what it is, \`m.metric('${missing}', …)\`, or leave it out`,
    );
}

function declareOutputs(outputs: unknown): void {
  if (outputs instanceof Promise)
    throw new UsageError(
      'the function of a model gave a promise',
      'a graph is built at once: await data before, and build without',
    );
  if (typeof outputs !== 'object' || outputs === null || outputs instanceof Tensor) return;
  for (const [key, value] of Object.entries(outputs))
    if (value instanceof Tensor) modelScope.output(key, value);
}

/** A seed that the program's own `train` says is known when it has run: then it runs again with it. */
function elaborateBy(name: string, site: CallSite, body: (building: Building) => void): Elaborate {
  return (options) => {
    const all = { ...options, name: options.name ?? name, source: site.source };
    let last: Building | undefined;
    const attempt = (seed: number): Omit<Elaborated, 'sources'> =>
      elaborateTwice(
        all,
        programOf(site, seed, body, (building) => {
          last = building;
        }),
      );
    const seed = options.seed ?? 0;
    const elaborated = attempt(seed);
    const own = elaborated.model?.train.seed;
    const final =
      options.seed === undefined && own !== undefined && own !== seed ? attempt(own) : elaborated;
    if (last === undefined) throw new InternalError('api', 'a model that was never built');
    return { elaborated: final, sources: last.allSources() };
  };
}
