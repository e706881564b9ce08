/** From a path and the options that change a model to the model itself; its mistakes are thrown, its warnings given back. */
import { type Elaborated, elaborate } from '../compiler/elaborate/elaborate.ts';
import type { SetValue } from '../compiler/elaborate/options.ts';
import { overrideSource } from '../compiler/elaborate/overrides.ts';
import { lint } from '../compiler/lint/index.ts';
import type { ColumnChoice, Model } from '../compiler/model.ts';
import { stdSources } from '../compiler/std/embedded.ts';
import {
  type Diagnostic,
  type File,
  lineAt,
  nearest,
  parse,
  type Source,
  type SourceLookup,
} from '../grammar/index.ts';
import { DiagnosticsError, EXIT, UserError } from './failure.ts';
import { importReader } from './import-reader.ts';
import { programFileOf } from './program-file.ts';
import { readSource } from './source-file.ts';

/** What the command line changes in a model. */
export interface ModelOptions {
  /** See `ElaborateOptions`. */
  readonly onlyCheck?: boolean | undefined;
  readonly set?: Readonly<Record<string, SetValue>> | undefined;
  readonly lr?: number | undefined;
  readonly optimizer?: string | undefined;
  readonly clip?: string | undefined;
  readonly seed?: number | undefined;
  /** Of the data, by input: each wins over what the file says for it. */
  readonly columns?: ColumnChoice | undefined;
}

export interface LoadedModel {
  readonly model: Model;
  /** As it was asked for: a path, or `nets.ts#small`. */
  readonly given: string;
  /** Of the file that says what it is. */
  readonly path: string;
  readonly file: File;
  readonly source: Source;
  readonly sources: SourceLookup;
  readonly warnings: readonly Diagnostic[];
  /** Absent for a program's, of which no text says whether it is the same as before. */
  readonly origin?: ModelOrigin;
  /** Files that it imports. */
  readonly imported: readonly Source[];
  /** What the file's expressions became, in training and in evaluation. */
  readonly traces: Elaborated['traces'];
}

/** What a model was made of, by which its plans can be told from others. */
export interface ModelOrigin {
  /** The model itself: one that was changed afterwards has another origin. */
  readonly model: Model;
  /** By name, imported files too. */
  readonly texts: Readonly<Record<string, string>>;
  readonly options: ModelOptions;
}

export interface Checked {
  readonly file: File;
  readonly source: Source;
  readonly sources: SourceLookup;
  /** Files that it imports. */
  readonly imported: readonly Source[];
  /** Absent where there is an error. */
  readonly model?: Model;
  readonly traces?: Elaborated['traces'];
  readonly diagnostics: readonly Diagnostic[];
}

/** Of a `.nn` file, or of a program. Throws UserError where the file cannot be read, DiagnosticsError where it has mistakes. */
export async function loadModel(path: string, options: ModelOptions): Promise<LoadedModel> {
  const program = programFileOf(path);
  if (program === undefined) return loadFile(path, options);
  const { loadProgram } = await import('./load-program.ts');
  const loaded = await loadProgram(program, options);
  return { ...loaded, model: withColumns(loaded.model, options.columns, path) };
}

/** Of a `.nn` file. */
export function loadFile(path: string, options: ModelOptions): LoadedModel {
  const checked = checkModel(path, options);
  const { file, source, sources, imported, diagnostics } = checked;
  if (checked.model === undefined) throw new DiagnosticsError(diagnostics, sources);
  const model = withColumns(checked.model, options.columns, path);
  const texts = Object.fromEntries([source, ...imported].map(({ name, text }) => [name, text]));
  const { set, lr, optimizer, clip, seed } = options;
  const origin = { model, texts, options: { set, lr, optimizer, clip, seed } };
  const { traces = [] } = checked;
  const warnings = diagnostics;
  return { model, given: path, path, file, source, sources, warnings, origin, imported, traces };
}

function withColumns(model: Model, columns: ColumnChoice | undefined, path: string): Model {
  if (columns === undefined) return model;
  const names = model.inputs.map((input) => input.name);
  const strange = Object.keys(columns).find((name) => !names.includes(name));
  if (strange === undefined)
    return { ...model, train: { ...model.train, columns: { ...model.train.columns, ...columns } } };
  const near = nearest(strange, names);
  throw new UserError(
    `--columns: ${path} has no input \`${strange}\``,
    near === undefined ? `it has ${names.join(', ') || 'none'}` : `did you mean \`${near}\`?`,
    EXIT.usage,
  );
}

