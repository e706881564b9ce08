/** Random statements of a file: each adds lines, and what it names to what the next ones may use. */
import { expression, someType } from './expression.ts';
import {
  chance,
  of,
  pick,
  type Scope,
  type Size,
  type Type,
  typeText,
  type Variable,
} from './made.ts';

export interface Said {
  readonly lines: readonly string[];
  readonly names?: readonly Variable[];
}

/** `fresh` gives a name that is not used yet. */
export type Statement = (s: Scope, fresh: (stem: string) => string) => Said | undefined;

const DEPTH = 4;
const text = (s: Scope, type: Type, depth: number = DEPTH): string =>
  expression(s, type, depth).text;

const named: Statement = (s, fresh) => {
  const type = someType(s);
  const name = fresh('v');
  const annotation = chance(s, 4) ? `: ${typeText(type)}` : '';
  return { lines: [`let ${name}${annotation} = ${text(s, type)}`], names: [{ name, type }] };
};

const tuple: Statement = (s, fresh) => {
  const types = [someType(s), someType(s)];
  const names = types.map((type): Variable => ({ name: fresh('v'), type }));
  const values = types.map((type) => text(s, type, 2));
  return {
    lines: [`let (${names.map((one) => one.name).join(', ')}) = (${values.join(', ')})`],
    names,
  };
};

const split: Statement = (s, fresh) => {
  const [a, b] = [fresh('v'), fresh('v')];
  const { element } = someType(s);
  const whole = text(s, of(element, ['n', 4]), 3);
  const [how, first, second] = pick<readonly [string, Size, Size]>(s, [
    ['2', 2, 2],
    ['[1, 3]', 1, 3],
  ]);
  return {
    lines: [`let (${a}, ${b}) = split(${whole}, ${how}, axis=${pick(s, ['1', '-1'])})`],
    names: [
      { name: a, type: of(element, ['n', first]) },
      { name: b, type: of(element, ['n', second]) },
    ],
  };
};

const topk: Statement = (s, fresh) => {
  const [a, b] = [fresh('v'), fresh('i')];
  return {
    lines: [`let (${a}, ${b}) = topk(${text(s, of('f32', ['n', 4]), 3)}, 2)`],
    names: [
      { name: a, type: of('f32', ['n', 2]) },
      { name: b, type: of('i32', ['n', 2]) },
    ],
  };
};

/** Sizes by name, and a list of them with a splat. */
const sizes: Statement = (s, fresh) => {
  const tensor = s.variables.find(({ type }) => type.shape.length === 2);
  if (tensor === undefined) return undefined;
  const [a, b, c, d] = [fresh('r'), fresh('c'), fresh('d'), fresh('v')];
  return {
    lines: [
      pick(s, [
        `let [${a}, ${b}] = shape(${tensor.name})`,
        `let (${a}, ${b}) = (size(${tensor.name}, 0), size(${tensor.name}, -1))`,
      ]),
      `let ${c} = [${a}, ${b}]`,
      `let ${d} = full([${pick(s, [`...${c}`, `${a}, ${b}`])}], 1.5) / ${b}`,
    ],
    names: [{ name: d, type: of('f32', tensor.type.shape) }],
  };
};

const lambda: Statement = (s, fresh) => {
  const [f, v] = [fresh('f'), fresh('v')];
  const type = of('f32', someType(s).shape);
  const body = pick(s, ['=> a * 2 + 1', '=> relu(a) - a', '{ let b = a * a return b - a }']);
  return {
    lines: [`let ${f} = fn(a) ${body}`, `let ${v} = ${f}(${text(s, type, 2)})`],
    names: [{ name: v, type }],
  };
};

/** A layer value, applied twice: its weights are shared. */
const shared: Statement = (s, fresh) => {
  const [net, a, b] = [fresh('net'), fresh('v'), fresh('v')];
  const made = pick(s, ['dense(4)', 'dense(3, 4) |> relu', '{ dense(2) |> tanh |> dense(4) }']);
  const [input, result] = [of('f32', ['n', 3]), of('f32', ['n', 4])];
  return {
    lines: [
      `let ${net} = ${made}`,
      `let ${a} = ${net}(${text(s, input, 2)})`,
      `let ${b} = (${text(s, input, 2)}) |> ${net}`,
    ],
    names: [
      { name: a, type: result },
      { name: b, type: result },
    ],
  };
};

/** By one name or two; that there is a path to them is made sure of. */
const gradient: Statement = (s, fresh) => {
  const floats = s.variables.filter(
    ({ name, type }) => type.element === 'f32' && !name.startsWith('l'),
  );
  if (floats.length === 0) return undefined;
  const [x, y] = [pick(s, floats), pick(s, floats)];
  const value = `mean(${x.name} * (${text(s, x.type, 2)}) + ${x.name} ** 2)`;
  const name = fresh('g');
  if (x.name === y.name || chance(s, 2))
    return { lines: [`let ${name} = grad(${value}, ${x.name})`], names: [{ name, type: x.type }] };
  const other = fresh('g');
  return {
    lines: [
      `let (${name}, ${other}) = grad(${value} + sum(${y.name} ** 3), (${x.name}, ${y.name}))`,
    ],
    names: [
      { name, type: x.type },
      { name: other, type: y.type },
    ],
  };
};

const weights: Statement = (s, fresh) => {
  const name = fresh('w');
  const type = of('f32', pick<readonly Size[]>(s, [[], [3], [4], [4, 3], [2, 3], [4, 4]]));
  const value = pick(s, ['0', '1', 'normal(0, 1) * 0.1', 'uniform(-1, 1)', 'glorot(3, 4)']);
  const update = chance(s, 6) ? [`update ${name} = ${text(withName(s, name, type), type, 2)}`] : [];
  return {
    lines: [`param ${name}: ${typeText(type)} = ${value}`, ...update],
    names: [{ name, type }],
  };
};

const state: Statement = (s, fresh) => {
  const name = fresh('s');
  const type = of(pick(s, ['f32', 'i32'] as const), pick<readonly Size[]>(s, [[], [3], [4]]));
  return {
    lines: [
      `state ${name}: ${typeText(type)} = ${pick(s, ['0', '1'])}`,
      `update ${name} = ${text(withName(s, name, type), type, 3)}`,
    ],
    names: [{ name, type }],
  };
};

const withName = (s: Scope, name: string, type: Type): Scope => ({
  ...s,
  variables: [...s.variables, { name, type }],
});

const output: Statement = (s, fresh) => {
  if (chance(s, 4) && s.variables.length > 2) {
    const known = s.variables.filter(({ name }) => /^[vg]/.test(name)).slice(-2);
    const names = [...new Set(known.map((one) => one.name))];
    return names.length === 0 ? undefined : { lines: [`output ${names.join(', ')}`] };
  }
  const type = someType(s);
  const name = fresh('o');
  return { lines: [`output ${name} = ${text(s, type)}`], names: [{ name, type }] };
};

const check: Statement = (s) => ({
  lines: [
    chance(s, 2)
      ? `expect ${text(s, of('bool', []), 3)}`
      : `expect allclose(${text(s, of('f32', [3]), 2)}, ${text(s, of('f32', [3]), 2)})`,
  ],
});

export const statements: readonly Statement[] = [
  ...[named, named, named, named, tuple, split, topk, sizes, lambda, shared, gradient, gradient],
  ...[weights, weights, state, output, output, check],
];
