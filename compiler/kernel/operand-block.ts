/**
 * A block of an operand of a product, as one trip of the loop takes it: `lines` (rows of the left
 * operand, columns of the right) by `depths`. Its elements are numbered line by line or depth by depth,
 * whichever makes more loads vectors of four; a vector may straddle lines, so that a whole [k, 10] or
 * [m, 10] is loaded as the run of memory that it is.
 */
import {
  addConstant,
  constant,
  divide,
  type Index,
  modulo,
  scale,
  variable,
} from '../index/index-expr.ts';
import { vectorScore } from './contraction-tile.ts';
import { component, emitValue, scalarPlace, splat, vectorPlace } from './emit-value.ts';
import { type Expr, u32Literal } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';
import type { Value } from './value.ts';

export interface Block {
  readonly value: Value;
  readonly lines: number;
  readonly depths: number;
  /** Iteration variables at a line and a depth of the block. */
  at(line: Index, depth: Index): ReadonlyMap<string, Index>;
}

type Vars = ReadonlyMap<string, Index>;

/** A numbering of the elements, and how many more loads become vectors by it than fall apart. */
interface Numbering {
  readonly score: number;
  readonly starts: readonly Index[];
  number(line: number, depth: number): number;
  place(element: Index): Vars;
}

/** The numbering with the better score, for vectors that start at these element numbers. */
function numberingOf(block: Block, starts: readonly Index[]): Numbering {
  const { lines, depths, at } = block;
  const scored = (place: (element: Index) => Vars): number =>
    starts.reduce(
      (sum, start) => sum + vectorScore(block.value, (lane) => place(addConstant(start, lane))),
      0,
    );
  const byLine = (e: Index): Vars => at(divide(e, depths), modulo(e, depths));
  const byDepth = (e: Index): Vars => at(modulo(e, lines), divide(e, lines));
  const [l, d] = [scored(byLine), scored(byDepth)];
  return l > d
    ? { score: l, starts, place: byLine, number: (line, depth) => line * depths + depth }
    : { score: d, starts, place: byDepth, number: (line, depth) => depth * lines + line };
}

const vectorsOf = (block: Block): number => Math.ceil((block.lines * block.depths) / 4);
const range = (n: number): number[] => [...Array(n).keys()];

const ownNumbering = (block: Block): Numbering =>
  numberingOf(
    block,
    range(vectorsOf(block)).map((v) => constant(4 * v)),
  );
const spreadNumbering = (block: Block, lanes: number): Numbering => {
  const first = scale(variable('lane', lanes), 4);
  return numberingOf(
    block,
    range(Math.ceil(vectorsOf(block) / lanes)).map((h) => addConstant(first, 4 * lanes * h)),
  );
};

/** How many loads of the block are vectors, less those that fall apart, for an invocation that loads it for itself. */
export const blockScore = (block: Block): number => ownNumbering(block).score;

/** Where the four elements of each vector lie that an invocation loads: of the whole block, or of its share among `lanes`. */
export function blockVectors(block: Block, lanes?: number): readonly (readonly Vars[])[] {
  const { place, starts } =
    lanes === undefined ? ownNumbering(block) : spreadNumbering(block, lanes);
  return starts.map((start) => range(4).map((c) => place(addConstant(start, c))));
}

/** A block that an invocation loads for itself. Each vector is loaded when it is first asked for. */
export interface OwnBlock {
  element(line: number, depth: number): Expr;
  /** Lines `line` to `line + 3` at a depth. Lines past the block repeat its last one. */
  quad(line: number, depth: number): Expr;
}

export function ownBlock(
  b: KernelBuilder,
  block: Block,
  physical: ReadonlyMap<string, Expr>,
): OwnBlock {
  const { value, lines, depths } = block;
  const { number, place, score } = ownNumbering(block);
  const loaded = new Map<number, Expr>();
  const load = (key: number, make: () => Expr): Expr => {
    const e = loaded.get(key) ?? make();
    loaded.set(key, e);
    return e;
  };
  const vector = (v: number): Expr =>
    load(4 * v, () =>
      emitValue(
        b,
        value,
        vectorPlace((lane) => place(constant(4 * v + lane)), physical),
      ),
    );
  const element = (line: number, depth: number): Expr => {
    const e = number(line, depth);
    const whole = score >= 0 || (e | 3) < lines * depths;
    return whole
      ? component(vector(e >> 2), e & 3)
      : load(-1 - e, () => emitValue(b, value, scalarPlace(place(constant(e)), physical)));
  };
  const quad = (line: number, depth: number): Expr => {
    const at = range(4).map((c) => Math.min(line + c, lines - 1));
    const numbers = at.map((l) => number(l, depth));
    const [first = 0] = numbers;
    if (first % 4 === 0 && numbers.every((n, c) => n === first + c))
      return splat(vector(first >> 2));
    const parts = at.map((l) => element(l, depth));
    return b.bind({ kind: 'compose', parts, type: { dtype: value.dtype, width: 4 } });
  };
  return { element, quad };
}

/** A block whose vectors lie across the lanes of a subgroup: element (line, depth) in every lane, by broadcast. */
export function spreadBlock(
  b: KernelBuilder,
  block: Block,
  lanes: number,
  physical: ReadonlyMap<string, Expr>,
): (line: number, depth: number) => Expr {
  const { number, place } = spreadNumbering(block, lanes);
  const first = scale(variable('lane', lanes), 4);
  // Past the last vector, lanes load what lies there; nobody asks for it.
  const held = range(Math.ceil(vectorsOf(block) / lanes)).map((h) =>
    splat(
      emitValue(
        b,
        block.value,
        vectorPlace((c) => place(addConstant(first, 4 * lanes * h + c)), physical),
      ),
    ),
  );
  return (line, depth) => {
    const e = number(line, depth);
    const v = e >> 2;
    const vector = held[Math.floor(v / lanes)] ?? u32Literal(0);
    return b.broadcast(component(vector, e & 3), v % lanes);
  };
}
