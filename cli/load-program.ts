/** The model that a program of the user builds: the module is run, and what it exports is looked through. */
import type { ElaboratedModel } from '../api/model.ts';
import { type Diagnostic, nearest, type Source } from '../grammar/index.ts';
import { DiagnosticsError, EXIT, UserError } from './failure.ts';
import type { LoadedModel, ModelOptions } from './load-model.ts';
import type { ProgramFile } from './program-file.ts';
import { type Exports, programFailure, runProgram } from './run-program.ts';
import { readSource } from './source-file.ts';

/** What a command asks of a `Model` of the API, also of another copy of this package. */
interface Built {
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
  const built = chosenModel(program, await run(program));
  const { definition, warnings, source, sources, traces } = withMistakes(() =>
    built.elaborated(others),
  );
  const lookup = (name: string): Source | undefined => sources.find((one) => one.name === name);
  const own = lookup(source.name) ?? source;
  const { path, name } = program;
  return {
    given: name === undefined ? path : `${path}#${name}`,
    path,
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
async function run({ path: file }: ProgramFile): Promise<Exports> {
  // That there is none is said as of any model file.
  readSource(file);
  // Messages then have the program's own lines.
  await import('../api/node.ts');
  try {
    return await runProgram(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw mistakesOf(error) ?? programFailure(file, error);
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

function chosenModel({ path: file, name }: ProgramFile, exported: Exports): Built {
  const models = Object.entries(exported).flatMap(([key, value]) =>
    isBuilt(value) ? [[key, value] as const] : [],
  );
  const names = models.map(([key]) => key);
  const listed = names.map((key) => `${file}#${key}`).join(', ');
  const found =
    name === undefined
      ? (models.find(([key]) => key === 'default') ?? (models.length === 1 ? models[0] : undefined))
      : models.find(([key]) => key === name);
  if (found !== undefined) return found[1];
  const near = name === undefined ? undefined : nearest(name, names);
  const almost = near === undefined ? almostModel(exported, name) : undefined;
  if (models.length === 0)
    throw new UserError(
      `${file} exports no model`,
      almost ?? "`export const net = model('net', …)`, with `model` or `compile` from 'nnc'",
    );
  if (name === undefined)
    throw new UserError(`${file} exports ${models.length} models`, `say which: ${listed}`);
  throw new UserError(
    `${file} exports no model \`${name}\``,
    near === undefined ? (almost ?? `it exports ${listed}`) : `did you mean ${file}#${near}?`,
  );
}

/** How an export would be a model that is a promise or a function by now; `name`: of this one only. */
function almostModel(exported: Exports, name: string | undefined): string | undefined {
  for (const [key, value] of Object.entries(exported)) {
    if (name !== undefined && key !== name) continue;
    const place = key === 'default' ? 'export default' : `export const ${key} =`;
    if (value instanceof Promise) return `\`${key}\` is a promise: \`${place} await …\``;
    if (typeof value === 'function')
      return `\`${key}\` is a function: export what it returns, \`${place} …\``;
  }
  return undefined;
}

const isBuilt = (value: unknown): value is Built =>
  typeof value === 'object' &&
  value !== null &&
  'definition' in value &&
  'elaborated' in value &&
  typeof value.elaborated === 'function';
