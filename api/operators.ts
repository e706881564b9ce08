/** Operators as functions, for where the left side is a number: `ops.sub(4, x)`. */
import type { BinaryOp } from '../grammar/index.ts';
import { callSite } from './call-site.ts';
import { binaryValue, unaryValue } from './operation.ts';
import { perform } from './perform.ts';
import type { AnySize } from './size.ts';
import { asTensor, type Tensor, type TensorLike } from './tensor.ts';

type Binary = (left: TensorLike | AnySize, right: TensorLike | AnySize) => Tensor;
type Unary = (x: TensorLike) => Tensor;

const binary =
  (op: BinaryOp): Binary =>
  (left, right) => {
    const site = callSite();
    return asTensor(
      perform(site, [left, right], (b) =>
        binaryValue(b, site, op, [left, site.arg(0)], [right, site.arg(1)]),
      ),
    );
  };

const unary =
  (op: '-' | 'not'): Unary =>
  (x) => {
    const site = callSite();
    const at = { ...site, receiver: site.arg(0) };
    return asTensor(perform(site, [x], (b) => unaryValue(b, at, op, x)));
  };

export interface Operators {
  readonly add: Binary;
  readonly sub: Binary;
  readonly mul: Binary;
  readonly div: Binary;
  /** The quotient rounded down. */
  readonly floorDiv: Binary;
  /** The remainder with the sign of the divisor. */
  readonly mod: Binary;
  readonly pow: Binary;
  readonly matmul: Binary;
  readonly eq: Binary;
  readonly ne: Binary;
  readonly lt: Binary;
  readonly le: Binary;
  readonly gt: Binary;
  readonly ge: Binary;
  readonly and: Binary;
  readonly or: Binary;
  readonly neg: Unary;
  readonly not: Unary;
}

export const operators: Operators = {
  add: binary('+'),
  sub: binary('-'),
  mul: binary('*'),
  div: binary('/'),
  floorDiv: binary('//'),
  mod: binary('%'),
  pow: binary('**'),
  matmul: binary('@'),
  eq: binary('=='),
  ne: binary('!='),
  lt: binary('<'),
  le: binary('<='),
  gt: binary('>'),
  ge: binary('>='),
  and: binary('and'),
  or: binary('or'),
  neg: unary('-'),
  not: unary('not'),
};
