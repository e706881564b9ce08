/**
 * Optimizers and clippers as the layers that they are: `(p, g)` gives the next value of a parameter,
 * `(g, all)` a gradient that is not too large.
 */
import type { Entry } from '../../grammar/ast.ts';
import type { Node } from '../graph/node.ts';
import { construct, constructBare } from './construct.ts';
import type { RegisteredTensor } from './registry.ts';
import { complain, describe, textAt, typeText } from './report.ts';
import type { Run } from './run.ts';
import { lookup } from './scope.ts';
import {
  type Argument,
  type Callable,
  isCallable,
  number,
  type Place,
  type Scope,
  tensor,
  type Value,
} from './value.ts';

/** An expression of the section, and where its names are looked up. */
export interface Written {
  readonly entry: Entry;
  readonly scope: Scope;
}

const placeOf = ({ entry, scope }: Written): Place => ({
  source: scope.source,
  span: entry.value.span,
});

/** The optimizer of a section, with `--lr` in place of its learning rate. */
export function optimizerOf(run: Run, from: Written, learningRate?: number): Callable | undefined {
  const place = placeOf(from);
  const value = run.evaluate(from.entry.value, from.scope);
  const made = layerOf(run, value, 'gradient', place, from.scope);
  if (made === undefined) {
    const instead = value.kind === 'string' ? `${value.value}()` : 'adam(lr=1e-3)';
    const expected = 'a layer such as `adam(lr=1e-3)`';
    if (value.kind !== 'unknown')
      complain(run, 'NN0501', { problem: 'value', key: 'optimizer', expected, instead }, place);
    return undefined;
  }
  return learningRate === undefined ? made : withLearningRate(run, made, learningRate, place);
}

/** The clipper of a section: a number is the limit of the norm of all gradients together. */
export function clipperOf(run: Run, from: Written): Callable | undefined {
  const place = placeOf(from);
  const value = run.evaluate(from.entry.value, from.scope);
  const byNorm = lookup(from.scope, 'by_norm')?.value;
  const limit = value.kind === 'number' && value.value > 0 ? value : undefined;
  const layer =
    limit === undefined || byNorm?.kind !== 'template'
      ? value
      : construct(run, byNorm, [{ value: limit, place }], place, from.scope);
  const made = layerOf(run, layer, 'list', place, from.scope);
  if (made !== undefined || value.kind === 'unknown') return made;
  const expected = 'a positive number, or a layer such as `by_norm(1)` or `by_value(0.5)`';
  complain(run, 'NN0501', { problem: 'value', key: 'clip', expected }, place);
  return undefined;
}

/** A layer or function of two, `(p, g)` or `(g, all: list)`; undefined for anything else. */
function layerOf(
  run: Run,
  value: Value,
  second: 'gradient' | 'list',
  place: Place,
  scope: Scope,
): Callable | undefined {
  const made = value.kind === 'template' ? constructBare(run, value, place, scope) : value;
  if (!isCallable(made)) return undefined;
  switch (made.kind) {
    case 'instance': {
      const { tensors } = made.template.decl;
      if (tensors === undefined) return made;
      const isList = tensors[1]?.type?.name.text === 'list';
      return tensors.length === 2 && isList === (second === 'list') ? made : undefined;
    }
    case 'fn':
      return made.decl.params.filter((p) => p.default === undefined).length === 2
        ? made
        : undefined;
    default:
      return undefined;
  }
}

function withLearningRate(
  run: Run,
  made: Callable,
  rate: number,
  place: Place,
): Callable | undefined {
  if (made.kind === 'instance' && made.config.has('lr'))
    return {
      ...made,
      config: new Map<string, Value>([...made.config, ['lr', number(rate, false)]]),
    };
  const help = 'this optimizer has no learning rate to replace';
  complain(
    run,
    'NN0305',
    { callee: textAt(place), problem: 'unknown', argument: 'lr', help },
    place,
  );
  return undefined;
}

/** One parameter's next value; the names of the optimizer's states for it begin with `slots`. */
export function nextValue(
  run: Run,
  optimizer: Callable,
  param: RegisteredTensor,
  grad: Node,
  slots: string,
  from: Written,
): Node | undefined {
  const own = owning(optimizer, param, slots);
  return applied(run, own, 'optimizer', param, [tensor(param.node), tensor(grad)], from);
}

/** One parameter's gradient, clipped; `all` are those of the whole section, the same list for each. */
export function clipped(
  run: Run,
  clipper: Callable,
  param: RegisteredTensor,
  grad: Node,
  all: Value,
  slots: string,
  from: Written,
): Node | undefined {
  const own = owning(clipper, param, `${slots}clip.`);
  return applied(run, own, 'clipper', param, [tensor(grad), all], from);
}

const owning = (layer: Callable, { path }: RegisteredTensor, prefix: string): Callable =>
  layer.kind === 'instance' ? { ...layer, path, prefix } : layer;

/** The result, which must have the parameter's type. */
function applied(
  run: Run,
  layer: Callable,
  role: string,
  param: RegisteredTensor,
  values: readonly Value[],
  from: Written,
): Node | undefined {
  const place = placeOf(from);
  const args = values.map((value): Argument => ({ value, place }));
  run.path = param.path;
  const result = run.apply(layer, args, place, from.scope);
  run.path = '';
  if (result.kind === 'unknown') return undefined;
  const type = typeText(param.node.type);
  if (result.kind === 'tensor' && typeText(result.node.type) === type) return result.node;
  const what = `the ${role} returns ${describe(result)} for \`${param.path}\`, which is ${type}`;
  complain(run, 'NN0313', { what }, place);
  return undefined;
}
