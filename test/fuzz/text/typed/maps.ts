/** Expressions element by element: operators with one-sided broadcasting, functions, choices, casts. */
import {
  asOperand,
  atom,
  chance,
  loose,
  type Maker,
  of,
  operand,
  pick,
  type Scope,
  type Size,
} from './made.ts';

const functions = [
  ...['exp', 'log1p', 'sqrt', 'abs', 'sign', 'floor', 'ceil', 'round', 'sin', 'cos', 'tanh', 'erf'],
  ...['sigmoid', 'softplus', 'relu', 'gelu', 'silu', 'elu', 'softsign', 'hard_tanh', 'identity'],
  ...['exp2', 'log', 'log2', 'rsqrt', 'asin', 'acos', 'tan', 'sinh', 'cosh', 'relu6', 'gelu_tanh'],
  ...['celu', 'selu', 'hard_sigmoid', 'hard_swish', 'soft_shrink', 'hard_shrink', 'tanh_shrink'],
  ...['stop_gradient', 'atan', 'expm1', 'trunc', 'mish', 'zeros_like', 'ones_like', 'log_sigmoid'],
];
const comparisons = ['==', '!=', '<', '<=', '>', '>='];

/** A shape that stretches to the given one. */
function partnerShape(s: Scope, shape: readonly Size[]): readonly Size[] {
  const kind = s.random(5);
  if (kind === 0) return [];
  if (kind === 1) return shape.slice(s.random(shape.length + 1));
  if (kind === 2) return shape.map((size) => (chance(s, 3) ? 1 : size));
  return shape;
}

const binary: Maker = (s, type, make) => {
  if (type.element === 'bool') {
    if (chance(s, 3))
      return operand(`${asOperand(make(type))} ${pick(s, ['and', 'or'])} ${asOperand(make(type))}`);
    const element = pick(s, ['f32', 'i32'] as const);
    const [a, b] = [make(of(element, type.shape)), make(of(element, partnerShape(s, type.shape)))];
    return loose(`${asOperand(a)} ${pick(s, comparisons)} ${asOperand(b)}`);
  }
  const signs = type.element === 'f32' ? ['+', '-', '*', '/', '%'] : ['+', '-', '*', '//', '%'];
  const [a, b] = [make(type), make(of(type.element, partnerShape(s, type.shape)))];
  const [left, right] = chance(s, 2) ? [a, b] : [b, a];
  return operand(`(${asOperand(left)}) ${pick(s, signs)} (${asOperand(right)})`);
};

const unary: Maker = (_, type, make) =>
  type.element === 'bool' ? operand(`not (${make(type).text})`) : operand(`-(${make(type).text})`);

const called: Maker = (s, type, make) =>
  type.element === 'f32' ? atom(`${pick(s, functions)}(${make(type).text})`) : undefined;

const power: Maker = (s, type, make) =>
  type.element === 'f32'
    ? operand(`(${make(type).text}) ** ${pick(s, ['2', '3', '(-1)', '0.5'])}`)
    : undefined;

const withNumbers: Maker = (s, type, make) => {
  if (type.element === 'i32') return atom(`index_below(${make(type).text}, 5)`);
  if (type.element === 'bool') return undefined;
  const x = make(type).text;
  return atom(pick(s, [`leaky_relu(${x}, 0.1)`, `threshold(${x}, 0, 1)`, `elu(${x}, alpha=0.5)`]));
};

const ofTwo: Maker = (s, type, make) =>
  type.element === 'f32'
    ? atom(`${pick(s, ['atan2', 'logaddexp', 'xlogy'])}(${make(type).text}, ${make(type).text})`)
    : undefined;

const extreme: Maker = (s, type, make) =>
  type.element === 'bool'
    ? undefined
    : atom(`${pick(s, ['maximum', 'minimum'])}(${make(type).text}, ${make(type).text})`);

const where: Maker = (s, type, make) => {
  const condition = make(of('bool', partnerShape(s, type.shape)));
  return atom(`where(${condition.text}, ${make(type).text}, ${make(type).text})`);
};

const clip: Maker = (_, type, make) =>
  type.element === 'f32' ? atom(`clip(${make(type).text}, -1, 2.5)`) : undefined;

const cast: Maker = (s, type, make) => {
  const others = (['f32', 'i32', 'bool'] as const).filter((e) => e !== type.element);
  return atom(`cast(${make(of(pick(s, others), type.shape)).text}, ${type.element})`);
};

const choice: Maker = (s, type, make) =>
  loose(
    `if ${pick(s, ['true', 'false', 'training', '2 < 3', 'not training'])} ` +
      `then ${asOperand(make(type))} else ${asOperand(make(type))}`,
  );

export const maps: readonly Maker[] = [
  binary,
  binary,
  unary,
  called,
  called,
  power,
  withNumbers,
  ofTwo,
  extreme,
  where,
  clip,
  cast,
  choice,
];
