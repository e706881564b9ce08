/** `nnc compile --target module`: the module, and its weights beside it or in it. */
import path from 'node:path';
import { type CompileOptions, compile, programName } from '../compiler/compile.ts';
import type { Model } from '../compiler/model.ts';
import { type ModuleSource, writeModule, writeScript } from '../emit/module.ts';
import { inferenceModel } from '../emit/module-model.ts';
import type { SizedChoice } from '../emit/module-plan.ts';
import { checkGuards } from '../train/sizes.ts';
import { compilePrograms, programKinds } from './compile-programs.ts';
import { EXIT, UserError } from './failure.ts';
import type { LoadedModel } from './load-model.ts';
import type { ModuleOptions } from './module-options.ts';
import { moduleWeights } from './module-weights.ts';
import { bytesText, counted, grouped } from './numbers.ts';
import { readVersion } from './version.ts';
import { checkWritable, writeWhole } from './whole-file.ts';

export interface CompileModuleOptions extends ModuleOptions {
  readonly output?: string;
  readonly size?: Readonly<Record<string, number>>;
}

/** More would make the text of a module slow to load; a file beside it is not text. */
const MOST_EMBEDDED = 2 ** 20;

interface OutputFiles {
  readonly main: string;
  readonly declarations?: string;
  readonly weights: string;
}

/** Returns a line that says what was written. */
export async function compileModule(
  loaded: LoadedModel,
  options: CompileModuleOptions,
  rows: readonly number[],
  compileOptions: ModuleCompileOptions,
): Promise<string> {
  const files = outputFiles(options);
  const output = path.basename(files.main);
  const { module, weights } = prepareModule(loaded, { ...options, output }, rows, compileOptions);
  const { declarations } = files;
  if (declarations === undefined) {
    writeWhole(files.main, await writeModule(module), 'the module');
  } else {
    const { script, declarations: types } = await writeScript(module);
    writeWhole(declarations, types, 'the types of the module');
    writeWhole(files.main, script, 'the module');
  }
  const embedded = module.embedded !== undefined;
  if (weights !== undefined && !embedded) writeWhole(files.weights, weights, 'the weights');
  const { kernels, programs } = module.plan;
  const names = programs.map(({ name }) => name).join(', ');
  const besides = [
    ...(declarations === undefined ? [] : [`types in ${declarations}`]),
    ...(weights === undefined
      ? []
      : [`weights ${embedded ? 'in it' : `in ${files.weights}`} (${bytesText(weights.length)})`]),
  ];
  return [`${files.main}: ${counted(kernels.length, 'kernel')} for ${names}`, ...besides].join(
    '; ',
  );
}

type ModuleCompileOptions = Omit<CompileOptions, 'programs'>;

/** All that a module is made of; its weights file where there is one, whether it is to be part of the module or not. */
export function prepareModule(
  { model: whole, source }: Pick<LoadedModel, 'model' | 'source'>,
  options: CompileModuleOptions,
  rows: readonly number[],
  compileOptions: ModuleCompileOptions,
): { readonly module: ModuleSource; readonly weights: Uint8Array<ArrayBuffer> | undefined } {
  const { train = false, embedWeights = false, output = 'net.ts' } = options;
  const model = train ? trainable(whole, source.name) : predicting(whole, source.name);
  const choices = moduleChoices(model, rows, options.size ?? {}, train);
  const { plan, kernels } = compile(model, { ...compileOptions, programs: choices });
  const weights = moduleWeights(model, { train, weights: options.weights });
  if (embedWeights) checkEmbedded(weights, source.name);
  const embedded = embedWeights ? weights : undefined;
  const facts = { file: source.name, output, version: readVersion(), embedded };
  return { module: { model, plan, kernels, choices, train, ...facts }, weights };
}

function outputFiles({ output, js = false }: CompileModuleOptions): OutputFiles {
  const example = js ? 'net.js' : 'net.ts';
  if (output === undefined)
    throw new UserError('--target module needs a file', `-o ${example}`, EXIT.usage);
  const [, stem, ending] = /^(.*)\.(m?)(?:ts|js)$/.exec(output) ?? [];
  if (stem === undefined || stem.endsWith('.d'))
    throw new UserError(
      `-o: a module is a .ts or .js file, not ${output}`,
      `-o ${example}`,
      EXIT.usage,
    );
  const script = js || output.endsWith('js');
  const files = {
    main: `${stem}.${ending}${script ? 'js' : 'ts'}`,
    weights: `${stem}.safetensors`,
    ...(script ? { declarations: `${stem}.d.${ending}ts` } : {}),
  };
  for (const file of Object.values(files))
    checkWritable(file, { option: '-o', what: 'module', example });
  return files;
}

function predicting(model: Model, file: string): Model {
  if (model.evaluation.outputs.length > 0) return inferenceModel(model);
  throw new UserError(
    `${file} has no \`output\`: a module of it would compute nothing`,
    'name one: `output y = …`; or give --train for a module that trains',
  );
}

function trainable(model: Model, file: string): Model {
  if (programKinds(model).includes('train')) return model;
  throw new UserError(
    `${file} trains nothing: there is no step to write`,
    'leave --train out, or give the file a `train { optimizer: … }` section',
  );
}

/** All programs at all numbers of rows; what does not depend on rows once. */
function moduleChoices(
  model: Model,
  rows: readonly number[],
  sizes: Readonly<Record<string, number>>,
  train: boolean,
): readonly SizedChoice[] {
  const choices = new Map<string, SizedChoice>();
  for (const count of rows)
    for (const choice of compilePrograms(model, count, sizes)) {
      if (choice.kind === 'eval' || (choice.kind === 'train' && !train)) continue;
      checkGuards(model, choice.dims);
      const name = programName(choice.kind, choice.dims, choice.sections);
      if (!choices.has(name)) choices.set(name, { ...choice, rows: count });
    }
  return [...choices.values()];
}

function checkEmbedded(file: Uint8Array | undefined, name: string): asserts file is Uint8Array {
  if (file === undefined)
    throw new UserError(
      `--embed-weights: there are no weights of ${name} to put into the module`,
      'give them: --weights FILE, as `nnc train -o FILE` writes it',
      EXIT.usage,
    );
  if (file.length <= MOST_EMBEDDED) return;
  throw new UserError(
    `--embed-weights: the weights take ${grouped(file.length)} bytes; a module holds at most ${grouped(MOST_EMBEDDED)}`,
    'leave it out: the weights are then written beside the module, and given to `open`',
  );
}
