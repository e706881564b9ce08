/** What the body of a layer or of a model declares: each is a statement of the language about values of the program. */
import { executeStatements } from '../compiler/elaborate/statements.ts';
import type { Place, Scope, Value } from '../compiler/elaborate/value.ts';
import type { Name, Stmt } from '../grammar/index.ts';
import { type Building, current, type Phrase, phrased, within } from './building.ts';
import { type CallSite, callSite } from './call-site.ts';
import { fromValue, hasMeaning, toValue } from './convert.ts';
import { asTensor, Tensor, type TensorLike } from './tensor.ts';
import { type TensorType, typeExpr } from './types.ts';
import { UsageError } from './usage-error.ts';

/** What a parameter or state begins as: a number or an initial value, which fill it, or a tensor of its shape. */
export type Initial = TensorLike | (() => TensorLike);

/** The body of a layer: what it owns. */
export interface LayerScope {
  /** False where the model evaluates or predicts; a body runs once for each. */
  readonly training: boolean;
  /** The number of the training step, a scalar. */
  readonly step: Tensor;
  /** A trainable tensor. */
  param(name: string, type: TensorType, initial: Initial): Tensor;
  /** A tensor that lives from step to step and is not trained. */
  state(name: string, type: TensorType, initial: Initial): Tensor;
  /** Gives a state (or a parameter, for descent by hand) its next value. */
  update(target: Tensor | string, next: TensorLike): void;
  /** A constant that can be differentiated by; f32 unless a type is given. */
  constant(value: TensorLike, type?: TensorType): Tensor;
}

export const layerScope: LayerScope = {
  get training() {
    return building('training').run.training;
  },
  get step() {
    const b = building('step');
    const value = b.named('step');
    return asTensor(value && fromValue(b, value));
  },
  param: (name, type, initial) => declared('param', name, type, initial, callSite()),
  state: (name, type, initial) => declared('state', name, type, initial, callSite()),
  update(target, next) {
    const site = callSite();
    const b = building('update');
    const name = typeof target === 'string' ? target : nameOf(b, target, site);
    executed(b, site, (phrase) => ({
      kind: 'update',
      name: nameAt(name, site.arg(0)),
      value: phrase.value(toValue(b, next, site.arg(1)), site.arg(1)),
      span: site.whole.span,
    }));
  },
  constant(value, type) {
    const site = callSite();
    const b = building('constant');
    const { span } = site.whole;
    executed(b, site, (phrase) => ({
      kind: 'let',
      pattern: { kind: 'name', name: { text: constantName, span }, span },
      type: typeExpr(b, phrase, type ?? typeOf(value), site.arg(1)),
      value: phrase.value(toValue(b, value, site.arg(0)), site.arg(0)),
      span,
    }));
    return bound(b, b.scope, constantName);
  },
};
const constantName = '%constant';

/** The building whose body runs. */
export function building(what: string): Building {
  const b = current();
  if (b === undefined)
    throw new UsageError(
      `\`${what}\` was called when no model was being built`,
      'use it while the function runs that was given to `model` or `layer`',
    );
  return b;
}

/** Runs one statement in the body at hand. */
export function executed(b: Building, site: CallSite, make: (phrase: Phrase) => Stmt): void {
  b.attempt(site, () =>
    within(b, () =>
      phrased(b, site, (phrase) => executeStatements(b.run, [make(phrase)], phrase.scope)),
    ),
  );
}

export const nameAt = (text: string, { span }: Place): Name => ({ text, span });

/** The tensor that a name of the body stands for. */
export function bound(b: Building, scope: Scope, name: string): Tensor {
  const value = scope.names.get(name)?.value;
  return asTensor(value && fromValue(b, value));
}

function declared(
  kind: 'param' | 'state',
  name: string,
  type: TensorType,
  initial: Initial,
  site: CallSite,
): Tensor {
  const b = building(kind);
  const { span } = site.whole;
  const at = site.arg(2);
  // Evaluated when the parameter asks for it, which then gives it its shape and its random numbers.
  const make: Value = {
    kind: 'native',
    name,
    call: () => {
      const isMaker = typeof initial === 'function' && !hasMeaning(initial);
      return toValue(b, isMaker ? initial() : initial, at);
    },
  };
  executed(b, site, (phrase) => ({
    kind,
    name: nameAt(name, site.arg(0)),
    type: typeExpr(b, phrase, type, site.arg(1)),
    value: { kind: 'call', callee: phrase.value(make, at), args: [], span: at.span },
    span,
  }));
  return bound(b, b.scope, name);
}

function nameOf(b: Building, target: Tensor, site: CallSite): string {
  const value = toValue(b, target, site.arg(0));
  for (const [name, binding] of b.scope.names)
    if (
      (binding.kind === 'state' || binding.kind === 'param') &&
      binding.value.kind === 'tensor' &&
      value.kind === 'tensor' &&
      binding.value.node === value.node
    )
      return name;
  throw new UsageError(
    'only a `state` or `param` of this body has a next value',
    'tensors do not change: give the new value a name of its own',
  );
}

/** The type that a constant has unless told: as many axes as lists. */
function typeOf(value: TensorLike): TensorType {
  if (value instanceof Tensor) return [value.dtype, ...value.shape];
  const shape: number[] = [];
  let first: unknown = value;
  while (Array.isArray(first) || ArrayBuffer.isView(first)) {
    const list = first as unknown as ArrayLike<unknown>;
    shape.push(list.length);
    first = list[0];
  }
  return [typeof first === 'boolean' ? 'bool' : 'f32', ...shape];
}
