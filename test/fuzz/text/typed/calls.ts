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
    : atom(`dense(${d}, init=${pick(s, ['he', 'constant(0.1)', 'glorot'])})(${x.text})`);
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
  const { name, params, config = '' } = pick(s, fitting);
  const [first = '', ...rest] = params.map((param) => make(param).text);
  const args = rest.length === 0 ? '' : `(${rest.join(', ')})`;
  return chance(s, 2)
    ? loose(`(${first}) |> ${name}${config}${args}`)
    : atom(`${name}${config}(${[first, ...rest].join(', ')})`);
};

export const calls: readonly Maker[] = [piped, piped, dense, embedding, own, own, own];
