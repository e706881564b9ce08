/**
 * Tensors: nodes of the graph of the model that is being built or, outside of models, data that are computed on
 * the CPU when they are asked for. Immutable; methods make new ones.
 */
import type { Value } from '../compiler/elaborate/value.ts';
import type { DType } from '../compiler/graph/dtype.ts';
import { ndArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import type { BinaryOp } from '../grammar/index.ts';
import { type NestedArray, nestedArray, type TensorArray, typedArray } from './array-values.ts';
import { applied, type Building } from './building.ts';
import { callSite } from './call-site.ts';
import { makeWith, means, type Recipe, toValue } from './convert.ts';
import { dataRecipe } from './data-recipe.ts';
import { computedValue, isDesk, newDesk } from './desk.ts';
import type { Index } from './index-argument.ts';
import { binaryValue, fieldValue, indexValue, methodValue, unaryValue } from './operation.ts';
import { perform } from './perform.ts';
import { arrayText } from './print-array.ts';
import { type AnySize, sizeOf } from './size.ts';
import { UsageError } from './usage-error.ts';

/** What stands where a tensor is expected: a tensor, or a number, boolean or nested list that becomes one. */
export type TensorLike = Tensor | number | boolean | readonly TensorLike[] | ArrayBufferView;

/** A stage of a pipe: a layer, a function of the language, or one of the program. */
export type Stage = (x: Tensor) => unknown;

/** Axes of a reduction: numbers from 0, or from the end if negative; all of them unless given. */
export interface ReduceOptions {
  readonly axis?: number | readonly number[] | string;
  /** All axes but these. */
  readonly keep?: number | readonly number[];
  /** Leaves the reduced axes with size 1. */
  readonly keepdims?: boolean;
}

type State =
  | { readonly kind: 'bound'; readonly building: Building; readonly value: Value }
  | { readonly kind: 'free'; readonly desk: Building; readonly value: Value; recipe: Recipe }
  | { readonly kind: 'initial'; recipe: Recipe };

/** Numbers of one element type along axes: data of the program, or a value in a model that is being built. Shapes are checked at once; those of two tensors are broadcast as the language says. */
export class Tensor {
  readonly #state: State;
  readonly #made = new WeakMap<Building, Value>();

  /** Made by `tensor(...)`, by inputs and parameters of a model, and by what is computed from them. */
  constructor(state: State) {
    this.#state = state;
    if (state.kind === 'free') this.#made.set(state.desk, state.value);
    means(this, {
      valueIn: (building) => this.#valueIn(building),
      initial: state.kind === 'initial',
      ...(state.kind === 'free' ? { desk: state.desk } : {}),
    });
  }

  #valueIn(building: Building): Value {
    const state = this.#state;
    if (state.kind === 'initial') return state.recipe(building);
    if (state.kind === 'bound') {
      if (state.building.run.graph === building.run.graph) return state.value;
      throw new UsageError(
        'this tensor belongs to another model',
        'a model uses its own inputs and parameters; share a layer instead, or pass data through an input',
      );
    }
    const before = this.#made.get(building);
    if (before !== undefined) return before;
    const value = state.recipe(building);
    this.#made.set(building, value);
    return value;
  }

  get #node(): Node {
    const state = this.#state;
    if (state.kind !== 'initial' && state.value.kind === 'tensor') return state.value.node;
    throw new UsageError(
      'an initial value has no shape of its own: the parameter gives it one',
      'give `shape`: `nn.normal(0, 1, { shape: [3] })`',
    );
  }

  /** The type of an element. */
  get dtype(): DType {
    return this.#node.type.dtype;
  }
  /** One size an axis; those that data decide are `Size`s. */
  get shape(): readonly AnySize[] {
    return this.#node.type.shape.map(sizeOf);
  }
  /** How many axes it has. */
  get rank(): number {
    return this.#node.type.shape.length;
  }

  /** The sum, element by element. */
  add(other: TensorLike | AnySize): Tensor {
    return binary('+', this, other);
  }
  /** The difference, element by element. */
  sub(other: TensorLike | AnySize): Tensor {
    return binary('-', this, other);
  }
  /** The product, element by element. */
  mul(other: TensorLike | AnySize): Tensor {
    return binary('*', this, other);
  }
  /** The quotient, element by element. */
  div(other: TensorLike | AnySize): Tensor {
    return binary('/', this, other);
  }
  /** The quotient rounded down. */
  floorDiv(other: TensorLike | AnySize): Tensor {
    return binary('//', this, other);
  }
  /** The remainder with the sign of the divisor, as in Python. */
  mod(other: TensorLike | AnySize): Tensor {
    return binary('%', this, other);
  }
  /** The power, element by element. */
  pow(other: TensorLike | AnySize): Tensor {
    return binary('**', this, other);
  }
  /** The product over the last axis of this and the last but one of the other; leading axes are equal or stretch. */
  matmul(other: TensorLike): Tensor {
    return binary('@', this, other);
  }
  /** Where both are equal. */
  eq(other: TensorLike | AnySize): Tensor {
    return binary('==', this, other);
  }
  /** Where both differ. */
  ne(other: TensorLike | AnySize): Tensor {
    return binary('!=', this, other);
  }
  /** Where this is less. */
  lt(other: TensorLike | AnySize): Tensor {
    return binary('<', this, other);
  }
  /** Where this is less or equal. */
  le(other: TensorLike | AnySize): Tensor {
    return binary('<=', this, other);
  }
  /** Where this is greater. */
  gt(other: TensorLike | AnySize): Tensor {
    return binary('>', this, other);
  }
  /** Where this is greater or equal. */
  ge(other: TensorLike | AnySize): Tensor {
    return binary('>=', this, other);
  }
  /** Where both hold; of bools. */
  and(other: TensorLike): Tensor {
    return binary('and', this, other);
  }
  /** Where one holds; of bools. */
  or(other: TensorLike): Tensor {
    return binary('or', this, other);
  }
  /** Where this does not hold; of bools. */
  not(): Tensor {
    return unary('not', this);
  }
  /** The same with the other sign. */
  neg(): Tensor {
    return unary('-', this);
  }

  /** The last two axes exchanged. */
  get T(): Tensor {
    const site = callSite();
    return asTensor(
      perform(site, [this], (b) => fieldValue(b, site, this.#valueIn(b), 'T', site.whole)),
    );
  }

  /**
   * A part, one index an axis: a number takes one entry and drops the axis (-1 is the last), `[start, stop, step]` a
   * range, `null` adds an axis, `':'` is all of an axis, `'...'` as many axes as are left, a tensor of whole numbers
   * gathers. Or all of it in Python's form: `x.slice(':, 7:-7, None')`. Out of range is an error.
   */
  slice(...indices: readonly Index[]): Tensor {
    const site = callSite();
    return asTensor(perform(site, [this, [...indices]], (b) => indexValue(b, site, this, indices)));
  }

  /** The stages in turn: each takes what the one before it made. */
  pipe<R>(...stages: readonly [...Stage[], (x: Tensor) => R]): R;
  pipe(...stages: readonly Stage[]): Tensor;
  pipe(...stages: readonly Stage[]): unknown {
    const site = callSite();
    return stages.reduce<unknown>(
      (x, stage, i) =>
        perform(site, [x, stage], (b) => {
          const place = site.arg(i);
          const callee = toValue(b, stage, place);
          return applied(b, { ...site, whole: place }, callee, [
            {
              value: toValue(b, x, site.receiver),
              place: i === 0 ? site.receiver : site.arg(i - 1),
            },
          ]);
        }),
      this,
    );
  }

  /** The same elements in row-major order along other axes; one size may be -1. */
  reshape(shape: readonly AnySize[]): Tensor {
    return method('reshape', this, [shape]);
  }
  /** The axes in another order; the last two exchanged unless told. */
  transpose(axes?: readonly number[]): Tensor {
    return method('transpose', this, axes === undefined ? [] : [axes]);
  }
  /** Stretched to a shape: axes of size 1, and new ones in front. */
  broadcastTo(shape: readonly AnySize[]): Tensor {
    return method('broadcast_to', this, [shape]);
  }
  /** As another element type. */
  cast(dtype: DType): Tensor {
    return method('cast', this, [dtype]);
  }
  /** The sum over axes, all unless told. */
  sum(options: ReduceOptions = {}): Tensor {
    return method('sum', this, [options]);
  }
  /** The mean over axes, all unless told. */
  mean(options: ReduceOptions = {}): Tensor {
    return method('mean', this, [options]);
  }
  /** The largest element over axes, all unless told. */
  max(options: ReduceOptions = {}): Tensor {
    return method('max', this, [options]);
  }
  /** The smallest element over axes, all unless told. */
  min(options: ReduceOptions = {}): Tensor {
    return method('min', this, [options]);
  }
  /** The first position of the largest element. */
  argmax(options: ReduceOptions = {}): Tensor {
    return method('argmax', this, [options]);
  }
  /** e to the power of each element. */
  exp(): Tensor {
    return method('exp', this, []);
  }
  /** The natural logarithm of each element. */
  log(): Tensor {
    return method('log', this, []);
  }
  /** The square root of each element. */
  sqrt(): Tensor {
    return method('sqrt', this, []);
  }
  /** Each element without its sign. */
  abs(): Tensor {
    return method('abs', this, []);
  }
  /** The hyperbolic tangent of each element. */
  tanh(): Tensor {
    return method('tanh', this, []);
  }

  /** The elements in row-major order. Only of tensors that belong to no model. */
  data(): TensorArray {
    return typedArray(this.#computed());
  }

  /** The elements as nested lists; a scalar is a number or boolean. Only of tensors that belong to no model. */
  toArray(): NestedArray {
    return nestedArray(this.#computed());
  }

  /** The one element of a tensor that has one; of a bool 1 or 0, as in `data()`. Throws UsageError for more than one. */
  item(): number {
    const { data } = this.#computed();
    if (data.length !== 1)
      throw new UsageError(
        `\`item\` is for tensors of one element; this one has ${data.length}`,
        '`toArray()` gives all of them',
      );
    return data[0] ?? 0;
  }

  /** The same values without the way that they were computed: what `grad` does not look behind. */
  detach(): Tensor {
    const { dtype, shape } = this.#computed();
    return fromData(this.data(), shape, dtype);
  }

  /** Numbers in NumPy's manner; inside of a model its type and shape. */
  toString(): string {
    const { type } = this.#node;
    if (this.#state.kind !== 'free') return `Tensor ${type.dtype}[${this.shape.join(', ')}]`;
    const { dtype, shape, data } = this.#computed();
    return arrayText(data, shape, dtype);
  }
  /** As Node shows it. */
  inspect(): string {
    if (this.#state.kind === 'initial') return 'Tensor (an initial value)';
    return this.#state.kind === 'free'
      ? `Tensor(${this.toString().replaceAll('\n', '\n       ')}, ${this.dtype})`
      : this.toString();
  }

  #computed(): ReturnType<typeof computedValue> {
    const state = this.#state;
    const node = this.#node;
    if (state.kind === 'free') return computedValue(state.desk, node);
    throw new UsageError(
      'a tensor of a model has no values while the model is built',
      'make it an `output` and ask a session: `(await net.open()).predict(...)`',
    );
  }
}

Object.defineProperty(Tensor.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: Tensor) {
    return this.inspect();
  },
});

export const asTensor = (x: unknown): Tensor => {
  if (x instanceof Tensor) return x;
  throw new UsageError(
    `this gives ${x === undefined ? 'nothing' : Array.isArray(x) ? 'a list' : `a ${typeof x}`}, not a tensor`,
    'numbers known while the model is built are computed with plain arithmetic',
  );
};

function binary(op: BinaryOp, left: Tensor, right: unknown): Tensor {
  const site = callSite();
  return asTensor(
    perform(site, [left, right], (b) =>
      binaryValue(b, site, op, [left, site.receiver], [right, site.arg(0)]),
    ),
  );
}

function unary(op: '-' | 'not', x: Tensor): Tensor {
  const site = callSite();
  return asTensor(perform(site, [x], (b) => unaryValue(b, site, op, x)));
}

/** A function of the language as a method of its first argument. */
function method(name: string, x: Tensor, rest: readonly unknown[]): Tensor {
  const site = callSite();
  return asTensor(perform(site, [x, ...rest], (b) => methodValue(b, site, name, x, rest)));
}

makeWith({
  tensor(building, value, recipe) {
    if (recipe === undefined && !isDesk(building))
      return new Tensor({ kind: 'bound', building, value });
    return new Tensor({ kind: 'free', desk: building, value, recipe: recipe ?? (() => value) });
  },
  initial: (recipe) => new Tensor({ kind: 'initial', recipe }),
});

/** A tensor of data. The values have been checked. */
export function fromData(data: ArrayLike<number>, shape: readonly number[], dtype: DType): Tensor {
  const recipe = dataRecipe(ndArray(dtype, shape, data));
  const desk = newDesk();
  return new Tensor({ kind: 'free', desk, value: recipe(desk), recipe });
}
