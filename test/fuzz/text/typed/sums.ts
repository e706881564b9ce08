/** Expressions that add up: reductions, products of matrices, einsum, one-hot rows, losses. */
import {
  asOperand,
  atom,
  axisText,
  chance,
  isNumber,
  type Maker,
  of,
  operand,
  pick,
  type Scope,
  type Size,
  type Type,
} from './made.ts';

const reductions: Readonly<Record<Type['element'], readonly string[]>> = {
  f32: ['sum', 'mean', 'max', 'min', 'prod', 'var', 'std', 'norm', 'logsumexp'],
  i32: ['sum', 'max', 'min', 'prod'],
  bool: ['any', 'all'],
};
const someSize = (s: Scope): Size => pick<Size>(s, [2, 3, 4, ...s.symbols]);

/** Along one axis, which is left out. */
const reduced: Maker = (s, type, make) => {
  const { element, shape } = type;
  if (shape.length > 2) return undefined;
  const axis = s.random(shape.length + 1);
  const inner = shape.toSpliced(axis, 0, someSize(s));
  const where = `axis=${axisText(s, axis, inner.length)}`;
  if (element === 'i32' && chance(s, 2))
    return atom(
      chance(s, 3)
        ? `sum(${make(of('bool', inner)).text}, ${where})`
        : `${pick(s, ['argmax', 'argmin'])}(${make(of('f32', inner)).text}, ${where})`,
    );
  return atom(`${pick(s, reductions[element])}(${make(of(element, inner)).text}, ${where})`);
};

/** Along an axis that stays with size 1. */
const kept: Maker = (s, type, make) => {
  const axis = type.shape.lastIndexOf(1);
  if (axis < 0) return undefined;
  const inner = make({ ...type, shape: type.shape.with(axis, someSize(s)) }).text;
  const name = pick(s, reductions[type.element]);
  return atom(`${name}(${inner}, axis=${axisText(s, axis, type.shape.length)}, keepdims=true)`);
};

/** Along all axes, or all but the last. */
const whole: Maker = (s, { element, shape }, make) => {
  const name = pick(
    s,
    reductions[element].filter((one) => one !== 'logsumexp'),
  );
  if (shape.length === 0) return atom(`${name}(${make(of(element, [someSize(s), 3])).text})`);
  return shape.length === 1
    ? atom(`${name}(${make(of(element, [someSize(s), 2, ...shape])).text}, keep=-1)`)
    : undefined;
};

const product: Maker = (s, { element, shape }, make) => {
  if (element === 'bool') return undefined;
  const k = someSize(s);
  const [a, b, ...more] = shape;
  if (more.length > 0) return undefined;
  const left = make(of(element, a === undefined ? [k] : [a, k]));
  const right = make(of(element, b === undefined ? [k] : [k, b]));
  return chance(s, 3) && a !== undefined && b !== undefined
    ? atom(`tensordot(${left.text}, ${right.text}, axes=1)`)
    : operand(`(${asOperand(left)}) @ (${asOperand(right)})`);
};

const einsum: Maker = (s, { element, shape }, make) => {
  const [a, b, ...more] = shape;
  if (a === undefined || b === undefined || more.length > 0 || element === 'bool') return undefined;
  const k = someSize(s);
  const [left, right] = [make(of(element, [a, k])), make(of(element, [k, b]))];
  const pattern = pick(s, ['i k, k j -> i j', 'ik,kj->ij']);
  return atom(`einsum("${pattern}", ${left.text}, ${right.text})`);
};

const outer: Maker = (_, { element, shape }, make) => {
  const [a, b, ...more] = shape;
  if (a === undefined || b === undefined || more.length > 0 || element === 'bool') return undefined;
  return atom(`outer(${make(of(element, [a])).text}, ${make(of(element, [b])).text})`);
};

const oneHot: Maker = (_, { element, shape }, make) => {
  const n = shape.at(-1);
  return element === 'f32' && isNumber(n)
    ? atom(`one_hot(${make(of('i32', shape.slice(0, -1))).text}, ${n})`)
    : undefined;
};

/** Of two tensors alike, of probabilities alike, and of rows that are compared. */
const alike = [
  ...['mse', 'mae', 'huber', 'smooth_l1', 'log_cosh', 'rmse', 'r2', 'hinge', 'squared_hinge'],
  ...['poisson', 'sigmoid_crossentropy', 'binary_accuracy', 'precision', 'recall', 'f1', 'bce'],
];
const ofRows = [
  ...['kl_divergence', 'kl_target', 'cosine_distance', 'soft_crossentropy'],
  'categorical_crossentropy',
];
/** Of scores and the numbers of classes. */
const ofClasses = [
  ...['softmax_crossentropy', 'nll', 'focal', 'multiclass_hinge', 'accuracy', 'perplexity'],
  'sparse_categorical_crossentropy',
];

const loss: Maker = (s, { element, shape }, make) => {
  if (element !== 'f32' || shape.length > 0) return undefined;
  const n = someSize(s);
  const rows = of('f32', [n, 3]);
  switch (s.random(4)) {
    case 0:
      return atom(`${pick(s, ofRows)}(${make(rows).text}, ${make(rows).text})`);
    case 1:
      return atom(`${pick(s, ofClasses)}(${make(rows).text}, ${make(of('i32', [n])).text})`);
    case 2:
      return atom(`top_k_accuracy(${make(rows).text}, ${make(of('i32', [n])).text}, 2)`);
    default: {
      const both = of('f32', pick<readonly Size[]>(s, [[n, 3], [n], []]));
      return atom(`${pick(s, alike)}(${make(both).text}, ${make(both).text})`);
    }
  }
};

/** What reduces otherwise than along one axis. */
const others: Maker = (s, { element, shape }, make) => {
  if (element !== 'f32') return undefined;
  const [a, b, ...more] = shape;
  if (a !== undefined && a === b && isNumber(a) && more.length === 0) {
    const n = someSize(s);
    return atom(`confusion_matrix(${make(of('f32', [n, a])).text}, ${make(of('i32', [n])).text})`);
  }
  const wider = make(of('f32', [...shape, 3]));
  if (chance(s, 2)) return atom(`cosine_similarity(${wider.text}, ${wider.text})`);
  const last = shape.at(-1);
  return isNumber(last)
    ? atom(`glu(${make(of('f32', [...shape.slice(0, -1), 2 * last])).text})`)
    : undefined;
};

/** The softmax family and its like: of the type that they take. */
const normal: Maker = (s, type, make) => {
  const { element, shape } = type;
  if (element !== 'f32' || shape.length === 0) return undefined;
  const x = make(type).text;
  const axis = pick(s, ['', `, axis=${axisText(s, s.random(shape.length), shape.length)}`]);
  return atom(`${pick(s, ['softmax', 'log_softmax', 'standardize', 'l2_normalize'])}(${x}${axis})`);
};

export const sums: readonly Maker[] = [
  reduced,
  reduced,
  kept,
  whole,
  product,
  product,
  einsum,
  outer,
  oneHot,
  loss,
  others,
  normal,
];
