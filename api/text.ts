/** Text of the language inside of a program: whole files as models, and chains as layers. */

import { declarationsOf } from '../compiler/elaborate/declarations-of-file.ts';
import { elaborate as elaborateFile } from '../compiler/elaborate/elaborate.ts';
import type { ReadImport } from '../compiler/elaborate/imports.ts';
import { newScope } from '../compiler/elaborate/scope.ts';
import { isCallable } from '../compiler/elaborate/value.ts';
import { lint } from '../compiler/lint/index.ts';
import { type File, parse, type Source } from '../grammar/index.ts';
import { callSite } from './call-site.ts';
import { toValue } from './convert.ts';
import { type Layer, layerOfText } from './layer.ts';
import { Model } from './model.ts';
import { ModelError } from './model-error.ts';
import { UsageError } from './usage-error.ts';

/** What a text is called, and where its imports are. */
export interface TextOptions {
  /** The name of the text in messages, and of the model without its ending; `model.nn` unless given. */
  readonly name?: string;
  /** Finds the files that `import` names. */
  readonly readImport?: ReadImport;
}

function compileText(text: string, { name = 'model.nn', readImport }: TextOptions = {}): Model {
  const source = { name, text };
  const file = parsed(source);
  return new Model(source, (options) => {
    const { sources, ...elaborated } = elaborateFile(file, {
      ...options,
      source,
      ...(readImport === undefined ? {} : { readImport }),
    });
    const warnings = lint(file, source, { ...elaborated, sources });
    return {
      elaborated: { ...elaborated, diagnostics: [...elaborated.diagnostics, ...warnings] },
      sources: [source, ...sources],
    };
  });
}

function parsed(source: Source): File {
  const { file, diagnostics } = parse(source);
  if (diagnostics.some((one) => one.severity === 'error'))
    throw new ModelError(diagnostics, [source]);
  return file;
}

/**
 * A chain as a layer: `` compile.nn`layer_norm |> dense(${classes}) |> log_softmax` ``. Values, tensors and layers stand
 * where `${…}` does; declarations may stand before the chain.
 */
function layerOfChain(texts: TemplateStringsArray, ...values: readonly unknown[]): Layer {
  const site = callSite();
  const text = texts.reduce((all, part, i) => `${all}${hole(i - 1)}${part}`);
  const { source, file } = parsedLayer(`${site.source.name} (compile.nn)`, text);
  const chains = file.items.flatMap((item) =>
    item.kind === 'chain' || isWhole(item) ? [item.value] : [],
  );
  const other = file.items.find(
    (item) => !isWhole(item) && !['chain', 'layer', 'fn', 'const', 'dim'].includes(item.kind),
  );
  const [chain] = chains;
  if (chain === undefined || other !== undefined)
    throw new UsageError(
      other === undefined
        ? 'this text has no chain of layers'
        : `\`${other.kind}\` stands in the text of a layer`,
      '`compile.nn` takes a chain such as `dense(64) |> relu`, `compile(text)` a whole file',
    );
  return layerOfText((b, named) => {
    b.sources.add(source);
    const { body } = b.scope;
    const home = declarationsOf(b.run, { source, file }, b.std, body);
    const scope = newScope(home, source, body);
    values.forEach((value, i) => {
      scope.names.set(hole(i), { kind: 'argument', value: toValue(b, value, site.whole) });
    });
    const made = b.attempt(site, () => b.run.evaluate(chain, scope, named));
    if (isCallable(made)) return made;
    throw new UsageError(
      'this text is no layer',
      'a layer waits for its input: `dense(64) |> relu`',
    );
  });
}

/** A block is no statement, so that a text that is only one is read as the value of this name. */
const whole = 'ø';
const isWhole = (item: File['items'][number]): item is Extract<typeof item, { kind: 'let' }> =>
  item.kind === 'let' && item.pattern.kind === 'name' && item.pattern.name.text === whole;

function parsedLayer(name: string, text: string): { readonly source: Source; readonly file: File } {
  const asValue = { name, text: `let ${whole} = ${text}` };
  const { file, diagnostics } = parse(asValue);
  if (text.trimStart().startsWith('{') && diagnostics.length === 0)
    return { source: asValue, file };
  const source = { name, text };
  return { source, file: parsed(source) };
}

/** What stands in the text for the value i; nobody writes such a name. */
const hole = (i: number): string => `ø${i}`;

/**
 * A whole file as a model, with the same messages as on the command line (ModelError); and `compile.nn` for a chain as
 * a layer.
 */
export const compile: typeof compileText & { readonly nn: typeof layerOfChain } = Object.assign(
  compileText,
  { nn: layerOfChain },
);
