/**
 * Random calls. A counter generator (threefry2x32) with key (seed, hash of the call path) and counter
 * (step, element): recomputing a call gives the same numbers, and nothing is stored. In an initialiser
 * the path is the parameter's and the step is 0.
 */
import * as build from '../../builder.ts';
import { type Dim, productOf } from '../../graph/dim.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Node } from '../../graph/node.ts';
import { mapOp } from '../../ops/map.ts';
import { stepInput } from '../../programs.ts';
import * as f from '../../scalar/intrinsics.ts';
import { complain, typeText } from '../report.ts';
import { countUp, type Run } from '../run.ts';
import { tensor, unknown, type Value } from '../value.ts';
import { type Builtin, type Call, define, nodeOf, unfit } from './builtin.ts';
import { sizesOption } from './sizes-option.ts';

/** The shape asked for: `shape=`, `like=`, or the declared one of the parameter being initialised. */
function shapeOption(c: Call): readonly Dim[] | undefined {
  if (c.args.has('shape')) return sizesOption(c, 'shape');
  if (c.args.has('like')) return nodeOf(c, 'like')?.type.shape;
  const declared = c.run.initialiser?.shape;
  if (declared === undefined) complain(c.run, 'NN0320', { callee: c.name }, c.place);
  return declared;
}

/** Random words, u32 of the given shape. */
function randomBits(c: Call, shape: readonly Dim[]): Node {
  const { run } = c;
  const g = run.graph;
  const literal = (value: number): Node => build.literal(g, value >>> 0, 'u32');
  const initialiser = run.initialiser;
  const step = initialiser === undefined ? build.cast(g, stepInput(g), 'u32') : literal(0);
  const count = productOf(shape);
  const element = build.cast(g, build.iota(g, count), 'u32');
  const spread = (x: Node): Node => build.broadcastTo(g, x, [count]);
  const words = g.make(mapOp(f.threefry), [
    spread(literal(run.seed)),
    spread(literal(hashText(callPath(c)))),
    spread(step),
    element,
  ]);
  return build.reshape(g, words, shape);
}

/** `dense.W`, or `encoder.2/dropout`, with an ordinal where there are several calls. */
function callPath(c: Call): string {
  const { run } = c;
  const callers = run.frames.map((frame) => frame.callee).join('/');
  const path = run.initialiser?.path ?? `${run.path}/${callers}`;
  const n = countUp(run, `random ${path}`);
  return n === 0 ? path : `${path}#${n}`;
}

/** FNV-1a, 32 bits, of the text in UTF-16 units. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Uniform on the open interval (0, 1): 2²³ equally spaced numbers, each exact in f32. */
function unitInterval(c: Call, shape: readonly Dim[]): Node {
  const g = c.run.graph;
  const bits = build.elementwise(g, f.shr, randomBits(c, shape), 9);
  return build.mul(g, build.add(g, build.cast(g, bits, 'f32'), 0.5), 2 ** -23);
}

/**
 * Inverse of the normal distribution function times √2: Giles, "Approximating the erfinv function"
 * (GPU Computing Gems, 2011), single precision, relative error below 4e-7.
 */
function inverseErf(g: Graph, x: Node): Node {
  const w = build.neg(g, build.log(g, build.mul(g, build.sub(g, 1, x), build.add(g, 1, x))));
  const central = polynomial(
    g,
    build.sub(g, w, 2.5),
    [
      2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 2.1858087e-4, -1.25372503e-3,
      -4.17768164e-3, 0.246640727, 1.50140941,
    ],
  );
  const tail = polynomial(
    g,
    build.sub(g, build.sqrt(g, w), 3),
    [
      -2.00214257e-4, 1.00950558e-4, 1.34934322e-3, -3.67342844e-3, 5.73950773e-3, -7.6224613e-3,
      9.43887047e-3, 1.00167406, 2.83297682,
    ],
  );
  return build.mul(g, build.where(g, build.lt(g, w, 5), central, tail), x);
}

const polynomial = (g: Graph, x: Node, coefficients: readonly number[]): Node => {
  const [first = 0, ...rest] = coefficients;
  return rest.reduce<Node>(
    (sum, c) => build.add(g, build.mul(g, sum, x), c),
    build.broadcastTo(g, build.literal(g, first, 'f32'), x.type.shape),
  );
};

