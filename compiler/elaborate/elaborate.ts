/**
 * A file's syntax tree to a Model:
 *
 *   const { file, diagnostics } = parse(source);
 *   const { model, diagnostics: more } = elaborate(file, { source, seed: 0 });
 *
 * The statements are run twice, with `training` true and false, over one graph and one registry of
 * parameters. Mistakes are collected; a model comes out only where there is no error.
 */
import type { Chain, File, Section, Stmt } from '../../grammar/ast.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { Source } from '../../grammar/source.ts';
import * as build from '../builder.ts';
import { type Dim, symbol } from '../graph/dim.ts';
import { Graph } from '../graph/graph.ts';
import { InternalError } from '../internal-error.ts';
import type { Elaboration, Model, Optimization } from '../model.ts';
import { applyCallable } from './apply.ts';
import { checkUnsolved } from './bare-chain.ts';
import { declare, preludeScope, stateFacts } from './declarations-of-file.ts';
import { evaluateExpression } from './expression.ts';
import { assembleModel } from './model-parts.ts';
import { optimize } from './optimization.ts';
import { optimizerEntry } from './overrides.ts';
import { bindName } from './pattern.ts';
import { type ParsedSource, prelude } from './prelude.ts';
import { newRegistry, type Registry } from './registry.ts';
import { complain, describe, textAt } from './report.ts';
import { type Run, SizeSolved } from './run.ts';
import { newScope } from './scope.ts';
import { executeStatements } from './statements.ts';
import { readTrainSection, type TrainSection } from './train-section.ts';
import {
  isCallable,
  type NamedBody,
  number,
  type Scope,
  tensor,
  unknown,
  type Value,
} from './value.ts';

export interface ElaborateOptions {
  readonly source: Source;
  /** Of the model; the file's name without folder and ending, if absent. */
  readonly name?: string;
  /** `--set depth=9`: values of `const`s. */
  readonly set?: Readonly<Record<string, number | boolean | string>>;
  /** `--lr`: in place of the optimizer's. */
  readonly learningRate?: number;
  /** `--optimizer`, as source text, `adam(lr=1e-3)`. */
  readonly optimizer?: string;
  /** For initial values and random calls; else the file's `seed`, else 0. */
  readonly seed?: number;
  readonly prelude?: readonly ParsedSource[];
}

export interface Elaborated {
  /** Absent where there is an error. */
  readonly model?: Model;
  /** Sorted by position. */
  readonly diagnostics: readonly Diagnostic[];
}

export function elaborate(file: File, options: ElaborateOptions): Elaborated {
  const solved = new Map<string, Dim>();
  for (let attempt = 0; attempt < 8; attempt++) {
    try {
      return elaborateWith(file, options, solved);
    } catch (signal) {
      // The size of the bare chain's input was found: start again with it.
      if (!(signal instanceof SizeSolved)) throw signal;
      solved.set(signal.size, signal.value);
    }
  }
  throw new InternalError('elaborate', 'the sizes of the bare chain are never solved');
}

function elaborateWith(
  file: File,
  options: ElaborateOptions,
  solved: ReadonlyMap<string, Dim>,
): Elaborated {
  const graph = new Graph();
  const registry = newRegistry(graph);
  const training = elaborateOnce(file, options, solved, registry, true);
  const evaluation = elaborateOnce(file, options, solved, registry, false);
  const optimized = optimizedPart(file, options, training);
  const runs = [training.run, evaluation.run];
  const diagnostics = merged(
    runs.flatMap((r) => r.diagnostics),
    options.source.name,
  );
  if (diagnostics.some((d) => d.severity === 'error')) return { diagnostics };
  const { model, warnings } = assembleModel({
    name: options.name ?? baseName(options.source.name),
    source: options.source,
    registry,
    training: elaborationOf(training.run, registry),
    evaluation: elaborationOf(evaluation.run, registry),
    train: training.train.defaults,
    ...(optimized === undefined ? {} : { optimization: optimized }),
  });
  return { model, diagnostics: merged([...diagnostics, ...warnings], options.source.name) };
}

