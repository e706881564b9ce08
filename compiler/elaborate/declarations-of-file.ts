/** What a file declares: layers, fns, constants and sizes, visible in the whole file. */
import type { DimDecl, File, Span } from '../../grammar/ast.ts';
import type { Source } from '../../grammar/source.ts';
import { symbol } from '../graph/dim.ts';
import { stepInput } from '../programs.ts';
import { builtins } from './builtins/index.ts';
import { stateFact } from './facts.ts';
import { declareImport } from './imports.ts';
import type { ParsedSource } from './prelude.ts';
import { complain, note } from './report.ts';
import { lineOf, type Run } from './run.ts';
import { newScope } from './scope.ts';
import { sizeValue } from './sizes.ts';
import {
  type Binding,
  bool,
  type NamedBody,
  type Place,
  type Scope,
  tensor,
  unknown,
  type Value,
} from './value.ts';

const emptySource: Source = { name: 'std/core', text: '' };
const stdBody: NamedBody = { kind: 'std', name: 'std', prefix: '', ancestry: [] };

/** Built-in functions, `training` and `step`. */
function rootScope(run: Run): Scope {
  const scope = newScope(undefined, emptySource, stdBody);
  const builtin = (name: string, value: Value): void => {
    scope.names.set(name, { kind: 'builtin', value });
  };
  for (const name of builtins.keys()) builtin(name, { kind: 'builtin', name });
  builtin('training', bool(run.training));
  builtin('step', tensor(stepInput(run.graph)));
  return scope;
}

/** The prelude: all of its files declare into one scope, each with its own source for messages. */
export function preludeScope(run: Run, files: readonly ParsedSource[]): Scope {
  const shared = newScope(rootScope(run), emptySource, stdBody);
  for (const { source, file } of files)
    declare(run, file, newScope(shared, source, stdBody), shared);
  return shared;
}

/** A scope with what a file declares; a new one, so that each has constants of its own. */
export function declarationsOf(
  run: Run,
  { source, file }: ParsedSource,
  parent: Scope | undefined,
  body: NamedBody,
): Scope {
  const scope: Scope = { ...newScope(parent, source, body), outOfReach: laterNames(file) };
  declare(run, file, scope, scope);
  return scope;
}

/** Declares the items of a file into `target`; their bodies see `scope`. */
export function declare(run: Run, file: File, scope: Scope, target: Scope): void {
  for (const item of file.items) {
    switch (item.kind) {
      case 'layer': {
        const { name } = item;
        const value: Value = { kind: 'template', name: name.text, decl: item, scope, ancestry: [] };
        declareName(run, target, name.text, {
          kind: 'layer',
          value,
          place: { source: scope.source, span: name.span },
        });
        break;
      }
      case 'fn': {
        const { name } = item;
        const place: Place = { source: scope.source, span: name.span };
        const value: Value = { kind: 'fn', name: name.text, decl: item, scope, ancestry: [] };
        declareName(run, target, name.text, { kind: 'fn', value, place });
        break;
      }
      case 'const': {
        const place: Place = { source: scope.source, span: item.name.span };
        declareName(run, target, item.name.text, {
          kind: 'const',
          value: unknown,
          place,
          pending: item.value,
        });
        break;
      }
      case 'dim':
        declareSizes(item, target);
        break;
      case 'import':
        declareImport(run, item, scope, (name, binding) =>
          declareName(run, target, name.text, binding),
        );
        break;
      default:
        break;
    }
  }
}

function declareName(run: Run, target: Scope, name: string, binding: Binding): void {
  const before = target.names.get(name);
  if (before?.place !== undefined && binding.place !== undefined) {
    complain(
      run,
      'NN0303',
      {
        name,
        kind: before.kind === 'import' ? 'imported' : `a ${before.kind}`,
        line: lineOf(before.place),
      },
      binding.place,
      { notes: [note(before.place, 'declared here')] },
    );
    return;
  }
  target.names.set(name, binding);
}

function declareSizes(item: DimDecl, scope: Scope): void {
  for (const { name } of item.facts)
    if (!scope.names.has(name.text))
      scope.names.set(name.text, {
        kind: 'dim',
        value: sizeValue(symbol(name.text)),
        place: { source: scope.source, span: name.span },
      });
}

/** What the file says about its sizes. */
export function stateFacts(run: Run, file: File, scope: Scope): void {
  for (const item of file.items)
    if (item.kind === 'dim')
      for (const fact of item.facts)
        stateFact(run, fact, scope, { source: scope.source, span: fact.span });
}

/** Names that the file's statements define, each with its first place, for NN0302. */
function laterNames(file: File): ReadonlyMap<string, Span> {
  const names = new Map<string, Span>();
  const add = (text: string, span: Span): void => {
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
