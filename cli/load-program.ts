/** The model that a program of the user builds: the module is run, and what it exports is looked through. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ElaboratedModel } from '../api/model.ts';
import { type Diagnostic, nearest, type Source } from '../grammar/index.ts';
import { DiagnosticsError, EXIT, UserError } from './failure.ts';
import type { LoadedModel, ModelOptions } from './load-model.ts';
import type { ProgramFile } from './program-file.ts';
import { messageOf, readSource } from './source-file.ts';

/** What a command asks of a `Model` of the API, also of another copy of this package. */
interface Built {
  readonly name: string;
  elaborated(options?: object): ElaboratedModel;
}

/**
 * Throws UserError where the module cannot be run, or has no model or several to choose from; DiagnosticsError with the
 * mistakes of a model.
 */
export async function loadProgram(
  program: ProgramFile,
  options: ModelOptions,
): Promise<Omit<LoadedModel, 'origin'>> {
  const { set, columns: _, ...others } = options;
  const [constant] = Object.keys(set ?? {});
  if (constant !== undefined)
    throw new UserError(
      `--set ${constant}: ${program.path} is a program`,
      'only a .nn file has `const`s; a program can take its values from where it likes',
      EXIT.usage,
    );
  const { elaborated } = chosenModel(program, await run(program));
  const { definition, warnings, source, sources, traces } = withMistakes(() => elaborated(others));
  const lookup = (name: string): Source | undefined => sources.find((one) => one.name === name);
  const own = lookup(source.name) ?? source;
  return {
    path: program.path,
    model: definition,
    file: { kind: 'file', items: [], span: { start: 0, end: 0 } },
    source: own,
    sources: lookup,
    warnings,
    imported: sources.filter((one) => one.name !== own.name && one.name.match(/\.[cm]?[jt]s$/)),
    traces,
  };
}

/** Its exports. */
async function run({ path: file }: ProgramFile): Promise<Readonly<Record<string, unknown>>> {
  // That there is none is said as of any model file.
  readSource(file);
  // Messages then have the program's own lines.
  await import('../api/node.ts');
  try {
    return (await import(pathToFileURL(path.resolve(file)).href)) as Record<string, unknown>;
  } catch (error) {
    throw mistakesOf(error) ?? new UserError(`${file} ends with an error: ${messageOf(error)}`);
  }
}

function withMistakes<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw mistakesOf(error) ?? error;
  }
}

/** What a ModelError says, to be shown as that of a file. */
function mistakesOf(error: unknown): DiagnosticsError | undefined {
  if (!(error instanceof Error) || error.name !== 'ModelError') return undefined;
  const { diagnostics, sources } = error as Error & {
    readonly diagnostics: readonly Diagnostic[];
    readonly sources: readonly Source[];
  };
  return new DiagnosticsError(diagnostics, (name) => sources.find((one) => one.name === name));
}

function chosenModel(
  { path: file, name }: ProgramFile,
  exported: Readonly<Record<string, unknown>>,
): Built {
  const models = Object.entries(exported).flatMap(([key, value]) =>
    isBuilt(value) ? [[key, value] as const] : [],
  );
  const names = models.map(([key]) => key);
  const listed = names.map((key) => `${file}#${key}`).join(', ');
  const found =
    name === undefined
      ? (models.find(([key]) => key === 'default') ?? (models.length === 1 ? models[0] : undefined))
      : models.find(([key]) => key === name);
  if (found !== undefined) return bound(found[1]);
  if (models.length === 0)
    throw new UserError(
      `${file} exports no model`,
      "`export const net = model('net', …)`, with `model` or `compile` from 'nnc'",
    );
  if (name === undefined)
    throw new UserError(`${file} exports ${models.length} models`, `say which: ${listed}`);
  const near = nearest(name, names);
  throw new UserError(
    `${file} exports no model \`${name}\``,
    near === undefined ? `it exports ${listed}` : `did you mean ${file}#${near}?`,
  );
}

const bound = (model: Built): Built => ({
  name: model.name,
  elaborated: (options) => model.elaborated(options),
});

const isBuilt = (value: unknown): value is Built =>
  typeof value === 'object' &&
  value !== null &&
  'definition' in value &&
  'elaborated' in value &&
  typeof value.elaborated === 'function';
