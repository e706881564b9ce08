/**
 * A file as a layer: its constants are named configuration, its inputs the tensors that it takes (in order,
 * or by name; those that no output needs may be left out), its outputs the result, several as a tuple. Its
 * losses and metrics are values like others here; `train`, `expect` and the `update` of a param are of use
 * only where the file is run itself, and do nothing.
 */
import type { File, InputStmt, LayerDecl, Param, Stmt } from '../../grammar/ast.ts';
import type { Source } from '../../grammar/source.ts';
import * as build from '../builder.ts';
import { symbol } from '../graph/dim.ts';
import { loadedAs } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { acceptArgument } from './accept.ts';
import { fittingConstant } from './constants.ts';
import { isStorage } from './element-type.ts';
import { stateFact } from './facts.ts';
import { evaluateName } from './names.ts';
import { bindName } from './pattern.ts';
import { complain, misplaced, refusePolicy } from './report.ts';
import type { Run } from './run.ts';
import { isPrivate, lookup, newScope } from './scope.ts';
import { argumentsFor, expectation } from './signature.ts';
import { sizeValue } from './sizes.ts';
import { shapeOf } from './type-sizes.ts';
import {
  type Argument,
  type Instance,
  isCallable,
  type NamedBody,
  type Place,
  type Scope,
  type Template,
  tensor,
  unknown,
  type Value,
} from './value.ts';

/** The declaration that the file amounts to; its body is run by `runFile`. */
export function fileAsLayer(source: Source, file: File): LayerDecl {
  const name = source.name.replace(/^.*[/\\]/, '').replace(/\.nn$/, '');
  return {
    kind: 'layer',
    name: { text: name, span: { start: 0, end: 0 } },
    config: file.items.flatMap((item): Param[] =>
      item.kind === 'const' && !isPrivate(item.name.text)
        ? [
            {
              pattern: { kind: 'name', name: item.name, span: item.name.span },
              optional: false,
              default: item.value,
              span: item.span,
            },
          ]
        : [],
    ),
    tensors: file.items.flatMap((item): Param[] => {
      if (item.kind === 'chain') return [chainInput(item.span)];
      return item.kind === 'input' ? [inputParam(item)] : [];
    }),
    body: { kind: 'block', stmts: [], span: file.span },
    span: file.span,
  };
}

/** Inputs are of the type that they load as: a file's `u8` input takes i32. */
function inputParam({ name, type, span }: InputStmt): Param {
  const element = isStorage(type.name.text) ? loadedAs(type.name.text) : type.name.text;
  return {
    pattern: { kind: 'name', name, span: name.span },
    optional: true,
    type: { ...type, axes: type.axes ?? [], name: { ...type.name, text: element } },
    span,
  };
}

const chainInput = (span: Param['span']): Param => ({
  pattern: { kind: 'name', name: { text: 'x', span }, span },
  optional: true,
  span,
});

/** Names of the file's outputs in order; a bare chain's is `y`. */
export const outputNames = (file: File): readonly string[] =>
  file.items.flatMap((item) => {
    if (item.kind === 'chain') return ['y'];
    return item.kind === 'output' ? item.names.map((n) => n.text) : [];
  });

/** `resnet(depth=50)`: the constants that were given, by name; undefined after a report. */
export function configureFile(
  run: Run,
  template: Template,
  bound: ReadonlyMap<string, Argument>,
): ReadonlyMap<string, Value> | undefined {
  const config = new Map<string, Value>();
  for (const [name, arg] of bound) {
    const usual = evaluateName(run, name, arg.place, template.scope);
    const value = fittingConstant(run, name, usual, arg.value, arg.place);
    if (value.kind === 'unknown') return undefined;
    config.set(name, value);
  }
  return config;
}

/** The scope of one application, with the inputs bound; undefined after a report. */
export function fileScope(
  run: Run,
  instance: Instance,
  args: readonly Argument[],
  place: Place,
): Scope | undefined {
  const { template, config } = instance;
  const { file } = template;
  if (file === undefined) return undefined;
  const declarations = run.declare(
    { source: template.scope.source, file },
    template.scope.parent,
    fileBody(instance),
  );
  for (const [name, value] of config) {
    const known = declarations.names.get(name);
    declarations.names.set(name, { ...withoutPending(known), kind: 'const', value });
  }
  // What the file calls `t` is decided by the tensor that it is given.
  for (const name of dimNames(file)) declarations.names.delete(name);
  const scope = newScope(declarations, declarations.source, declarations.body);
  if (!bindInputs(run, instance, args, scope, place)) return undefined;
  for (const name of dimNames(file)) {
    const size = scope.names.get(name)?.value ?? sizeValue(symbol(name));
    declarations.names.set(name, { kind: 'dim', value: size });
  }
  for (const item of file.items)
    if (item.kind === 'dim')
      for (const fact of item.facts) stateFact(run, fact, declarations, place);
  return scope;
}

const withoutPending = (binding: ReturnType<typeof lookup>) =>
  binding?.place === undefined ? {} : { place: binding.place };

