/** `input`, `param`, `state` and `update`: the tensors that live outside of one evaluation. */
import type { InputStmt, ParamStmt, TypeExpr, UpdateStmt } from '../../grammar/ast.ts';
import { nearest } from '../../grammar/did-you-mean.ts';
import * as build from '../builder.ts';
import { type Dim, dimText, equalShapes, isSymbolic } from '../graph/dim.ts';
import { isFloat, isPacked, loadedAs, type StorageDType, wholeRange } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { interpret } from '../interpret/interpret.ts';
import { storageOf } from '../ops/leaf.ts';
import { isClass, isStorage } from './element-type.ts';
import { lift } from './lift.ts';
import { bindName } from './pattern.ts';
import type { RegisteredTensor } from './registry.ts';
import { complain, misplaced, note, textAt, typeText, wordsAt } from './report.ts';
import { type Run, userPlace } from './run.ts';
import { scopeOf } from './scope.ts';
import { hasOpenSize, sameShape } from './sizes.ts';
import { shapeOf } from './type-sizes.ts';
import { type Binding, type Place, type Scope, tensor, unknown } from './value.ts';

/** The element type of a declaration: one type, not a class. */
function declaredStorage(run: Run, type: TypeExpr, scope: Scope): StorageDType | undefined {
  const name = type.name.text;
  if (isStorage(name)) return name;
  const place: Place = { source: scope.source, span: type.name.span };
  if (isClass(name))
    complain(run, 'NN0106', { name, suggestion: name === 'int' ? 'i32' : 'f32' }, place);
  else complain(run, 'NN0106', { name, suggestion: undefined }, place);
  return undefined;
}

export function declareInput(run: Run, stmt: InputStmt, scope: Scope): void {
  const place: Place = { source: scope.source, span: stmt.name.span };
  const storage = declaredStorage(run, stmt.type, scope);
  const shape = shapeOf(run, stmt.type, scope, true);
  const name = stmt.name.text;
  if (storage === undefined || shape === undefined) {
    bindName(run, scope, stmt.name, unknown, 'input');
    return;
  }
  const node = build.input(run.graph, name, 'data', storage, shape);
  bindName(run, scope, stmt.name, tensor(node, { what: 'input', place }), 'input');
  if (!run.registry.inputs.has(name))
    run.registry.inputs.set(name, { name, storage, shape, node, span: stmt.span });
}

export function declareTensor(run: Run, stmt: ParamStmt, scope: Scope): void {
  const path = scope.body.prefix + stmt.name.text;
  const place: Place = { source: scope.source, span: stmt.name.span };
  const registered = initialised(run, stmt, path, place, scope);
  const value =
    registered === undefined
      ? unknown
      : tensor(run.current.get(path) ?? registered.node, { what: stmt.kind, place });
  bindName(run, scope, stmt.name, value, stmt.kind);
}