/** A parameter of a distribution: a number or a scalar tensor. */
function parameter(c: Call, name: string): Node | number | undefined {
  const arg = c.args.get(name);
  if (arg?.value.kind === 'number') return arg.value.value;
  const node = nodeOf(c, name, 'f32');
  if (node === undefined || node.type.shape.length === 0) return node;
  unfit(c, name, `is ${typeText(node.type)}; it takes one number`);
  return undefined;
}

/** `low + (high - low) * u`. */
function scaled(g: Graph, u: Node, low: Node | number, width: Node | number): Node {
  const wide = width === 1 ? u : build.mul(g, u, width);
  return low === 0 ? wide : build.add(g, wide, low);
}

const minus = (run: Run, a: Node | number, b: Node | number): Node | number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : build.sub(run.graph, a, b);

function uniform(c: Call): Value {
  const [low, high] = [parameter(c, 'low'), parameter(c, 'high')];
  const shape = shapeOption(c);
  if (low === undefined || high === undefined || shape === undefined) return unknown;
  return tensor(scaled(c.run.graph, unitInterval(c, shape), low, minus(c.run, high, low)));
}

function normal(c: Call): Value {
  const [mean, deviation] = [parameter(c, 'mean'), parameter(c, 'deviation')];
  const shape = shapeOption(c);
  if (mean === undefined || deviation === undefined || shape === undefined) return unknown;
  const g = c.run.graph;
  const symmetric = build.sub(g, build.mul(g, unitInterval(c, shape), 2), 1);
  const standard = build.mul(g, inverseErf(g, symmetric), Math.SQRT2);
  return tensor(scaled(g, standard, mean, deviation));
}

/** The share of a normal distribution within two deviations of its mean. */
const WITHIN_TWO = 0.9544997361036416;

/** Normal, of what lies within two deviations of the mean: a uniform number of that share, turned back into a place. */
function truncatedNormal(c: Call): Value {
  const [mean, deviation] = [parameter(c, 'mean'), parameter(c, 'deviation')];
  const shape = shapeOption(c);
  if (mean === undefined || deviation === undefined || shape === undefined) return unknown;
  const g = c.run.graph;
  const share = build.mul(g, build.sub(g, build.mul(g, unitInterval(c, shape), 2), 1), WITHIN_TWO);
  const standard = build.mul(g, inverseErf(g, share), Math.SQRT2);
  return tensor(scaled(g, standard, mean, deviation));
}

/** 1 with probability p, else 0, as f32. */
function bernoulli(c: Call): Value {
  const p = parameter(c, 'p');
  const shape = shapeOption(c);
  if (p === undefined || shape === undefined) return unknown;
  const g = c.run.graph;
  return tensor(build.cast(g, build.lt(g, unitInterval(c, shape), p), 'f32'));
}

/** Whole numbers from `low` to `high - 1`, i32. */
function randint(c: Call): Value {
  const low = c.args.get('low')?.value;
  const high = c.args.get('high')?.value;
  const shape = shapeOption(c);
  if (shape === undefined) return unknown;
  if (low?.kind !== 'number' || high?.kind !== 'number' || !(high.value > low.value))
    return complain(
      c.run,
      'NN0410',
      { what: 'the range of `randint`', help: 'two whole numbers, the lower one first' },
      c.place,
    );
  const g = c.run.graph;
  const word = build.elementwise(g, f.rem, randomBits(c, shape), high.value - low.value);
  return tensor(build.add(g, build.cast(g, word, 'i32'), low.value));
}

export const randomBuiltins: readonly Builtin[] = [
  define(
    'uniform',
    'low, high, shape=, like=',
    'Random numbers between `low` and `high`, equally likely.',
    uniform,
  ),
  define(
    'normal',
    'mean, deviation, shape=, like=',
    'Random numbers of a normal distribution.',
    normal,
  ),
  define(
    'truncated_normal',
    'mean, deviation, shape=, like=',
    'Random numbers of a normal distribution, within two deviations of the mean.',
    truncatedNormal,
  ),
  define(
    'bernoulli',
    'p, shape=, like=',
    '1 with probability p, else 0, at random, f32.',
    bernoulli,
  ),
  define(
    'randint',
    'low, high, shape=, like=',
    'Random whole numbers from `low` to `high` - 1, i32.',
    randint,
  ),
];