interface Once {
  readonly run: Run;
  readonly train: TrainSection;
  readonly scope: Scope;
}

function elaborateOnce(
  file: File,
  options: ElaborateOptions,
  solved: ReadonlyMap<string, Dim>,
  registry: Registry,
  training: boolean,
): Once {
  const { source } = options;
  const run = newRun(registry, training, options.seed ?? seedOf(file), solved);
  const body: NamedBody = { kind: 'file', name: source.name, prefix: '', ancestry: [] };
  const declarations = newScope(preludeScope(run, options.prelude ?? prelude), source, body);
  declare(run, file, declarations, declarations);
  setConstants(run, declarations, options.set ?? {}, file);
  const scope = newScope(declarations, source, body, laterNames(file));
  for (const item of file.items) {
    if (item.kind === 'chain') runChain(run, item, scope);
    else if (isStatement(item)) executeStatements(run, [item], scope);
  }
  stateFacts(run, file, declarations);
  const trainBody: NamedBody = { ...body, kind: 'train', prefix: 'train!' };
  const trainScope = newScope(scope, source, trainBody);
  const train = readTrainSection(run, trainSection(run, file, source), trainScope);
  checkUnsolved(run, file, scope);
  return { run, train, scope: trainScope };
}

function newRun(
  registry: Registry,
  training: boolean,
  seed: number,
  solved: ReadonlyMap<string, Dim>,
): Run {
  const run: Run = {
    graph: registry.graph,
    registry,
    training,
    seed,
    diagnostics: [],
    frames: [],
    current: new Map(),
    counters: new Map(),
    lines: new Map(),
    results: { outputs: [], losses: [], metrics: [], expects: [] },
    solved,
    path: '',
    role: 'forward',
    evaluate: (expr, scope, name) => evaluateExpression(run, expr, scope, name),
    apply: (callee, args, place, scope) => applyCallable(run, callee, args, place, scope),
    execute: (stmts, scope) => executeStatements(run, stmts, scope),
  };
  return run;
}

const statementKinds = [
  'let',
  'input',
  'param',
  'state',
  'update',
  'output',
  'loss',
  'metric',
  'expect',
  'return',
];
const isStatement = (item: File['items'][number]): item is Stmt =>
  statementKinds.includes(item.kind);

/** Names that the file's statements define, each with its first place, for NN0302. */
function laterNames(file: File): Map<string, Stmt['span']> {
  const names = new Map<string, Stmt['span']>();
  const add = (text: string, span: Stmt['span']): void => {
    if (!names.has(text)) names.set(text, span);
  };
  for (const item of file.items) {
    if (item.kind === 'let' && item.pattern.kind === 'name') add(item.pattern.name.text, item.span);
    if (
      item.kind === 'input' ||
      item.kind === 'param' ||
      item.kind === 'state' ||
      item.kind === 'metric'
    )
      add(item.name.text, item.span);
    if (item.kind === 'output' && item.value !== undefined)
      for (const n of item.names) add(n.text, item.span);
    if (item.kind === 'loss') add(item.name?.text ?? 'loss', item.span);
  }
  return names;
}

/** `--set name=value` in place of the file's own constant. */
function setConstants(
  run: Run,
  scope: Scope,
  set: NonNullable<ElaborateOptions['set']>,
  file: File,
): void {
  for (const [name, raw] of Object.entries(set)) {
    const binding = scope.names.get(name);
    const value: Value =
      typeof raw === 'number'
        ? number(raw)
        : typeof raw === 'boolean'
          ? { kind: 'bool', value: raw }
          : { kind: 'string', value: raw };
    if (binding?.kind === 'const' && binding.place !== undefined)
      scope.names.set(name, { kind: 'const', value, place: binding.place });
    else {
      const constants = file.items.flatMap((i) =>
        i.kind === 'const' ? [`\`${i.name.text}\``] : [],
      );
      const help =
        constants.length === 0
          ? 'this file has no `const`'
          : `its constants are ${constants.join(', ')}`;
      complain(
        run,
        'NN0301',
        { name },
        { source: scope.source, span: { start: 0, end: 0 } },
        { help: `--set: ${help}` },
      );
    }
  }
}

