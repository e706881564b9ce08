/** Expressions that apply layers and functions: pipes, blocks, repetitions, what the program declares itself. */
import {
  asOperand,
  atom,
  chance,
  isNumber,
  loose,
  type Maker,
  of,
  pick,
  type Scope,
  type Size,
  sameType,
} from './made.ts';

const initialisers = [
  ...['he', 'constant(0.1)', 'glorot', 'glorot_normal', 'he_uniform', 'lecun', 'lecun_uniform'],
  ...['lecun_truncated', 'he_truncated', 'orthogonal', 'zero_init', 'one_init'],
];

/** A chain of stages that keeps a shape whose last axis is `d`. */
function keeping(s: Scope, d: Size): string {
  const stages = [
    ...['relu', 'tanh', 'gelu', '{ _ * 0.5 }', 'maximum(_, 0.1)', '{ relu |> softplus }'],
    ...['repeat 2 { silu }', 'repeat i in 0..2 { _ + i }', 'repeat c in [1, 2] { _ * c }'],
    ...['clip(-1, 1)', '(fn(a) => a - 1)', 'skip { relu } |> { _[..., ::2] }'],
    ...(s.mayOwn && isNumber(d)
      ? [
          ...[`dense(${d})`, `dense(${d}, bias=false)`, 'layer_norm', 'rms_norm', 'dropout(0.1)'],
          ...[`residual { dense(${d}) }`, `repeat 2 { dense(${d}) |> relu }`, 'batch_norm'],
          ...[`ffn(3)`, `{ dense(2) |> tanh |> dense(${d}) }`, `swiglu(2)`],
          ...['group_norm(1)', `dense(${d}, init=${pick(s, initialisers)})`],
          ...[`sequential([dense(${d}), { relu }])`, `dense(${d}) as h${s.random(1000)}`],
        ]
      : []),
  ];
  return Array.from({ length: 1 + s.random(2) }, () => pick(s, stages)).join(' |> ');
}

const piped: Maker = (s, type, make) => {
  const d = type.shape.at(-1);
  if (type.element !== 'f32' || d === undefined || type.shape.length < 2) return undefined;
  return loose(`${asOperand(make(type))} |> ${keeping(s, d)}`);
};

const dense: Maker = (s, type, make) => {
  const d = type.shape.at(-1);
  if (!s.mayOwn || type.element !== 'f32' || !isNumber(d) || type.shape.length < 2)
    return undefined;
  const k = pick(s, [2, 3, 5]);
  const x = make({ ...type, shape: [...type.shape.slice(0, -1), k] });
  return chance(s, 2)
    ? loose(`${asOperand(x)} |> dense(${pick(s, [`${k}, ${d}`, `${d}`])})`)
    : atom(`dense(${d}, init=${pick(s, initialisers)})(${x.text})`);
};

/** Of sequences [b, t, d]. */
const sequence: Maker = (s, type, make) => {
  const { element, shape } = type;
  const d = shape.at(-1);
  if (element !== 'f32' || shape.length !== 3 || !isNumber(d) || d % 2 !== 0) return undefined;
  const x = make(type).text;
  const pure = [`sdpa(${x}, ${make(type).text}, ${make(type).text}, causal=true)`, `rope(${x})`];
  const owning = [`(${x}) |> attention(2)`, `(${x}) |> instance_norm`];
  return loose(pick(s, s.mayOwn ? [...pure, ...owning] : pure));
};

const waves: Maker = (_, { element, shape }, make) => {
  const d = shape.at(-1);
  return element === 'f32' && isNumber(d) && d % 2 === 0
    ? atom(`sinusoidal(${make(of('i32', shape.slice(0, -1))).text}, ${d})`)
    : undefined;
};

const embedding: Maker = (s, { element, shape }, make) => {
  const d = shape.at(-1);
  if (!s.mayOwn || element !== 'f32' || !isNumber(d)) return undefined;
  return atom(`embedding(5, ${d})(${make(of('i32', shape.slice(0, -1))).text})`);
};

const own: Maker = (s, type, make) => {
  const fitting = s.callables.filter(
    ({ result, config }) => sameType(result, type) && (s.mayOwn || config === undefined),
  );
  if (fitting.length === 0) return undefined;
  const { name, params, config = '', options = [] } = pick(s, fitting);
  const given = options.filter(() => chance(s, 2));
  const [first = '', ...rest] = [...params.map((param) => make(param).text), ...given];
  const args = rest.length === 0 ? '' : `(${rest.join(', ')})`;
  return chance(s, 2)
    ? loose(`(${first}) |> ${name}${config}${args}`)
    : atom(`${name}${config}(${[first, ...rest].join(', ')})`);
};

export const calls: readonly Maker[] = [
  piped,
  piped,
  dense,
  sequence,
  waves,
  embedding,
  own,
  own,
  own,
];
