/** Functions that make tensors, change their type, multiply them, or say something about them to the compiler. */
import * as build from '../../builder.ts';
import type { Dim } from '../../graph/dim.ts';
import { type DType, isInteger } from '../../graph/dtype.ts';
import { isCompute } from '../element-type.ts';
import { lift } from '../lift.ts';
import { complain, describe, impossibleSize, textAt, typeText } from '../report.ts';
import { assertBelow } from '../row-numbers.ts';
import { dimOf, isPossibleSize } from '../sizes.ts';
import { number, tensor, unknown, type Value } from '../value.ts';
import {
  type Builtin,
  type Call,
  define,
  needsStatic,
  nodeOf,
  numberOption,
  operand,
  unfit,
} from './builtin.ts';
import { integersOption, sizesOption } from './sizes-option.ts';
import { tensordot } from './tensordot.ts';

const computeTypes = 'f32, f16, i32, u32 or bool';

function cast(c: Call): Value {
  const to = operand(c, 'dtype');
  const { value } = operand(c, 'x');
  if (value.kind === 'unknown' || to.value.kind === 'unknown') return unknown;
  const name = to.value.kind === 'dtype' ? to.value.name : undefined;
  if (name === undefined || !isCompute(name))
    return unfit(c, 'dtype', `is ${describe(to.value)}; it takes ${computeTypes}`);
  if (value.kind === 'number' && name === 'bool') return { kind: 'bool', value: value.value !== 0 };
  if (value.kind === 'number') {
    const whole = isInteger(name);
    return { ...number(whole ? Math.trunc(value.value) : value.value, whole), dtype: name };
  }
  // Whole numbers are never on the way through f32, which would round the large ones.
  const whole = isInteger(name) && lift(c.run.graph, value, name).kind === 'node';
  const x = nodeOf(c, 'x', whole ? name : undefined);
  return x === undefined ? unknown : tensor(build.cast(c.run.graph, x, name));
}

function dtypeOption(c: Call, otherwise: DType): DType | undefined {
  const arg = c.args.get('dtype');
  if (arg === undefined) return otherwise;
  if (arg.value.kind === 'dtype' && isCompute(arg.value.name)) return arg.value.name;
  needsStatic(c, 'dtype', arg, computeTypes);
  return undefined;
}

const filledWith = (c: Call, value: number, dtype: DType, shape: readonly Dim[]): Value =>
  tensor(build.broadcastTo(c.run.graph, build.literal(c.run.graph, value, dtype), shape));

const constantOf = (name: string, value: number): Builtin =>
  define(
    name,
    'shape, dtype=',
    `A tensor whose elements are all ${value}, f32 unless told.`,
    (c) => {
      const shape = sizesOption(c, 'shape');
      const dtype = dtypeOption(c, 'f32');
      return shape === undefined || dtype === undefined
        ? unknown
        : filledWith(c, value, dtype, shape);
    },
  );

const constantLike = (name: string, value: number): Builtin =>
  define(name, 'x', `A tensor of the type of x whose elements are all ${value}.`, (c) => {
    const x = nodeOf(c, 'x');
    return x === undefined ? unknown : filledWith(c, value, x.type.dtype, x.type.shape);
  });

function full(c: Call): Value {
  const shape = sizesOption(c, 'shape');
  const dtype = dtypeOption(c, 'f32');
  const value = dtype && nodeOf(c, 'value', dtype);
  if (shape === undefined || value === undefined) return unknown;
  if (value.type.shape.length > 0)
    return unfit(c, 'value', `is ${typeText(value.type)}; it takes one number`);
  return tensor(build.broadcastTo(c.run.graph, value, shape));
}

function iota(c: Call): Value {
  const { value, place } = operand(c, 'n');
  const n = dimOf(value);
  if (n !== undefined)
    return isPossibleSize(n) ? tensor(build.iota(c.run.graph, n)) : impossibleSize(c.run, n, place);
  if (value.kind !== 'unknown') complain(c.run, 'NN0410', { what: `\`${textAt(place)}\`` }, place);
  return unknown;
}

/** n numbers from `start` to `stop`, both included. */
function linspace(c: Call): Value {
  const [start, stop] = [numberOption(c, 'start', 0), numberOption(c, 'stop', 1)];
  const n = numberOption(c, 'n', 2);
  if (start === undefined || stop === undefined || n === undefined) return unknown;
  if (!isPossibleSize(n)) return impossibleSize(c.run, n, operand(c, 'n').place);
  const g = c.run.graph;
  const step = n > 1 ? (stop - start) / (n - 1) : 0;
  return tensor(build.add(g, build.mul(g, build.cast(g, build.iota(g, n), 'f32'), step), start));
}

/**
 * `index_below(i, n)` is `i`, with the assertion that its values are 0 to n-1, or one of the list
 * `besides=`: where `i` comes straight from an input, the loader checks the data (NN0505).
 */
function indexBelow(c: Call): Value {
  const i = nodeOf(c, 'i');
  const { value } = operand(c, 'n');
  const n = dimOf(value);
  if (i === undefined || n === undefined) return i === undefined ? unknown : tensor(i);
  const besides = c.args.has('besides') ? integersOption(c, 'besides') : [];
  if (besides === undefined) return unknown;
  assertBelow(
    c.run,
    i,
    n,
    besides.filter((b) => typeof b === 'number'),
  );
  return operand(c, 'i').value;
}

function stopGradient(c: Call): Value {
  const { value } = operand(c, 'x');
  if (value.kind === 'number') return value;
  const x = nodeOf(c, 'x');
  return x === undefined ? unknown : tensor(build.stopGradient(c.run.graph, x));
}

export const valueBuiltins: readonly Builtin[] = [
  define('cast', 'x, dtype', 'The elements as f32, f16, i32, u32 or bool.', cast),
  constantOf('zeros', 0),
  constantOf('ones', 1),
  constantLike('zeros_like', 0),
  constantLike('ones_like', 1),
  define('full', 'shape, value, dtype=', 'A tensor whose elements are all `value`.', full),
  define('iota', 'n', 'The whole numbers 0 to n - 1, i32.', iota),
  define(
    'linspace',
    'start, stop, n',
    'n numbers from `start` to `stop`, both included, f32.',
    linspace,
  ),
  define(
    'index_below',
    'i, n, besides=',
    'i itself, with the promise that its values are 0 to n - 1 or one of `besides`: data are checked as they are loaded.',
    indexBelow,
  ),
  define(
    'tensordot',
    'a, b, axes=',
    'The sum of products over the last `axes` (2) axes of a and the first of b, or over two lists of axes.',
    tensordot,
  ),
  define('stop_gradient', 'x', 'x itself, through which no derivative passes.', stopGradient),
];
