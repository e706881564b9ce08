/** One elaboration of a file: its declarations, its statements in order, its `train` sections. */
import type { File, Stmt } from '../../grammar/ast.ts';
import type { Dim } from '../graph/dim.ts';
import { checkUnsolved, runChain } from './bare-chain.ts';
import { declare, preludeScope, stateFacts } from './declarations-of-file.ts';
import { newRun } from './new-run.ts';
import type { ElaborateOptions } from './options.ts';
import { prelude } from './prelude.ts';
import type { Registry } from './registry.ts';
import { complain } from './report.ts';
import type { Run } from './run.ts';
import { newScope } from './scope.ts';
import { executeStatements } from './statements.ts';
import { readTrainSections, type TrainSections } from './train-section.ts';
import { checkUnreached } from './unreached.ts';
import { type NamedBody, number, type Scope, type Value } from './value.ts';

export interface Once {
  readonly run: Run;
  readonly train: TrainSections;
  readonly scope: Scope;
}

export function elaborateOnce(
  file: File,
  options: ElaborateOptions,
  solved: ReadonlyMap<string, Dim>,
  registry: Registry,
  training: boolean,
): Once {
  const { source } = options;
  const run = newRun(registry, training, options.seed ?? seedOf(file), solved);
  const body: NamedBody = { kind: 'file', name: source.name, prefix: '', ancestry: [] };
  const later = laterNames(file);
  const declarations: Scope = {
    ...newScope(preludeScope(run, options.prelude ?? prelude), source, body),
    outOfReach: later,
  };
  declare(run, file, declarations, declarations);
  setConstants(run, declarations, options.set ?? {}, file);
  const scope = newScope(declarations, source, body, later);
  for (const item of file.items) {
    if (item.kind === 'chain') runChain(run, item, scope);
    else if (isStatement(item)) executeStatements(run, [item], scope);
  }
  stateFacts(run, file, declarations);
  const trainBody: NamedBody = { ...body, kind: 'train', prefix: 'train!' };
  const trainScope = newScope(scope, source, trainBody);
  const train = readTrainSections(run, file, trainScope);
  checkUnsolved(run, file, scope);
  checkUnreached(run, file, declarations);
  return { run, train, scope: trainScope };
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

/** A `seed` written as a number in the `train` section. */
function seedOf(file: File): number {
  for (const item of file.items)
    if (item.kind === 'train')
      for (const entry of item.entries)
        if (entry.key.text === 'seed' && entry.value.kind === 'number') return entry.value.value;
  return 0;
}
