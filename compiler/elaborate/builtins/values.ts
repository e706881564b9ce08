/** Functions that make tensors, change their type, or say something about them to the compiler. */
import * as build from '../../builder.ts';
import { type Dim, dimKey } from '../../graph/dim.ts';
import { type DType, isInteger } from '../../graph/dtype.ts';
import type { Node } from '../../graph/node.ts';
import { isCompute } from '../element-type.ts';
import { complain, describe, impossibleSize, textAt, typeText } from '../report.ts';
import { dimOf, isPossibleSize, sameSize } from '../sizes.ts';
import { number, tensor, unknown, type Value } from '../value.ts';
import {
  type Builtin,
  type Call,
  define,
  needsStatic,
  nodeOf,
  numberOption,
  operand,
} from './builtin.ts';
import { sizesOption } from './sizes-option.ts';

function cast(c: Call): Value {
  const to = operand(c, 'dtype');
  const { value } = operand(c, 'x');
  if (value.kind === 'unknown' || to.value.kind === 'unknown') return unknown;
  const name = to.value.kind === 'dtype' ? to.value.name : undefined;
  if (name === undefined || !isCompute(name)) {
    const what = 'f32, f16, i32, u32 or bool';
    return complain(
      c.run,
      'NN0206',
      {
        argument: 'dtype',
        callee: '`cast`',
        problem: `is ${describe(to.value)}; it takes ${what}`,
      },
      to.place,
    );
  }
  if (value.kind === 'number')
    return number(isInteger(name) ? Math.trunc(value.value) : value.value, isInteger(name));
  const x = nodeOf(c, 'x', value.kind === 'size' && isInteger(name) ? name : undefined);
  return x === undefined ? unknown : tensor(build.cast(c.run.graph, x, name));
}

function dtypeOption(c: Call, otherwise: DType): DType | undefined {
  const arg = c.args.get('dtype');
  if (arg === undefined) return otherwise;
  if (arg.value.kind === 'dtype' && isCompute(arg.value.name)) return arg.value.name;
  needsStatic(c, 'dtype', arg, 'f32, f16, i32, u32 or bool');
  return undefined;
}

const filledWith = (c: Call, value: number, dtype: DType, shape: readonly Dim[]): Value =>
  tensor(build.broadcastTo(c.run.graph, build.literal(c.run.graph, value, dtype), shape));

const constantOf = (name: string, value: number): Builtin =>
  define(name, 'shape, dtype=', (c) => {
    const shape = sizesOption(c, 'shape');
    const dtype = dtypeOption(c, 'f32');
    return shape === undefined || dtype === undefined
      ? unknown
      : filledWith(c, value, dtype, shape);
  });

const constantLike = (name: string, value: number): Builtin =>
  define(name, 'x', (c) => {
    const x = nodeOf(c, 'x');
    return x === undefined ? unknown : filledWith(c, value, x.type.dtype, x.type.shape);
  });

