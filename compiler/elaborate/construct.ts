/** Configuring a layer: `dense(10)` is one instance, with a path of its own. */
import type { LayerDecl, Param } from '../../grammar/ast.ts';
import { acceptArgument } from './accept.ts';
import { configureFile } from './file-layer.ts';
import type { Expectation } from './misfit.ts';
import { sitePath } from './naming.ts';
import { complain, note, textAt } from './report.ts';
import type { Run } from './run.ts';
import { newScope } from './scope.ts';
import { argumentsFor, expectation, isRecursive, isRequired, patternKey } from './signature.ts';
import {
  type Argument,
  type Instance,
  type NamedBody,
  type Place,
  type Scope,
  type Template,
  unknown,
  type Value,
} from './value.ts';

/** `dense(10)`: one instance, whose path the site or the given name decides. */
export function construct(
  run: Run,
  template: Template,
  args: readonly Argument[],
  place: Place,
  scope: Scope,
  name?: string,
): Value {
  const { decl } = template;
  if (scope.body.kind === 'fn')
    return complain(run, 'NN0310', { fn: scope.body.name, what: textAt(place) }, place);
  if (isRecursive(template.ancestry, decl))
    return complain(run, 'NN0306', { name: template.name }, place, {
      notes: [note({ source: template.scope.source, span: decl.name.span }, 'its declaration')],
    });
  const piped = args.find((a) => a.name === undefined && isArray(a.value));
  if (piped !== undefined) {
    const configured = decl.config.some(isRequired) ? exampleCall(decl) : template.name;
    return complain(
      run,
      'NN0304',
      { text: textAt(place), instead: `${textAt(piped.place)} |> ${configured}` },
      place,
    );
  }
  const bound = argumentsFor(run, template.name, decl.config, args, place);
  const path = sitePath(run.registry, scope.body, place, name ?? template.name);
  if (bound === undefined) return unknown;
  if (template.file !== undefined) {
    const config = configureFile(run, template, bound);
    if (config === undefined) return unknown;
    const given = new Set(bound.keys());
    return { ...named(template, path, place), config, open: new Set(), given };
  }
  const body: NamedBody = {
    kind: 'layer',
    name: template.name,
    prefix: `${path}.`,
    ancestry: [...template.ancestry, decl],
  };
  const inside = newScope(template.scope, template.scope.source, body);
  const config = new Map<string, Value>();
  const open = new Set<string>();
  let failed = false;
  for (const param of decl.config) {
    const key = patternKey(param.pattern);
    const arg = bound.get(key);
    if (arg === undefined && param.default === undefined) {
      open.add(key);
      inside.names.set(key, { kind: 'open', value: unknown });
      continue;
    }
    const value = configValue(run, param, arg, inside, expectation(template, param));
    if (value.kind === 'unknown') failed = true;
    config.set(key, value);
    inside.names.set(key, { kind: 'argument', value });
  }
  if (failed) return unknown;
  return { ...named(template, path, place), config, open, given: new Set(bound.keys()) };
}

const named = (
  template: Template,
  path: string,
  place: Place,
): Pick<Instance, 'kind' | 'template' | 'path' | 'text' | 'place'> => ({
  kind: 'instance',
  template,
  path,
  text: textAt(place),
  place,
});

/** A layer named bare, `|> layer_norm`, where all of its configuration is optional. */
export function constructBare(
  run: Run,
  template: Template,
  place: Place,
  scope: Scope,
  name?: string,
): Value {
  if (template.decl.config.some(isRequired) && scope.body.kind !== 'fn')
    return complain(
      run,
      'NN0304',
      { text: template.name, instead: exampleCall(template.decl) },
      place,
    );
  return construct(run, template, [], place, scope, name);
}

/** A scalar may have been meant as a size (NN0410); anything larger was meant as the layer's input. */
const isArray = (v: Value): boolean => v.kind === 'tensor' && v.node.type.shape.length > 0;

function configValue(
  run: Run,
  param: Param,
  arg: Argument | undefined,
  inside: Scope,
  e: Expectation,
): Value {
  if (arg === undefined)
    return param.default === undefined ? unknown : run.evaluate(param.default, inside);
  return acceptArgument(run, param.type, arg, inside, e);
}

function exampleCall(decl: LayerDecl): string {
  const examples = decl.config
    .filter(isRequired)
    .map((p) => (p.type?.name.text === 'dim' ? '10' : p.type?.name.text === 'int' ? '3' : '...'));
  return `${decl.name.text}(${examples.join(', ')})`;
}
