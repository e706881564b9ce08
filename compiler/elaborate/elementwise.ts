/** Element-wise functions on values: literals take the tensors' dtype, shapes broadcast one-sidedly. */
import * as build from '../builder.ts';
import type { Dim } from '../graph/dim.ts';
import { type DType, isFloat, isInteger } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import type { Intrinsic } from '../scalar/scalar.ts';
import { type Broadcast, broadcast } from './broadcast.ts';
import { isNumeric, lift, naturalDType } from './lift.ts';
import {
  complain,
  describe,
  type Extras,
  indexableAt,
  isWritten,
  misplaced,
  note,
  textAt,
  typeText,
  withOrigin,
  wordsAt,
} from './report.ts';
import { isStd, type Run } from './run.ts';
import { sameShape } from './sizes.ts';
import { type Place, tensor, type Unknown, unknown, type Value } from './value.ts';

export interface Operand {
  readonly value: Value;
  readonly place: Place;
}
/** How messages speak of the operation: "add", "adding", `+`. */
export interface Wording {
  readonly verb: string;
  readonly doing: string;
  readonly symbol: string;
}

/** Applies a scalar function to operands of which at least one is a tensor (or is to become one). */
export function elementwise(
  run: Run,
  fn: Intrinsic,
  operands: readonly Operand[],
  wording: Wording,
  place: Place,
): Value {
  const nodes = toNodes(run, fn, operands, wording, place);
  if (nodes === undefined) return unknown;
  const shape = commonShape(run, operands, nodes, wording);
  if (shape === undefined) return unknown;
  return tensor(build.elementwise(run.graph, fn, ...nodes));
}

/** Operands as tensors of one dtype (`select`'s condition apart), or undefined after a report. */
function toNodes(
  run: Run,
  fn: Intrinsic,
  operands: readonly Operand[],
  wording: Wording,
  place: Place,
): Node[] | undefined {
  if (operands.some((o) => o.value.kind === 'unknown')) return undefined;
  const conditions = fn.name === 'select' ? 1 : 0;
  const alike = operands.slice(conditions);
  const first = alike.find((o) => o.value.kind === 'tensor') ?? alike.find(isFraction) ?? alike[0];
  if (first === undefined) return undefined;
  const dtype = naturalDType(first.value);
  if (!accepts(fn, dtype)) {
    const notes = [note(first.place, originOf(first))];
    const instead = fn.domain === 'bool' ? `${wordsOf(first)} != 0` : castOf(first);
    complain(run, 'NN0242', { op: wording.symbol, dtype, instead }, place, {
      notes,
      ...(fn.domain === 'bool' ? {} : castFix(first)),
    });
    return undefined;
  }
  const nodes: Node[] = [];
  for (const [i, operand] of operands.entries()) {
    const wanted = i < conditions ? 'bool' : dtype;
    const node = operandNode(run, operand, wanted, first, wording, place);
    if (node === undefined) return undefined;
    nodes.push(node);
  }
  return nodes;
}

const isFraction = (o: Operand): boolean => o.value.kind === 'number' && !o.value.integer;

function accepts(fn: Intrinsic, dtype: DType): boolean {
  switch (fn.domain) {
    case 'any':
      return true;
    case 'bool':
      return dtype === 'bool';
    case 'float':
      return isFloat(dtype);
    case 'integer':
      return isInteger(dtype);
    case 'num':
      return isNumeric(dtype);
    default:
      return fn.domain satisfies never;
  }
}

