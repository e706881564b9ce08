/** One elaboration of a file: its declarations, its statements in order, its `train` sections. */
import type { File, Stmt } from '../../grammar/ast.ts';
import type { Dim } from '../graph/dim.ts';
import { checkUnsolved, runChain } from './bare-chain.ts';
import { setConstants } from './constants.ts';
import { declarationsOf, preludeScope, stateFacts } from './declarations-of-file.ts';
import type { Library } from './imports.ts';
import { checkVersion } from './language-version.ts';
import { newRun } from './new-run.ts';
import type { ElaborateOptions } from './options.ts';
import { prelude } from './prelude.ts';
import type { Registry } from './registry.ts';
import type { Run } from './run.ts';
import { newScope } from './scope.ts';
import { executeStatements } from './statements.ts';
import { readTrainSections, type TrainSections } from './train-section.ts';
import { checkUnreached } from './unreached.ts';
import type { NamedBody, Scope } from './value.ts';

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
  library: Library,
  training: boolean,
): Once {
  const { source } = options;
  const run = newRun(registry, source, library, training, options.seed ?? seedOf(file), solved);
  const body: NamedBody = { kind: 'file', name: source.name, prefix: '', ancestry: [] };
  const std = preludeScope(run, options.prelude ?? prelude);
  const declarations = declarationsOf(run, { source, file }, std, body);
  const later = declarations.outOfReach;
  const usual = (): Scope => declarationsOf(run, { source, file }, std, body);
  setConstants(run, file, declarations, usual, options.set ?? {});
  const scope = newScope(declarations, source, body, later);
  checkVersion(run, file, source);
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

/** A `seed` written as a number in the `train` section. */
function seedOf(file: File): number {
  for (const item of file.items)
    if (item.kind === 'train')
      for (const entry of item.entries)
        if (entry.key.text === 'seed' && entry.value.kind === 'number') return entry.value.value;
  return 0;
}
