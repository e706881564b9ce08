/** Random functions and layers of a program: with types or without, with rules for their derivatives, weights and states. */
import { expression, someType } from './expression.ts';
import {
  type Callable,
  chance,
  isNumber,
  of,
  pick,
  type Scope,
  type Type,
  typeText,
  type Variable,
} from './made.ts';

export interface Declared {
  readonly text: string;
  readonly callable: Callable;
}

export function declaredFn(s: Scope, name: string): Declared {
  const params = Array.from({ length: 1 + s.random(2) }, () => someType(s));
  const variables = params.map((type, i): Variable => ({ name: `a${i}`, type }));
  const symbols = [
    ...new Set(params.flatMap(({ shape }) => shape.filter((one) => !isNumber(one)))),
  ];
  const inner: Scope = { ...s, variables, symbols, mayOwn: false };
  if (chance(s, 4)) return withRule(inner, name, of('f32', params[0]?.shape ?? []));
  if (chance(s, 5)) return withOptions(name, of('f32', params[0]?.shape ?? []));
  const result = someKnown(s, params);
  const head = `fn ${name}(${paramsText(s, variables)})`;
  const callable: Callable = { name, params, result };
  if (chance(s, 2)) return { text: `${head} = ${expression(inner, result, 3).text}`, callable };
  const local: Variable = { name: 'b', type: someKnown(s, params) };
  const body = [
    `  let b = ${expression(inner, local.type, 2).text}`,
    `  return ${expression({ ...inner, variables: [...variables, local] }, result, 2).text}`,
  ];
  return { text: `${head} {\n${body.join('\n')}\n}`, callable };
}

/** A value with a derivative of one's own. */
function withRule(s: Scope, name: string, type: Type): Declared {
  const value = pick(s, ['round(a0)', 'relu(a0)', 'a0 * a0', 'sign(a0)']);
  const rule = pick(s, ['dy', 'dy * 2', 'where(y > 0, dy, 0)', 'dy * a0']);
  return {
    text: `fn ${name}(a0: ${typeText(type)}) = ${value} vjp (y, dy) => ${rule}`,
    callable: { name, params: [type], result: type },
  };
}

/** Options by name: a word of a list, and a tensor that may be left out. */
function withOptions(name: string, type: Type): Declared {
  const body = [
    '  let how = one_of(mode, ["plus", "times"])',
    '  let other = if given(by) then by else 0.5',
    '  return if how == "plus" then a0 + other else a0 * other',
  ];
  return {
    text: `fn ${name}(a0: ${typeText(type)}, mode = "plus", by = []) {\n${body.join('\n')}\n}`,
    callable: { name, params: [type], result: type, options: ['mode="times"', 'by=2.5'] },
  };
}

/** Configuration is a size; weights and a state belong to the last axis. */
export function declaredLayer(s: Scope, name: string): Declared {
  const d = pick(s, [3, 4]);
  const type = of('f32', ['n', d]);
  const callable: Callable = { name, params: [type], result: type, config: `(${d})` };
  if (chance(s, 3)) {
    const chain = pick(s, ['dense(k) |> relu', 'residual { dense(k) }', 'repeat 2 { dense(k) }']);
    return { text: `layer ${name}(k: dim) = ${chain}`, callable };
  }
  // The size is known here only by its name.
  const body = [
    '  param w: f32[k, k] = normal(0, 1) * 0.1',
    '  state s: f32[k] = 0',
    `  update s = ${pick(s, ['s + 1', 'mean(a0, axis=0)', '0.9 * s'])}`,
    `  return ${pick(s, ['a0 @ w + s', 'a0 * s', 'relu(a0 @ w)', '(a0 |> dense(k)) + a0 @ w'])}`,
  ];
  const shape = pick(s, ['n', '...']);
  return { text: `layer ${name}(k: dim)(a0: f32[${shape}, k]) {\n${body.join('\n')}\n}`, callable };
}

/** Of the files that random programs may import: a file as a layer, and declarations by name. */
export function importedNames(): readonly Declared[] {
  const [narrow, wide] = [of('f32', ['n', 3]), of('f32', ['n', 4])];
  const names: readonly Callable[] = [
    { name: 'net', params: [narrow], result: wide, config: '()' },
    { name: 'block', params: [wide], result: wide, config: '(4)' },
    { name: 'twice', params: [wide], result: wide },
  ];
  const texts = ['import "net.nn" as net', 'import block, twice from "net.nn"', ''];
  return names.map((callable, i) => ({ text: texts[i] ?? '', callable }));
}

const someKnown = (s: Scope, params: readonly Type[]): Type =>
  chance(s, 2) ? pick(s, params) : of('f32', chance(s, 2) ? [] : (params[0]?.shape ?? []));

/** Without a type a parameter takes any. */
const paramsText = (s: Scope, variables: readonly Variable[]): string =>
  variables
    .map(({ name, type }) =>
      hasSymbol(type) || !chance(s, 3) ? `${name}: ${typeText(type)}` : name,
    )
    .join(', ');

const hasSymbol = ({ shape }: Type): boolean => shape.some((size) => typeof size === 'string');