/** All mistakes of a file. Throws UserError where it cannot be read. */
export function checkModel(path: string, options: ModelOptions): Checked {
  if (programFileOf(path) !== undefined)
    throw new UserError(
      `${path} is a program`,
      'its models are checked when they are built: `nnc summary` builds one, and shows it',
    );
  return checkSource(readSource(path), options);
}

/** All mistakes of a text; its name is the path from which it came. */
export function checkSource(source: Source, options: ModelOptions): Checked {
  const { file, diagnostics } = parse(source);
  const broken = diagnostics.some((one) => one.severity === 'error');
  const { model, ...more } = broken
    ? mistakesBeside(file, source, diagnostics)
    : elaborateAndLint(file, source, options);
  const texts = [source, ...givenSources(options), ...stdSources, ...more.sources];
  const sources: SourceLookup = (name) => texts.find((one) => one.name === name);
  const all = [...diagnostics, ...more.diagnostics];
  return {
    file,
    source,
    sources,
    imported: more.sources,
    ...(model === undefined ? {} : { model }),
    ...(more.traces === undefined ? {} : { traces: more.traces }),
    diagnostics: all,
  };
}

/** What elaboration adds to the mistakes of syntax; `sources` are the imported files. */
interface Meaning {
  readonly model?: Model;
  readonly traces?: Elaborated['traces'];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly Source[];
}

function elaborateAndLint(file: File, source: Source, options: ModelOptions): Meaning {
  const elaborated = elaborateWith(file, source, options);
  const { model, sources, diagnostics, traces } = elaborated;
  const all = [...diagnostics, ...lint(file, source, elaborated)];
  return { sources, diagnostics: all, traces, ...(model === undefined ? {} : { model }) };
}

function elaborateWith(file: File, source: Source, options: ModelOptions) {
  const { set, lr, optimizer, clip, seed, onlyCheck = false } = options;
  return elaborate(file, {
    source,
    readImport: importReader(source),
    onlyCheck,
    ...(set === undefined ? {} : { set }),
    ...(lr === undefined ? {} : { learningRate: lr }),
    ...(optimizer === undefined ? {} : { optimizer }),
    ...(clip === undefined ? {} : { clip }),
    ...(seed === undefined ? {} : { seed }),
  });
}

/** What else is wrong with a file that has these syntax errors, on other lines: what was understood of a broken one is a guess. */
function mistakesBeside(file: File, source: Source, syntax: readonly Diagnostic[]): Meaning {
  const broken = new Set(syntax.map(({ span }) => lineAt(source.text, span.start)));
  try {
    const { diagnostics, sources } = elaborate(file, {
      source,
      readImport: importReader(source),
    });
    const errors = diagnostics.filter(
      ({ severity, file: name, span }) =>
        severity === 'error' &&
        !(name === source.name && broken.has(lineAt(source.text, span.start))),
    );
    return { diagnostics: errors.filter((one) => !followsFromSyntax(one, source)), sources };
  } catch {
    // The syntax errors are what the user has to mend first, whatever the rest leads to.
    return { diagnostics: [], sources: [] };
  }
}

/** An unknown name that some statement defines: one that was lost to a syntax error. */
function followsFromSyntax({ code, file, span }: Diagnostic, source: Source): boolean {
  const { text } = source;
  if (file !== source.name) return false;
  if (code !== 'NN0301' && code !== 'NN0302') return false;
  const [name] = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(text.slice(span.start, span.end)) ?? [];
  if (name === undefined) return true;
  const words = 'let|input|param|state|output|loss|metric|layer|fn|const|dim|import|as';
  return new RegExp(`\\b(?:${words})\\b[^\\n=]*\\b${name}\\b`, 'u').test(text);
}

/** What options say of `train` is parsed as files of their own. */
const givenSources = ({ optimizer, clip }: ModelOptions): readonly Source[] => [
  ...(optimizer === undefined ? [] : [overrideSource('optimizer', optimizer)]),
  ...(clip === undefined ? [] : [overrideSource('clip', clip)]),
];
