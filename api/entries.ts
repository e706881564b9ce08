/** The names of the language as functions of the program: what a fn is calls it, what a layer is configures it. */
import { builtins } from '../compiler/elaborate/builtins/index.ts';
import { prelude } from '../compiler/elaborate/prelude.ts';
import { isPrivate } from '../compiler/elaborate/scope.ts';
import { isRequired } from '../compiler/elaborate/signature.ts';
import type { Value } from '../compiler/elaborate/value.ts';
import { InternalError } from '../compiler/internal-error.ts';
import { applied, type Building } from './building.ts';
import { callSite } from './call-site.ts';
import { isOptions, means, toArguments } from './convert.ts';
import { bareInstance, configured, partial, type TemplateIn } from './layer.ts';
import { perform } from './perform.ts';
import { camelCase } from './spelling.ts';

type Entries = Readonly<Record<string, unknown>>;

/** Every fn and layer of the prelude. */
export function preludeEntries(): Entries {
  return Object.fromEntries(
    prelude.flatMap(({ source, file }) =>
      file.items.flatMap((item): [string, unknown][] => {
        if ((item.kind !== 'fn' && item.kind !== 'layer') || isPrivate(item.name.text)) return [];
        const name = item.name.text;
        if (item.kind === 'layer') return [[camelCase(name), layerEntry(name)]];
        // What `initialisers.nn` has are initial values, but for functions that give such functions.
        const gives = item.body.kind === 'expression' ? item.body.value.kind : 'block';
        const initial = source.name === 'std/initialisers.nn' && gives !== 'lambda';
        return [
          [
            camelCase(name),
            functionEntry('nn.', name, () => initial, item.params.filter(isRequired).length),
          ],
        ];
      }),
    ),
  );
}

/** Draws numbers; without a shape it is an initial value, to which the parameter gives one. */
const random = new Set(['uniform', 'normal', 'truncated_normal', 'bernoulli', 'randint']);

/** Every built-in function. */
export function builtinEntries(): Entries {
  return Object.fromEntries(
    [...builtins.keys()].map((name) => [
      camelCase(name),
      functionEntry(
        'ops.',
        name,
        (args) => random.has(name) && !hasShape(args.at(-1)),
        notPiped.has(name) ? 1 : required(name),
      ),
    ]),
  );
}

const hasShape = (x: unknown): boolean => isOptions(x) && ('shape' in x || 'like' in x);

/** Their first argument is no tensor, or nothing that a pipe would bring. */
const notPiped = new Set(['einsum', 'grad', 'full', ...random]);
const required = (name: string): number =>
  builtins.get(name)?.parameters.filter((one) => !one.optional && !one.skippable).length ?? 1;

/** `required`: how many arguments have to be given; with one less it is a stage that waits for its first. */
function functionEntry(
  home: string,
  name: string,
  isInitial: (args: readonly unknown[]) => boolean,
  required: number,
): unknown {
  const called = `${home}${camelCase(name)}`;
  const call = (...args: readonly unknown[]): unknown => {
    const site = callSite({ name: called, args });
    const given = args.filter((arg) => !isOptions(arg)).length;
    if (required > 1 && given === required - 1)
      return partial((b) => standing(b, name), args, site);
    const initial = isInitial(args);
    return perform(
      site,
      args,
      (b) => applied(b, site, standing(b, name), toArguments(b, site, args)),
      { initial },
    );
  };
  return means(named(call, name), { valueIn: (b) => standing(b, name) });
}

function layerEntry(name: string): unknown {
  const template: TemplateIn = (b) => {
    const value = standing(b, name);
    if (value.kind !== 'template') throw new InternalError('api', `${name} is no layer`);
    return value;
  };
  return layerMaker(name, template, 'nn.');
}

/** A function that configures a layer; it may also stand bare where a layer is expected. */
export function layerMaker(name: string, template: TemplateIn, home = ''): unknown {
  const called = `${home}${camelCase(name)}`;
  const make = (...args: readonly unknown[]): unknown =>
    configured(template, args, callSite({ name: called, args }));
  return means(named(make, name), {
    valueIn: (b, place) => bareInstance(b, template(b), place),
  });
}

function standing(building: Building, name: string): Value {
  const value = building.named(name);
  if (value === undefined) throw new InternalError('api', `${name} stands for nothing`);
  return value;
}

const named = <F extends (...args: readonly unknown[]) => unknown>(f: F, name: string): F =>
  Object.defineProperty(f, 'name', { value: camelCase(name) });