function full(c: Call): Value {
  const shape = sizesOption(c, 'shape');
  const dtype = dtypeOption(c, 'f32');
  const value = dtype && nodeOf(c, 'value', dtype);
  if (shape === undefined || value === undefined) return unknown;
  if (value.type.shape.length > 0)
    return complain(
      c.run,
      'NN0206',
      {
        argument: 'value',
        callee: '`full`',
        problem: `is ${typeText(value.type)}; it takes one number`,
      },
      operand(c, 'value').place,
    );
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
 * `index_below(i, n)` is `i`, with the assertion that its values are 0 to n-1: where `i` comes straight
 * from an input, the loader checks the data (NN0505).
 */
function indexBelow(c: Call): Value {
  const i = nodeOf(c, 'i');
  const { value } = operand(c, 'n');
  const n = dimOf(value);
  if (i === undefined || n === undefined) return i === undefined ? unknown : tensor(i);
  const source = inputBehind(i);
  if (source !== undefined) {
    const before = c.run.registry.below.get(source);
    const smaller = typeof n === 'number' && typeof before === 'number' && n < before;
    if (before === undefined || smaller) c.run.registry.below.set(source, n);
  }
  return operand(c, 'i').value;
}

/** The data input whose very elements these are. */
function inputBehind(node: Node): Node | undefined {
  const { lowering } = node.op;
  if (lowering.kind === 'leaf')
    return lowering.leaf === 'input' && node.attrs['kind'] === 'data' ? node : undefined;
  const [inner] = node.inputs;
  const keeps = lowering.kind === 'view' && node.inputs.length === 1 && node.op.name !== 'pad';
  const recast = node.op.name === 'cast' && isInteger(node.type.dtype);
  return inner !== undefined && isInteger(inner.type.dtype) && (keeps || recast)
    ? inputBehind(inner)
    : undefined;
}

/** `axes=n`: the last n axes of a with the first n of b; `axes=[[…], […]]`: these of a with those of b. */
function tensordot(c: Call): Value {
  const [a, b] = [nodeOf(c, 'a', 'f32'), nodeOf(c, 'b', 'f32')];
  const arg = c.args.get('axes');
  if (a === undefined || b === undefined) return unknown;
  const pairs = arg === undefined ? lastWithFirst(a, b, 2) : contractedAxes(a, b, arg.value);
  const place = arg?.place ?? c.place;
  if (pairs === undefined) {
    if (arg !== undefined)
      needsStatic(c, 'axes', arg, 'a number of axes that both sides have, or two lists of axes');
    return unknown;
  }
  const [ofA, ofB] = pairs;
  const odd = ofA.findIndex(
    (axis, i) => !sameSize(a.type.shape[axis] ?? 1, b.type.shape[ofB[i] ?? 0] ?? 1),
  );
  if (odd >= 0) {
    const [left, right] = [a.type.shape[ofA[odd] ?? 0] ?? 1, b.type.shape[ofB[odd] ?? 0] ?? 1];
    return complain(
      c.run,
      'NN0203',
      {
        left: dimKey(left),
        right: dimKey(right),
        suggestion: `tensordot sums over axis ${ofA[odd]} of ${typeText(a.type)} and axis ${ofB[odd]} of ${typeText(b.type)}`,
      },
      place,
    );
  }
  if (a.type.dtype !== b.type.dtype)
    return complain(
      c.run,
      'NN0240',
      {
        op: 'tensordot',
        left: a.type.dtype,
        right: b.type.dtype,
        instead: `cast(..., ${a.type.dtype})`,
      },
      c.place,
    );
  const letter = (i: number): string => String.fromCharCode((i < 26 ? 97 : 39) + i);
  const la = a.type.shape.map((_, i) => letter(i));
  const lb = b.type.shape.map((_, i) =>
    ofB.includes(i) ? (la[ofA[ofB.indexOf(i)] ?? 0] ?? '') : letter(a.type.shape.length + i),
  );
  const out = [...la.filter((_, i) => !ofA.includes(i)), ...lb.filter((_, i) => !ofB.includes(i))];
  return tensor(build.einsum(c.run.graph, `${la.join('')},${lb.join('')}->${out.join('')}`, a, b));
}

type AxisPairs = readonly [readonly number[], readonly number[]];

function lastWithFirst(a: Node, b: Node, n: number): AxisPairs | undefined {
  const [ra, rb] = [a.type.shape.length, b.type.shape.length];
  if (!Number.isInteger(n) || n < 0 || n > ra || n > rb) return undefined;
  const counted = Array.from({ length: n }, (_, i) => i);
  return [counted.map((i) => ra - n + i), counted];
}

function contractedAxes(a: Node, b: Node, value: Value): AxisPairs | undefined {
  if (value.kind === 'number') return lastWithFirst(a, b, value.value);
  if (value.kind !== 'list' || value.items.length !== 2) return undefined;
  const lists = value.items.map((v, side) => {
    const rank = (side === 0 ? a : b).type.shape.length;
    const items = v.kind === 'list' ? v.items : [v];
    const axes = items.map((i) =>
      i.kind === 'number' && i.integer ? (i.value < 0 ? i.value + rank : i.value) : -1,
    );
    return axes.every((i) => i >= 0 && i < rank) && new Set(axes).size === axes.length
      ? axes
      : undefined;
  });
  const [ofA, ofB] = lists;
  return ofA !== undefined && ofB !== undefined && ofA.length === ofB.length
    ? [ofA, ofB]
    : undefined;
}

function stopGradient(c: Call): Value {
  const { value } = operand(c, 'x');
  if (value.kind === 'number') return value;
  const x = nodeOf(c, 'x');
  return x === undefined ? unknown : tensor(build.stopGradient(c.run.graph, x));
}

export const valueBuiltins: readonly Builtin[] = [
  define('cast', 'x, dtype', cast),
  constantOf('zeros', 0),
  constantOf('ones', 1),
  constantLike('zeros_like', 0),
  constantLike('ones_like', 1),
  define('full', 'shape, value, dtype=', full),
  define('iota', 'n', iota),
  define('linspace', 'start, stop, n', linspace),
  define('index_below', 'i, n', indexBelow),
  define('tensordot', 'a, b, axes=', tensordot),
  define('stop_gradient', 'x', stopGradient),
];
