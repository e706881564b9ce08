/** Functions of the last two axes as matrices: diagonals, triangles, outer products. */
import { diagonal, diagonalMatrix, triangle } from '../../build-views.ts';
import * as build from '../../builder.ts';
import { dimText } from '../../graph/dim.ts';
import type { Node } from '../../graph/node.ts';
import { orthonormal } from '../../ops/orthonormal.ts';
import * as f from '../../scalar/intrinsics.ts';
import { elementwise } from '../elementwise.ts';
import { complain, typeText } from '../report.ts';
import { dimOf, isPossibleSize, sameSize } from '../sizes.ts';
import { tensor, unknown, type Value } from '../value.ts';
import {
  type Builtin,
  type Call,
  define,
  needsStatic,
  nodeOf,
  numberOption,
  operand,
  unfit,
} from './builtin.ts';

/** The tensor `x` where it has at least two axes; undefined after a report. */
function matrixOf(c: Call): Node | undefined {
  const x = nodeOf(c, 'x');
  if (x === undefined || x.type.shape.length >= 2) return x;
  const callee = `\`${c.name}\``;
  complain(
    c.run,
    'NN0204',
    { callee, needed: 'at least 2 axes', actual: typeText(x.type) },
    operand(c, 'x').place,
  );
  return undefined;
}

function offsetOption(c: Call, name: string): number | undefined {
  const k = numberOption(c, name, 0);
  if (k === undefined || Number.isInteger(k)) return k;
  unfit(c, name, `is ${k}; it takes a whole number`);
  return undefined;
}

function diagonalOption(c: Call): Node | undefined {
  const x = matrixOf(c);
  const offset = offsetOption(c, 'offset');
  if (x === undefined || offset === undefined) return undefined;
  const [rows = 1, columns = 1] = x.type.shape.slice(-2);
  if (offset === 0 && sameSize(rows, columns)) return diagonal(c.run.graph, x);
  if (typeof rows !== 'number' || typeof columns !== 'number') {
    complain(
      c.run,
      'NN0410',
      {
        what: 'the length of a diagonal',
        help: `\`${dimText(rows)}\` and \`${dimText(columns)}\` are not the same size for certain: take a square part, \`x[:n, :n]\``,
      },
      operand(c, 'x').place,
    );
    return undefined;
  }
  if (Math.min(rows + Math.min(0, offset), columns - Math.max(0, offset)) >= 1)
    return diagonal(c.run.graph, x, offset);
  unfit(c, 'offset', `is ${offset}: outside of ${typeText(x.type)}`);
  return undefined;
}

/** A vector becomes the matrix with that diagonal, a matrix its diagonal, as NumPy's. */
function diag(c: Call): Value {
  const x = nodeOf(c, 'x');
  if (x?.type.shape.length === 1) return tensor(diagonalMatrix(c.run.graph, x));
  const found = x && diagonalOption(c);
  return found === undefined ? unknown : tensor(found);
}

const diagonalBuiltin = (name: string, doc: string, of: (c: Call, d: Node) => Node): Builtin =>
  define(name, 'x, offset=', doc, (c) => {
    const d = diagonalOption(c);
    return d === undefined ? unknown : tensor(of(c, d));
  });

const triangular = (name: string, doc: string, side: 'upper' | 'lower'): Builtin =>
  define(name, 'x, k=', doc, (c) => {
    const x = matrixOf(c);
    const k = offsetOption(c, 'k');
    return x === undefined || k === undefined ? unknown : tensor(triangle(c.run.graph, x, side, k));
  });

function eye(c: Call): Value {
  const arg = operand(c, 'n');
  const n = dimOf(arg.value);
  if (n === undefined || !isPossibleSize(n)) {
    needsStatic(c, 'n', arg, 'a size');
    return unknown;
  }
  const g = c.run.graph;
  const ones = build.broadcastTo(g, build.literal(g, 1, 'f32'), [n]);
  return tensor(diagonalMatrix(g, ones));
}

/** Every element of a with every element of b. */
function outer(c: Call): Value {
  const [a, b] = [nodeOf(c, 'a'), nodeOf(c, 'b')];
  if (a === undefined || b === undefined) return unknown;
  const long = [a, b].find((x) => x.type.shape.length !== 1);
  if (long !== undefined)
    return complain(
      c.run,
      'NN0204',
      { callee: '`outer`', needed: '1 axis', actual: typeText(long.type) },
      operand(c, long === a ? 'a' : 'b').place,
    );
  const g = c.run.graph;
  const column = tensor(build.reshape(g, a, [...a.type.shape, 1]));
  const row = tensor(build.reshape(g, b, [1, ...b.type.shape]));
  const wording = { symbol: '*', verb: 'multiply', doing: 'multiplying' };
  const operands = [
    { value: column, place: operand(c, 'a').place },
    { value: row, place: operand(c, 'b').place },
  ];
  return elementwise(c.run, f.mul, operands, wording, c.place);
}

/** Orthonormal columns, or rows where there are more columns than rows; leading axes count as rows. */
function orthonormalOf(c: Call): Value {
  const x = matrixOf(c);
  if (x === undefined) return unknown;
  const g = c.run.graph;
  const sizes = x.type.shape.filter((d) => typeof d === 'number');
  if (sizes.length < x.type.shape.length)
    return complain(c.run, 'NN0410', { what: 'the size of an orthonormal basis' }, c.place);
  const columns = sizes.at(-1) ?? 1;
  const rows = sizes.slice(0, -1).reduce((n, d) => n * d, 1);
  const flat = build.reshape(g, x, [rows, columns]);
  const basis =
    rows < columns
      ? build.transpose(g, g.make(orthonormal, [build.transpose(g, flat)]))
      : g.make(orthonormal, [flat]);
  return tensor(build.reshape(g, basis, sizes));
}

export const matrixBuiltins: readonly Builtin[] = [
  define(
    'diag',
    'x, offset=',
    'The diagonal matrix of a vector; of a matrix, or of the last two axes, the diagonal.',
    diag,
  ),
  diagonalBuiltin(
    'diagonal',
    'The diagonal of the last two axes, `offset` (0) places to the right of the main one.',
    (_, d) => d,
  ),
  diagonalBuiltin('trace', 'The sum of the diagonal of the last two axes.', (c, d) =>
    build.sum(c.run.graph, d, -1),
  ),
  triangular(
    'tril',
    'The last two axes with 0 above the diagonal, or above the one `k` places to its right.',
    'lower',
  ),
  triangular(
    'triu',
    'The last two axes with 0 below the diagonal, or below the one `k` places to its right.',
    'upper',
  ),
  define('eye', 'n', 'The n by n matrix with ones on the diagonal, f32.', eye),
  define(
    'outer',
    'a, b',
    'All products of an element of the vector a (the row) and one of the vector b (the column).',
    outer,
  ),
  define(
    'orthonormal',
    'x',
    'The orthonormal basis that Gram and Schmidt make of the columns of x, or of its rows where these are fewer.',
    orthonormalOf,
  ),
];
