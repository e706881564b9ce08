/** Parameters and states of a model by path: read from the device, and written. */
import type { Model, ModelTensor } from '../../compiler/model.ts';
import { storageOf } from '../../compiler/ops/leaf.ts';
import { nearest } from '../../grammar/index.ts';
import type { Session } from '../../runtime/index.ts';
import { tensorValues, weightTensors, writeTensor } from '../../train/index.ts';
import { numbersIn } from '../data/numbers.ts';
import type { ComputedNumbers, NestedNumbers, NumberArray, ShapedNumbers } from '../data/values.ts';
import { UsageError } from '../usage-error.ts';
import type { Gate } from './gate.ts';
import type { TensorValues } from './shape.ts';

/** As many numbers as the tensor has, in row-major order or in lists. */
export type ParameterValues =
  | NumberArray
  | NestedNumbers
  | ShapedNumbers
  | ComputedNumbers
  | number;

/** A parameter or state on the device. */
export interface Parameter {
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: TensorValues['dtype'];
  /** After all steps so far: waits for the device. */
  read(): Promise<TensorValues>;
  /** From the next step on. Throws UsageError for another shape, and for numbers that are not finite. */
  write(values: ParameterValues): Promise<void>;
}

/** Parameters and states of a session by path. */
export interface Parameters<P extends string = string> {
  /** Parameters in order of first use, then the states of the model. */
  paths(): readonly P[];
  /** Throws UsageError where there is none of this path. */
  get(path: P): Parameter;
  /** As `get(path).read()`. */
  read(path: P): Promise<TensorValues>;
  /** As `get(path).write(values)`. */
  write(path: P, values: ParameterValues): Promise<void>;
}

export function createParameters<P extends string>(
  model: Model,
  session: Session,
  gate: Gate,
): Parameters<P> {
  const tensors = new Map(weightTensors(model).map((tensor) => [tensor.path, tensor]));
  const params = new Set(model.params);
  const get = (path: string): Parameter => {
    const tensor = tensors.get(path);
    if (tensor === undefined) throw unknownPath(path, [...tensors.keys()]);
    const role = params.has(tensor) ? 'param' : 'state';
    return {
      path,
      shape: tensor.node.type.shape.map(Number),
      dtype: storageOf(tensor.node),
      async read() {
        gate.check();
        return await tensorValues(session, tensor, role);
      },
      write: (values) =>
        gate.use('parameters.write', async () =>
          writeTensor(session, tensor, role, checked(tensor, values)),
        ),
    };
  };
  return {
    paths: () => [...tensors.keys()] as P[],
    get,
    read: async (path) => await get(path).read(),
    write: async (path, values) => await get(path).write(values),
  };
}

function checked({ path, node }: ModelTensor, given: ParameterValues): ArrayLike<number> {
  const wanted = node.type.shape.map(Number);
  const { values, shape } = numbersIn(given, `\`${path}\``);
  const count = wanted.reduce((a, b) => a * b, 1);
  if (values.length !== count || (shape !== undefined && `${shape}` !== `${wanted}`))
    throw new UsageError(
      `\`${path}\` has the shape [${wanted.join(', ')}], and is given ${shape === undefined ? `${values.length} numbers` : `[${shape.join(', ')}]`}`,
      values.length === count
        ? `give them in the shape [${wanted.join(', ')}]`
        : `give ${count} numbers`,
    );
  const bad = Array.prototype.findIndex.call(values, (value: number) => !Number.isFinite(value));
  if (bad >= 0)
    throw new UsageError(
      `\`${path}\` is given ${values[bad]} at place ${bad}`,
      'give finite numbers',
    );
  return values;
}

function unknownPath(path: string, known: readonly string[]): UsageError {
  const near = nearest(path, known);
  return new UsageError(
    `the model has no parameter \`${path}\``,
    near === undefined ? `it has ${known.join(', ') || 'none'}` : `did you mean \`${near}\`?`,
  );
}
