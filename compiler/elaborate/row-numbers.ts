/**
 * Integers that choose rows (`x[ids]`, `take`, class numbers). Where they are the elements of a data input, the
 * model remembers the bound, and the loader checks the data (NN0505).
 */
import { type Dim, dimText } from '../graph/dim.ts';
import { isInteger } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { lift } from './lift.ts';
import { complain, describe, textAt, typeText } from './report.ts';
import type { Run } from './run.ts';
import type { Place, Value } from './value.ts';

/** Notes that these integers are 0 to n - 1, or one of `besides`. */
export function assertBelow(run: Run, ids: Node, n: Dim, besides: readonly number[] = []): void {
  const source = inputBehind(ids);
  if (source === undefined) return;
  const before = run.registry.below.get(source);
  const smaller = typeof n === 'number' && typeof before?.below === 'number' && n < before.below;
  run.registry.below.set(source, {
    below: before === undefined || smaller ? n : before.below,
    // Of several uses, every one must allow it.
    besides: besides.filter((b) => before?.besides.includes(b) ?? true),
  });
}

/** The data input whose very elements these are. */
function inputBehind(node: Node): Node | undefined {
  const { lowering } = node.op;
  if (lowering.kind === 'leaf')
    return lowering.leaf === 'input' && node.attrs['kind'] === 'data' ? node : undefined;
  const [inner] = node.inputs;
  const keeps = lowering.kind === 'view' && node.inputs.length === 1 && node.op.name !== 'pad';
  const recast = node.op.name === 'cast' && isInteger(node.type.dtype);
  return inner !== undefined && isInteger(inner.type.dtype) && (keeps || recast)
    ? inputBehind(inner)
    : undefined;
}

/** The row numbers of an axis with `size` entries, as a tensor of integers; undefined after a report. */
export function rowNumbers(
  run: Run,
  value: Value,
  place: Place,
  { axis, size }: { readonly axis: number; readonly size: Dim },
): Node | undefined {
  if (value.kind === 'unknown') return undefined;
  const numbers = value.kind === 'list' ? fromTheStart(value, size) : value;
  const outside = flatNumbers(numbers).find(
    (v) => v < 0 || (typeof size === 'number' && v >= size),
  );
  if (outside !== undefined) {
    const entries = typeof size === 'number' ? size : dimText(size);
    complain(run, 'NN0211', { text: textAt(place), axis, size: entries }, place);
    return undefined;
  }
  const lifted = lift(run.graph, numbers, 'i32');
  if (lifted.kind === 'node' && isInteger(lifted.node.type.dtype)) {
    assertBelow(run, lifted.node, size);
    return lifted.node;
  }
  if (lifted.kind === 'node' && lifted.node.type.dtype === 'bool')
    complain(
      run,
      'NN0410',
      {
        what: 'how many rows a mask selects',
        help: '`where(mask, x, 0)` keeps the shape; rows are chosen by their numbers',
      },
      place,
    );
  else if (lifted.kind === 'node')
    complain(
      run,
      'NN0314',
      {
        text: textAt(place),
        is: typeText(lifted.node.type),
        needed: `row numbers are integers: \`cast(${textAt(place)}, i32)\``,
      },
      place,
    );
  else
    complain(
      run,
      'NN0410',
      { what: 'an index', help: `it is a whole number, not ${describe(value)}` },
      place,
    );
  return undefined;
}

/** Negative numbers of a list count from the end. */
function fromTheStart(value: Value, size: Dim): Value {
  if (value.kind === 'number' && value.integer && value.value < 0 && typeof size === 'number')
    return { ...value, value: value.value + size };
  if (value.kind !== 'list') return value;
  return { ...value, items: value.items.map((v) => fromTheStart(v, size)) };
}

const flatNumbers = (value: Value): number[] =>
  value.kind === 'number'
    ? [value.value]
    : value.kind === 'list'
      ? value.items.flatMap(flatNumbers)
      : [];