/** The tensor with its initial value, registered under its path; undefined after a report. */
function initialised(
  run: Run,
  stmt: ParamStmt,
  path: string,
  place: Place,
  scope: Scope,
): RegisteredTensor | undefined {
  const storage = stmt.type === undefined ? undefined : declaredStorage(run, stmt.type, scope);
  const shape = stmt.type === undefined ? undefined : shapeOf(run, stmt.type, scope, false);
  if (stmt.type !== undefined && (storage === undefined || shape === undefined)) return undefined;
  if (shape !== undefined && !hasFixedSizes(run, shape, path, place)) return undefined;
  const init = initialValue(run, stmt, path, storage, shape, scope);
  if (init === undefined || !hasFixedSizes(run, init.type.shape, path, place)) return undefined;
  // Weights in 8 or 16 bits are for reading; nobody takes them for something to train.
  const isTrainable = isFloat(init.type.dtype) || (storage !== undefined && isPacked(storage));
  if (stmt.kind === 'param' && !isTrainable) {
    complain(
      run,
      'NN0401',
      {
        what: `the ${init.type.dtype} param \`${stmt.name.text}\``,
        help: 'a tensor that is not trained is a `state`',
      },
      place,
    );
    return undefined;
  }
  const kept = scope.body.prefix.includes('/') ? run.registry.slots : run.registry.tensors;
  const before = kept.get(path);
  if (before !== undefined) {
    if (
      equalShapes(before.node.type.shape, init.type.shape) &&
      before.node.type.dtype === init.type.dtype
    )
      return before;
    complain(
      run,
      'NN0313',
      {
        what: `\`${path}\` is ${typeText(init.type)} here and ${typeText(before.node.type)} at its first use`,
        help: 'one instance has one set of weights',
      },
      place,
      { notes: [note(before.place, 'first use', true)] },
    );
    return undefined;
  }
  const at: Place = { source: scope.source, span: stmt.value.span };
  if (storage !== undefined && !fitsStorage(run, stmt, init, storage, at)) return undefined;
  const node = build.input(run.graph, path, stmt.kind, storage ?? init.type.dtype, init.type.shape);
  const user = userPlace(run, place);
  const registered: RegisteredTensor = { kind: stmt.kind, path, node, init, place, user };
  kept.set(path, registered);
  return registered;
}

function initialValue(
  run: Run,
  stmt: ParamStmt,
  path: string,
  storage: StorageDType | undefined,
  shape: readonly Dim[] | undefined,
  scope: Scope,
): Node | undefined {
  const at: Place = { source: scope.source, span: stmt.value.span };
  const outer = run.initialiser;
  run.initialiser = shape === undefined ? { path } : { path, shape };
  const drawn = run.counters.get(`random ${path}`);
  run.counters.delete(`random ${path}`);
  const value = run.evaluate(stmt.value, scope);
  run.initialiser = outer;
  if (drawn !== undefined) run.counters.set(`random ${path}`, drawn);
  if (value.kind === 'unknown') return undefined;
  const dtype = storage === undefined ? 'f32' : loadedAs(storage);
  const lifted = lift(run.graph, value, dtype);
  if (lifted.kind !== 'node') {
    misplaced(run, value, at, `the initial value of \`${path}\` is a tensor or a number`);
    return undefined;
  }
  const { node } = lifted;
  const fits =
    shape === undefined || node.type.shape.length === 0 || sameShape(node.type.shape, shape);
  if (!fits || (storage !== undefined && node.type.dtype !== dtype)) {
    const declared = typeText({ dtype: storage ?? dtype, shape: shape ?? [] });
    const cast = (words: string): string => `cast(${words}, ${dtype})`;
    complain(
      run,
      'NN0313',
      {
        what: `the initial value of \`${stmt.name.text}\` is ${typeText(node.type)}, declared ${declared}`,
        help: fits ? `write \`${cast(textAt(at))}\`` : undefined,
      },
      at,
      fits && isFloat(dtype) ? { fix: { span: at.span, text: cast(wordsAt(at)) } } : {},
    );
    return undefined;
  }
  if (
    reachable([node]).some((n) => n.op.lowering.kind === 'leaf' && n.op.lowering.leaf === 'input')
  ) {
    complain(
      run,
      'NN0410',
      {
        what: `the initial value of \`${stmt.name.text}\``,
        help: 'it is computed once, before there are data',
      },
      at,
    );
    return undefined;
  }
  return shape === undefined ? node : build.broadcastTo(run.graph, node, shape);
}

/** Whole numbers are kept as they are or not at all, so those of 8 and 16 bits are looked at before they are stored. */
function fitsStorage(
  run: Run,
  { name }: ParamStmt,
  init: Node,
  storage: StorageDType,
  at: Place,
): boolean {
  const range = isPacked(storage) ? wholeRange(storage) : undefined;
  if (range === undefined || init.type.shape.some(isSymbolic)) return true;
  const [least, most] = range;
  const [values] = interpret([init], () => undefined);
  const outside = values?.data.find((x) => x < least || x > most);
  if (outside === undefined) return true;
  const what = `the initial value of \`${name.text}\` has ${outside}; ${storage} goes from ${least} to ${most}`;
  complain(run, 'NN0313', { what }, at);
  return false;
}