/** `chain` stands for `input x: f32[batch, ?]` and `output y = x |> chain`. */
function runChain(run: Run, chain: Chain, scope: Scope): void {
  const place = { source: scope.source, span: chain.span };
  const value = run.evaluate(chain.value, scope);
  const width = run.solved.get('?x') ?? symbol('?x');
  const node = build.input(run.graph, 'x', 'data', 'f32', [symbol('batch'), width]);
  const x = { text: 'x', span: chain.span };
  bindName(run, scope, x, tensor(node, { what: 'input', place }), 'input');
  run.registry.inputs.set('x', {
    name: 'x',
    storage: 'f32',
    shape: node.type.shape,
    node,
    span: chain.span,
  });
  const result = resultOf(run, chain, value, node, scope);
  bindName(run, scope, { text: 'y', span: chain.span }, result, 'output');
  if (result.kind === 'tensor')
    run.results.outputs.push({ name: 'y', node: result.node, span: chain.span });
}

function resultOf(
  run: Run,
  chain: Chain,
  value: Value,
  x: ReturnType<typeof build.input>,
  scope: Scope,
): Value {
  const place = { source: scope.source, span: chain.span };
  if (value.kind === 'unknown') return unknown;
  if (!isCallable(value))
    return complain(
      run,
      'NN0314',
      { text: textAt(place), is: describe(value), needed: 'a bare chain is made of layers' },
      place,
    );
  return run.apply(value, [{ value: tensor(x, { what: 'input', place }), place }], place, scope);
}

/** The unnamed `train` section; named ones and `policy` are not there yet. */
function trainSection(run: Run, file: File, source: Source): Section | undefined {
  let found: Section | undefined;
  for (const item of file.items) {
    if (item.kind !== 'train' && item.kind !== 'policy') continue;
    const place = { source, span: item.span };
    if (item.kind === 'policy') complain(run, 'NN0190', { what: '`policy`' }, place);
    else if (item.name !== undefined)
      complain(run, 'NN0190', { what: 'a named `train` section' }, place);
    else if (found !== undefined)
      complain(run, 'NN0190', { what: 'a second `train` section' }, place);
    else found = item;
  }
  return found;
}

function optimizedPart(
  file: File,
  options: ElaborateOptions,
  training: Once,
): Optimization | undefined {
  const { run, train, scope } = training;
  const entry =
    optimizerEntry(run, options.optimizer, scope) ??
    (train.optimizer && { entry: train.optimizer, scope });
  const params = [...run.registry.tensors.values()].filter((t) => t.kind === 'param');
  const clean = !run.diagnostics.some((d) => d.severity === 'error');
  if (entry === undefined || !clean || run.results.losses.length === 0) return undefined;
  const byHand = params.find((p) => run.current.has(p.path));
  if (byHand !== undefined) {
    complain(run, 'NN0502', { name: byHand.path }, byHand.place);
    return undefined;
  }
  run.role = 'optimizer';
  void file;
  return optimize(
    run,
    {
      entry: entry.entry,
      scope: entry.scope,
      learningRate: options.learningRate,
      clip: train.clip,
    },
    run.results.losses,
    params,
  );
}

function elaborationOf(run: Run, registry: Registry): Elaboration {
  return {
    ...run.results,
    updates: [...run.current].flatMap(([path, node]) =>
      registry.tensors.has(path) ? [{ path, node }] : [],
    ),
  };
}

/** A `seed` written as a number in the `train` section. */
function seedOf(file: File): number {
  for (const item of file.items)
    if (item.kind === 'train')
      for (const entry of item.entries)
        if (entry.key.text === 'seed' && entry.value.kind === 'number') return entry.value.value;
  return 0;
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