function operandNode(
  run: Run,
  operand: Operand,
  dtype: DType,
  first: Operand,
  wording: Wording,
  place: Place,
): Node | undefined {
  const lifted = lift(run.graph, operand.value, dtype);
  switch (lifted.kind) {
    case 'node':
      if (lifted.node.type.dtype === dtype) return lifted.node;
      mixed(run, wording, first, operand, dtype, lifted.node.type.dtype);
      return undefined;
    case 'fraction':
      complain(run, 'NN0241', { text: textAt(place), name: textAt(first.place), dtype }, place, {
        notes: [note(first.place, originOf(first))],
        ...castFix(first),
      });
      return undefined;
    case 'range':
      complain(
        run,
        'NN0313',
        { what: `${lifted.value} is beyond the whole numbers of ${dtype}` },
        operand.place,
      );
      return undefined;
    case 'dtype':
      mixed(run, wording, first, operand, dtype, lifted.dtype);
      return undefined;
    case 'ragged':
      complain(
        run,
        'NN0313',
        { what: 'the rows of this list have different lengths' },
        operand.place,
      );
      return undefined;
    case 'not-a-tensor':
      notATensor(run, wording.symbol, operand);
      return undefined;
    default:
      return lifted satisfies never;
  }
}

/** `+` of a layer, a string, …. */
export function notATensor(run: Run, symbol: string, operand: Operand): Unknown {
  return misplaced(run, operand.value, operand.place, `\`${symbol}\` needs numbers or tensors`);
}

/** f32 * i32: the integer side is the one to cast. */
function mixed(
  run: Run,
  wording: Wording,
  first: Operand,
  other: Operand,
  firstType: DType,
  otherType: DType,
): void {
  const toCast = otherType === 'f32' || otherType === 'f16' ? first : other;
  const target = toCast === first ? otherType : firstType;
  const cast = (words: string): string => `cast(${words}, ${target})`;
  const instead = cast(textAt(toCast.place));
  const firstIsLeft = first.place.span.start <= other.place.span.start;
  const [left, right] = firstIsLeft ? [firstType, otherType] : [otherType, firstType];
  const [one, two] = firstIsLeft ? [first, other] : [other, first];
  complain(run, 'NN0240', { op: wording.symbol, left, right, instead }, one.place, {
    label: originOf(one),
    notes: [note(two.place, originOf(two), true)],
    ...(isWritten(toCast)
      ? { fix: { span: toCast.place.span, text: cast(wordsAt(toCast.place)) } }
      : {}),
  });
}

/** `f32[n] (input, line 1)`. */
const originOf = (o: Operand): string =>
  o.value.kind === 'tensor' ? withOrigin(o.value) : describe(o.value);

const castFix = (o: Operand): Pick<Extras, 'fix'> =>
  isWritten(o) ? { fix: { span: o.place.span, text: `cast(${wordsAt(o.place)}, f32)` } } : {};

const castOf = (o: Operand): string => `cast(${wordsOf(o)}, f32)`;
/** Names inside of the prelude would mean nothing to the reader. */
const wordsOf = ({ place }: Operand): string => (isStd(place.source) ? '…' : textAt(place));

/** The broadcast shape of all operands, or undefined after a report. */
function commonShape(
  run: Run,
  operands: readonly Operand[],
  nodes: readonly Node[],
  wording: Wording,
): readonly Dim[] | undefined {
  let shape: readonly Dim[] = [];
  let widest: Operand | undefined;
  for (const [i, node] of nodes.entries()) {
    const operand = operands[i];
    if (operand === undefined) continue;
    const result = broadcast(shape, node.type.shape);
    if (result.kind !== 'shape') {
      misfit(run, result, widest ?? operand, operand, wording);
      return undefined;
    }
    shape = result.shape;
    if (widest === undefined || node.type.shape.length >= rankOf(widest.value)) widest = operand;
  }
  return shape;
}

const rankOf = (v: Value): number => (v.kind === 'tensor' ? v.node.type.shape.length : 0);

