/** `grad(y, x)`: the derivative of `sum(y)` by a tensor, or by each of a tuple of them. */

import { gradient } from '../../autodiff/gradient.ts';
import { isFloat } from '../../graph/dtype.ts';
import type { Node } from '../../graph/node.ts';
import { reachable } from '../../graph/walk.ts';
import { cutText } from '../nearest-cut.ts';
import { complain, describe, textAt } from '../report.ts';
import type { Place, Tensor, Value } from '../value.ts';
import { tensor, unknown } from '../value.ts';
import { type Builtin, type Call, define, operand } from './builtin.ts';

function grad(c: Call): Value {
  const y = operand(c, 'y');
  const x = operand(c, 'x');
  if (y.value.kind === 'unknown' || x.value.kind === 'unknown') return unknown;
  if (y.value.kind !== 'tensor' || !isFloat(y.value.node.type.dtype))
    return complain(c.run, 'NN0401', { what: whatIs(y.value), help: ofWhat(y.value) }, y.place);
  const many = x.value.kind === 'tuple' || x.value.kind === 'list';
  const by = x.value.kind === 'tuple' || x.value.kind === 'list' ? x.value.items : [x.value];
  const sources: Tensor[] = [];
  for (const v of by) {
    if (v.kind === 'tensor' && isFloat(v.node.type.dtype)) sources.push(v);
    else
      return complain(
        c.run,
        'NN0401',
        {
          what: v.kind === 'tensor' ? whatIs(v) : `\`${textAt(x.place)}\`, ${describe(v)},`,
          help: byWhat(v),
        },
        x.place,
      );
  }
  const target = y.value.node;
  if (reachable([target]).length > mostOperations) return tooLong(c);
  const grads = gradient(
    c.run.graph,
    target,
    sources.map((s) => s.node),
  );
  const items = grads.map((g, i): Value => {
    const source = sources[i];
    if (g !== undefined || source === undefined) return g === undefined ? unknown : tensor(g);
    return noPath(c, target, source, nameOf(source, x.place, many), y.place);
  });
  if (items.some((v) => v.kind === 'unknown')) return unknown;
  return many ? { kind: 'tuple', items } : (items[0] ?? unknown);
}

/** A derivative is some times as long as what it is of, so that nested ones grow without bound. */
const mostOperations = 100_000;

function tooLong(c: Call): Value {
  const what = `this is the derivative of more than ${mostOperations} operations`;
  const help = 'each derivative of a derivative is some times as long as the one before';
  return complain(c.run, 'NN0313', { what, help }, c.place);
}

const ofWhat = (v: Value): string | undefined =>
  v.kind === 'number' || v.kind === 'list'
    ? 'it is known while compiling; `let x: f32 = 2` makes a tensor, and what is computed from it has a gradient'
    : undefined;

const byWhat = (v: Value): string =>
  v.kind === 'number' || v.kind === 'list'
    ? 'a number is no variable; `let x: f32 = 2` makes a tensor to differentiate by'
    : 'differentiate by tensors of floats';

/** "`argmax`", "an i32 tensor", "the number 2". */
function whatIs(v: Value): string {
  if (v.kind !== 'tensor') return describe(v);
  const { op, type } = v.node;
  if (op.name === 'argmax' || op.name === 'argmin') return `\`${op.name}\``;
  return type.dtype === 'bool' ? 'a comparison (bool)' : `an ${type.dtype} tensor`;
}

const nameOf = (source: Tensor, place: Place, many: boolean): string =>
  many
    ? source.origin === undefined
      ? 'this tensor'
      : textAt(source.origin.place)
    : textAt(place);

function noPath(c: Call, y: Node, source: Tensor, by: string, place: Place): Value {
  const cut = cutText(c.run.graph, y, source.node);
  return complain(c.run, 'NN0405', { of: textAt(place), by, cut }, c.place);
}

export const gradientBuiltins: readonly Builtin[] = [
  define(
    'grad',
    'y, x',
    'The derivative of sum(y) by x, or by each of a tuple of tensors; it can be differentiated again.',
    grad,
  ),
];