/** What lives from step to step has a size that no batch decides (or one that is still to be found). */
function hasFixedSizes(run: Run, shape: readonly Dim[], path: string, place: Place): boolean {
  const open = shape.find((d) => isSymbolic(d) && !hasOpenSize(d));
  if (open === undefined) return true;
  complain(
    run,
    'NN0410',
    {
      what: `the size \`${dimText(open)}\` of \`${path}\``,
      help: 'weights have the same size for every batch: give it as a number',
    },
    place,
  );
  return false;
}

/** `update s = e`: the next value; reads of this application still see the old one. */
export function updateTensor(run: Run, stmt: UpdateStmt, scope: Scope): void {
  const place: Place = { source: scope.source, span: stmt.name.span };
  const target = scopeOf(scope, stmt.name.text);
  const binding = target?.names.get(stmt.name.text);
  const value = run.evaluate(stmt.value, scope);
  if (target === undefined || binding === undefined) {
    const names = [...scope.names]
      .filter(([, b]) => b.kind === 'state' || b.kind === 'param')
      .map(([n]) => n);
    complain(
      run,
      'NN0301',
      { name: stmt.name.text, suggestion: nearest(stmt.name.text, names) },
      place,
    );
    return;
  }
  if (binding.kind !== 'state' && binding.kind !== 'param') {
    if (binding.value.kind !== 'unknown') complain(run, 'NN0311', {}, place);
    return;
  }
  if (binding.updated !== undefined) {
    const notes = [note(binding.updated, 'updated here already')];
    complain(run, 'NN0502', { name: stmt.name.text, twice: true }, place, { notes });
    return;
  }
  target.names.set(stmt.name.text, { ...binding, updated: place });
  checkedUpdate(run, stmt, value, binding, target.body.prefix + stmt.name.text, scope);
}

function checkedUpdate(
  run: Run,
  stmt: UpdateStmt,
  value: ReturnType<Run['evaluate']>,
  binding: Binding,
  path: string,
  scope: Scope,
): void {
  const at: Place = { source: scope.source, span: stmt.value.span };
  if (binding.value.kind !== 'tensor' || value.kind === 'unknown') return;
  const { type } = binding.value.node;
  const packed = storageOf(
    (run.registry.tensors.get(path) ?? run.registry.slots.get(path))?.node ?? binding.value.node,
  );
  if (isPacked(packed)) {
    const what = `\`${stmt.name.text}\` is ${packed}, which is for reading only`;
    const help = `declare it \`${type.dtype}\`: in ${packed} several values share a word`;
    const notes = [note(binding.place, `${binding.kind} declared here`)];
    complain(run, 'NN0313', { what, help }, { ...at, span: stmt.name.span }, { notes });
    return;
  }
  const lifted = lift(run.graph, value, type.dtype);
  if (lifted.kind !== 'node') {
    misplaced(run, value, at, `\`${stmt.name.text}\` is ${typeText(type)}`);
    return;
  }
  const next =
    lifted.node.type.shape.length === 0
      ? build.broadcastTo(run.graph, lifted.node, type.shape)
      : lifted.node;
  if (!sameShape(next.type.shape, type.shape) || next.type.dtype !== type.dtype) {
    complain(
      run,
      'NN0313',
      {
        what: `the next value of \`${stmt.name.text}\` is ${typeText(next.type)}; it is ${typeText(type)}`,
      },
      at,
      { notes: [note(binding.place, `${binding.kind} declared here`)] },
    );
    return;
  }
  if (run.training) run.current.set(path, next);
}
