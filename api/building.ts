/**
 * A graph that is being built: the elaborator's run, and the body in which the next call of the API stands.
 * While a model's function runs its building is the current one, so that `nn.dropout(0.1)` or `ops.iota(3)`
 * belong to it without being told.
 */

import type { Run } from '../compiler/elaborate/run.ts';
import { lookup, newScope } from '../compiler/elaborate/scope.ts';
import {
  type Argument,
  isCallable,
  type NamedBody,
  type Place,
  type Scope,
  unknown,
  type Value,
} from '../compiler/elaborate/value.ts';
import { InternalError } from '../compiler/internal-error.ts';
import type { Expr, File, Section, Source, Span } from '../grammar/index.ts';
import type { CallSite } from './call-site.ts';
import { ModelError } from './model-error.ts';
import { inBody } from './stack-mark.ts';

export class Building {
  readonly run: Run;
  /** The names of the language, without those of the program. */
  readonly std: Scope;
  /** The body that owns what is declared now. */
  scope: Scope;
  /** What `train(...)` and `dim(...)` said, for the end of the run. */
  readonly sections: Section[] = [];
  readonly dims: { readonly file: File; readonly source: Source }[] = [];
  /** Where training was first spoken of. */
  trainedAt?: CallSite;
  /** Values of training options that are no literals, by a name. */
  readonly late: Map<string, unknown> = new Map();
  readonly sources: Set<Source> = new Set();
  private counted = { of: '', sites: new Map<string, number>() };

  constructor(run: Run, std: Scope, scope: Scope) {
    this.run = run;
    this.std = std;
    this.scope = scope;
    buildings.set(run, this);
  }

  static of(run: Run): Building {
    const building = buildings.get(run);
    if (building === undefined) throw new InternalError('api', 'a run that no API began');
    return building;
  }

  /** Runs `body` as what this building is asked to do; a mistake that it reports is thrown. */
  attempt<T>(site: CallSite, body: () => T): T {
    this.sources.add(site.source);
    const { run } = this;
    const reported = run.diagnostics.length;
    const frames = run.frames.length;
    const { path, initialiser } = run;
    const failed = (): boolean =>
      run.diagnostics.slice(reported).some((one) => one.severity === 'error');
    try {
      const result = body();
      if (!failed()) return result;
    } catch (error) {
      run.frames.length = frames;
      run.path = path;
      run.initialiser = initialiser;
      throw error;
    }
    const diagnostics = run.diagnostics.splice(reported);
    run.reported.clear();
    throw new ModelError(diagnostics, this.allSources());
  }

  /** Every text that a message about this building may point into. */
  allSources(): readonly Source[] {
    return [...this.sources, ...this.run.lines.keys()];
  }

  /** What a name of the language stands for; undefined where it is none. */
  named(name: string): Value | undefined {
    return lookup(this.std, name)?.value;
  }

  /** The scope of this moment, for expressions that stand at `site`. */
  scopeAt({ source }: CallSite): Scope {
    return { ...this.scope, source };
  }

  /** The scope in which `body` is the one that owns what is declared. */
  scopeOf(body: NamedBody, { source }: CallSite): Scope {
    return newScope(this.scope, source, body);
  }

  /**
   * While `body` runs, what is declared goes into `scope`, and sites are counted anew: what is applied twice finds
   * the same layers twice. `of` tells the functions apart that declare into one body.
   */
  inside<T>(scope: Scope, body: () => T, of = ''): T {
    const [outer, counted] = [this.scope, this.counted];
    this.scope = scope;
    this.counted = { of, sites: new Map() };
    try {
      return inBody(body);
    } finally {
      this.scope = outer;
      this.counted = counted;
    }
  }

  /** Which of those that this very place of the program has made in the body at hand. */
  copyOf({ source, span, mark }: Place): string {
    const within = mark === undefined ? '' : `${mark}:`;
    const key = `${source.name}:${span.start}:${within}`;
    const { of, sites } = this.counted;
    const n = sites.get(key) ?? 0;
    sites.set(key, n + 1);
    return `${of}${within}${n}`;
  }

  /** Tells what a function that was handed over at `place`, or a chain made there, constructs from what others do in the same body. */
  ownerAt(place: Place): string {
    return `${place.source.name}:${place.span.start}:${this.copyOf(place)}.`;
  }
}

const buildings = new WeakMap<Run, Building>();

let active: Building | undefined;

/** The building whose function runs. */
export const current = (): Building | undefined => active;

/** Makes a building the current one while `body` runs. */
export function within<T>(building: Building | undefined, body: () => T): T {
  const outer = active;
  active = building;
  try {
    return inBody(body);
  } finally {
    active = outer;
  }
}

/**
 * Expressions about values: each value gets a name that nobody can write, and stands where the program wrote
 * it. The elaborator then evaluates them as it does those of a file.
 */
export interface Phrase {
  readonly scope: Scope;
  value(value: Value, place: Place): Expr;
}

/** Gives `body` a scope at the site whose values have names; the names are gone afterwards. */
export function phrased<T>(building: Building, site: CallSite, body: (phrase: Phrase) => T): T {
  const scope = building.scopeAt(site);
  const names: string[] = [];
  try {
    return body({
      scope,
      value(value, place) {
        const name = `%${count++}`;
        names.push(name);
        scope.names.set(name, { kind: 'argument', value });
        return nameExpr(name, place.span);
      },
    });
  } finally {
    for (const name of names) scope.names.delete(name);
  }
}
let count = 0;

export const nameExpr = (name: string, span: Span): Expr => ({ kind: 'name', name, span });

/** Applies a callable value where the call stands. */
export function applied(
  building: Building,
  site: CallSite,
  callee: Value,
  args: readonly Argument[],
): Value {
  return isCallable(callee)
    ? building.run.apply(callee, args, site.whole, building.scopeAt(site))
    : unknown;
}