function misfit(
  run: Run,
  result: Exclude<Broadcast, { kind: 'shape' }>,
  left: Operand,
  right: Operand,
  wording: Wording,
): void {
  // Places in the prelude are not shown, so both types become facts.
  const extras = isStd(left.place.source)
    ? { facts: [originOf(left), originOf(right)] }
    : { label: originOf(left), notes: [note(right.place, originOf(right), true)] };
  if (result.kind === 'two-sided') {
    const dtype = left.value.kind === 'tensor' ? left.value.node.type.dtype : 'f32';
    complain(
      run,
      'NN0208',
      {
        doing: wording.doing,
        result: typeText({ dtype, shape: result.shape }),
        meaning: `every element of \`${textAt(left.place)}\` against every element of \`${textAt(right.place)}\``,
        ...whatToWrite(left, right, wording.symbol),
      },
      left.place,
      extras,
    );
  } else if (result.symbols) {
    complain(
      run,
      'NN0201',
      { first: String(sizeText(result.left)), second: String(sizeText(result.right)) },
      left.place,
      extras,
    );
  } else {
    complain(
      run,
      'NN0207',
      {
        verb: wording.verb,
        left: describe(left.value),
        right: describe(right.value),
        axis: result.axis,
        suggestion: linedUp(left, right, wording.symbol),
      },
      left.place,
      extras,
    );
  }
}

/** `x - m[:, None]`: where one axis more, at one place only, makes the smaller operand fit. */
function linedUp(left: Operand, right: Operand, symbol: string): string | undefined {
  const [a, b] = [left.value, right.value];
  if (a.kind !== 'tensor' || b.kind !== 'tensor' || isStd(left.place.source)) return undefined;
  const [large, small] =
    a.node.type.shape.length > b.node.type.shape.length ? [left, right] : [right, left];
  const [whole, part] = [shapeIn(large.value), shapeIn(small.value)];
  if (whole.length !== part.length + 1) return undefined;
  const places = whole.flatMap((_, at) => {
    const result = broadcast(whole, part.toSpliced(at, 0, 1));
    return result.kind === 'shape' && sameShape(result.shape, whole) ? [at] : [];
  });
  const [at] = places;
  if (at === undefined || places.length > 1) return undefined;
  const index = part.map(() => ':').toSpliced(at, 0, 'None');
  const changed = `${indexableAt(small.place)}[${index.join(', ')}]`;
  const words = (o: Operand): string => (o === small ? changed : textAt(o.place));
  return `\`${joined(symbol, words(left), words(right), changed)}\` lines them up`;
}

const shapeIn = (v: Value): readonly Dim[] => (v.kind === 'tensor' ? v.node.type.shape : []);
/** Of `where`, whose condition is no part of this, only what has changed. */
function joined(symbol: string, p: string, q: string, changed: string): string {
  if (symbol === 'where') return changed;
  return /^\w+$/.test(symbol) ? `${symbol}(${p}, ${q})` : `${p} ${symbol} ${q}`;
}

const sizeText = (d: Dim): string => (typeof d === 'number' ? String(d) : d.key);

/** The two usual cures where one side has a trailing axis of size 1 too many. */
function whatToWrite(
  left: Operand,
  right: Operand,
  symbol: string,
): { drop?: string; pairs?: string } {
  const [a, b] = [left.value, right.value];
  if (a.kind !== 'tensor' || b.kind !== 'tensor') return {};
  const [l, r] = [textAt(left.place), textAt(right.place)];
  const [sa, sb] = [a.node.type.shape, b.node.type.shape];
  const column = ({ place }: Operand): string => `${indexableAt(place)}[:, 0]`;
  const row = ({ place }: Operand): string => `${indexableAt(place)}[None, :]`;
  if (sa.length === 2 && sb.length === 1 && sa[1] === 1)
    return {
      drop: joined(symbol, column(left), r, column(left)),
      pairs: joined(symbol, l, row(right), row(right)),
    };
  if (sb.length === 2 && sa.length === 1 && sb[1] === 1)
    return {
      drop: joined(symbol, l, column(right), column(right)),
      pairs: joined(symbol, row(left), r, row(left)),
    };
  return {};
}
