/**
 * A file's syntax tree to a Model:
 *
 *   const { file, diagnostics } = parse(source);
 *   const { model, diagnostics: more } = elaborate(file, { source, seed: 0 });
 *
 * The statements are run twice, with `training` true and false, over one graph and one registry of
 * parameters. Mistakes are collected; a model comes out only where there is no error.
 */
import type { File } from '../../grammar/ast.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { Source } from '../../grammar/source.ts';
import type { Dim } from '../graph/dim.ts';
import { Graph } from '../graph/graph.ts';
import { InternalError } from '../internal-error.ts';
import type { Elaboration, Model, Optimization } from '../model.ts';
import { elaborateOnce, type Once } from './elaborate-once.ts';
import { newLibrary } from './imports.ts';
import { assembleModel } from './model-parts.ts';
import { optimize } from './optimization.ts';
import type { ElaborateOptions } from './options.ts';
import { overridden } from './overrides.ts';
import { newRegistry, type RegisteredTensor, type Registry } from './registry.ts';
import { type Run, SizeSolved } from './run.ts';
import type { Trace } from './trace.ts';
import type { TrainSections } from './train-section.ts';

export type { ElaborateOptions } from './options.ts';

/** What a file means. */
export interface Elaborated {
  /** Absent where there is an error. */
  readonly model?: Model;
  /** Sorted by position. */
  readonly diagnostics: readonly Diagnostic[];
  /** The files that were imported, for showing the diagnostics. */
  readonly sources: readonly Source[];
  /** Of training and of evaluation: what the file's expressions became. */
  readonly traces: readonly Trace[];
  /** Every parameter and state that is declared, also those that the model leaves out. */
  readonly declared: readonly RegisteredTensor[];
}

/** From the tree of a file to its model, with all that is wrong or doubtful; without a model where there are errors. */
export function elaborate(file: File, options: ElaborateOptions): Elaborated {
  const library = newLibrary(options.readImport);
  const elaborated = elaborateTwice(options, (registry, training, solved) =>
    elaborateOnce(file, options, solved, registry, library, training),
  );
  return { ...elaborated, sources: [...library.files.values()].map((f) => f.source) };
}

/** Runs a program once over a graph of its own, or over the one that an earlier run has begun. */
export type RunProgram = (
  registry: Registry,
  training: boolean,
  solved: ReadonlyMap<string, Dim>,
) => Once;

/**
 * The model of a program, be it a file's statements or a function that builds it: run with `training` true
 * and false, and again from the start where the size of a bare chain's input has been found.
 */
export function elaborateTwice(
  options: ElaborateOptions,
  once: RunProgram,
): Omit<Elaborated, 'sources'> {
  const solved = new Map<string, Dim>();
  for (let attempt = 0; attempt < 8; attempt++) {
    try {
      return attemptWith(options, solved, once);
    } catch (signal) {
      // The size of the bare chain's input was found: start again with it.
      if (!(signal instanceof SizeSolved)) throw signal;
      solved.set(signal.size, signal.value);
    }
  }
  throw new InternalError('elaborate', 'the sizes of the bare chain are never solved');
}

function attemptWith(
  options: ElaborateOptions,
  solved: ReadonlyMap<string, Dim>,
  once: RunProgram,
): Omit<Elaborated, 'sources'> {
  const registry = newRegistry(new Graph());
  const training = once(registry, true, solved);
  const evaluation = once(registry, false, solved);
  const optimized = optimizedPart(options, training);
  const runs = [training.run, evaluation.run];
  const diagnostics = merged(
    runs.flatMap((r) => r.diagnostics),
    options.source.name,
  );
  const facts = {
    diagnostics,
    traces: runs.map((r) => r.trace),
    declared: [...registry.tensors.values()],
  };
  if (diagnostics.some((d) => d.severity === 'error')) return facts;
  const model = assembleModel({
    name: options.name ?? baseName(options.source.name),
    registry,
    training: elaborationOf(training.run, registry),
    evaluation: elaborationOf(evaluation.run, registry),
    train: training.train.defaults,
    ...(optimized === undefined ? {} : { optimization: optimized }),
  });
  return { ...facts, model };
}

function optimizedPart(options: ElaborateOptions, training: Once): Optimization | undefined {
  const { run, train, scope } = training;
  const optimizer = overridden(run, 'optimizer', options.optimizer, scope);
  const clip = overridden(run, 'clip', options.clip, scope);
  const clean = !run.diagnostics.some((d) => d.severity === 'error');
  const { sections } = train;
  if (!clean || (run.results.losses.length === 0 && !choosesLosses(train))) {
    // Nothing is trained, but a misspelt optimizer is a mistake of its own.
    for (const { entries } of sections)
      for (const key of ['optimizer', 'clip'] as const) {
        const entry = entries.get(key);
        if (entry !== undefined) run.evaluate(entry.value, scope);
      }
    return undefined;
  }
  run.role = 'optimizer';
  const { learningRate, tunableRates, onlyCheck } = options;
  return optimize(run, {
    sections,
    scope,
    optimizer,
    clip,
    learningRate,
    tunableRates,
    onlyCheck,
  });
}

const choosesLosses = ({ sections }: TrainSections): boolean =>
  sections.some((section) => section.entries.has('minimize'));

function elaborationOf(run: Run, registry: Registry): Elaboration {
  return {
    ...run.results,
    updates: [...run.current].flatMap(([path, node]) =>
      registry.tensors.has(path) ? [{ path, node }] : [],
    ),
  };
}

const baseName = (path: string): string => path.replace(/^.*[/\\]/, '').replace(/\.nn$/, '');

/** One of each, the file's own first, by position. */
function merged(diagnostics: readonly Diagnostic[], file: string): Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const d of diagnostics) {
    const key = `${d.code} ${d.file} ${d.span.start}`;
    if (!seen.has(key)) seen.set(key, d);
  }
  return [...seen.values()].sort(
    (a, b) =>
      Number(a.file !== file) - Number(b.file !== file) ||
      a.file.localeCompare(b.file) ||
      a.span.start - b.span.start ||
      a.span.end - b.span.end,
  );
}