const dimNames = (file: File): readonly string[] =>
  file.items.flatMap((i) => (i.kind === 'dim' ? i.facts.map((f) => f.name.text) : []));

function bindInputs(
  run: Run,
  { template, text, path }: Instance,
  args: readonly Argument[],
  scope: Scope,
  place: Place,
): boolean {
  const params = template.decl.tensors ?? [];
  const bound = argumentsFor(run, text, params, args, place);
  if (bound === undefined) return false;
  const absent: Param[] = [];
  for (const param of params) {
    if (param.pattern.kind !== 'name') continue;
    const { name } = param.pattern;
    const arg = bound.get(name.text);
    if (arg === undefined) {
      absent.push(param);
      continue;
    }
    const value = acceptArgument(run, param.type, arg, scope, expectation(template, param));
    if (value.kind === 'unknown') return false;
    bindName(run, scope, name, value, 'input');
  }
  for (const { pattern, type } of absent) {
    if (pattern.kind !== 'name') continue;
    const shape = type === undefined ? [] : shapeOf(run, type, scope, true);
    const dtype = type?.name.text ?? 'f32';
    if (shape === undefined || !isStorage(dtype)) return false;
    const name = absentName(path, pattern.name.text);
    const node = build.input(run.graph, name, 'data', dtype, shape);
    bindName(run, scope, pattern.name, tensor(node), 'input');
  }
  return true;
}

/** Nothing else is called so: a path has no space. */
const absentName = (path: string, input: string): string => `${path} ${input}`;

/** Runs the statements; the value is that of the outputs. */
export function runFile(run: Run, instance: Instance, scope: Scope, place: Place): Value {
  const file = instance.template.file;
  if (file === undefined) return unknown;
  for (const item of file.items) {
    if (item.kind === 'chain') runChain(run, item, scope);
    else if (item.kind === 'policy') refusePolicy(run, { source: scope.source, span: item.span });
    else if (isRun(item, scope)) run.execute([item], scope);
  }
  const names = outputNames(file);
  const values = names.map((name) => lookup(scope, name)?.value ?? unknown);
  const [only] = values;
  if (only === undefined)
    return complain(
      run,
      'NN0313',
      {
        what: `${scope.source.name} has no \`output\`, so it is no layer`,
        help: 'take its declarations by name: `import block from "..."`',
      },
      place,
    );
  if (values.some((v) => v.kind === 'unknown')) return unknown;
  if (!isComplete(run, instance, values, place)) return unknown;
  return values.length === 1 ? only : { kind: 'tuple', items: values };
}

/** Whether the statement has a meaning inside another file. */
function isRun(item: File['items'][number], scope: Scope): item is Stmt {
  switch (item.kind) {
    case 'let':
    case 'param':
    case 'state':
    case 'output':
    case 'loss':
    case 'metric':
    case 'return':
      return true;
    case 'update':
      return scope.names.get(item.name.text)?.kind !== 'param';
    default:
      return false;
  }
}

function runChain(
  run: Run,
  chain: Extract<File['items'][number], { kind: 'chain' }>,
  scope: Scope,
): void {
  const place: Place = { source: scope.source, span: chain.span };
  const value = run.evaluate(chain.value, scope);
  const x = scope.names.get('x')?.value ?? unknown;
  const result =
    value.kind === 'unknown'
      ? unknown
      : isCallable(value)
        ? run.apply(value, [{ value: x, place }], place, scope)
        : misplaced(run, value, place, 'a bare chain is made of layers');
  bindName(run, scope, { text: 'y', span: chain.span }, result, 'output');
}

/** Reports an input that was left out and is needed after all. */
function isComplete(
  run: Run,
  { path, template, text }: Instance,
  values: readonly Value[],
  place: Place,
): boolean {
  const results: Node[] = values.flatMap((v) => (v.kind === 'tensor' ? [v.node] : []));
  const updates = [...run.current].flatMap(([p, node]) => (p.startsWith(`${path}.`) ? [node] : []));
  const names = (template.decl.tensors ?? []).flatMap((p) =>
    p.pattern.kind === 'name' ? [p.pattern.name.text] : [],
  );
  const needed = new Set(
    reachable([...results, ...updates]).flatMap((n) =>
      n.inputs.length === 0 && n.attrs['kind'] === 'data' ? [n.attrs['name']] : [],
    ),
  );
  const missing = names.find((name) => needed.has(absentName(path, name)));
  if (missing === undefined) return true;
  const signature = `${template.name}(...)(${names.join(', ')})`;
  const params = { callee: text, problem: 'missing', argument: missing, signature } as const;
  complain(run, 'NN0305', params, place);
  return false;
}

/** The body that a file is when it is applied under a path. */
const fileBody = (instance: Instance): NamedBody => ({
  kind: 'import',
  name: instance.template.name,
  prefix: `${instance.path}.`,
  ancestry: [...instance.template.ancestry, instance.template.decl],
});
