/** The operator `@`, and what to write where its two sides do not fit. */
import * as build from '../builder.ts';
import { type Dim, dimText, shapeText } from '../graph/dim.ts';
import * as f from '../scalar/intrinsics.ts';
import { broadcast } from './broadcast.ts';
import { elementwise, notATensor, type Operand } from './elementwise.ts';
import { lift } from './lift.ts';
import { complain, describe, note, textAt, withOrigin } from './report.ts';
import type { Run } from './run.ts';
import { isBareSymbol, sameSize } from './sizes.ts';
import { type Place, tensor, type Unknown, type Value } from './value.ts';

export function matrixProduct(run: Run, left: Operand, right: Operand, place: Place): Value {
  const [a, b] = [left, right].map((o) => {
    const lifted = lift(run.graph, o.value, 'f32');
    return lifted.kind === 'node' ? lifted.node : undefined;
  });
  if (a === undefined) return notATensor(run, '@', left);
  if (b === undefined) return notATensor(run, '@', right);
  const [sa, sb] = [a.type.shape, b.type.shape];
  if (sa.length === 0 || sb.length === 0) {
    const scalar = sa.length === 0 ? left : right;
    return complain(
      run,
      'NN0204',
      {
        callee: '`@`',
        needed: 'at least 1 axis on each side',
        actual: describe(scalar.value),
        suggestion: `${textAt(left.place)} * ${textAt(right.place)}`,
      },
      scalar.place,
    );
  }
  // It refuses two element types in the words of every operator.
  if (a.type.dtype !== b.type.dtype)
    return elementwise(
      run,
      f.add,
      [left, right],
      { symbol: '@', verb: 'multiply', doing: 'multiplying' },
      place,
    );
  const [columns, rows] = innerSizes([sa, sb]);
  if (!sameSize(columns, rows)) return innerSizesDiffer(run, left, right, [sa, sb]);
  const [la, lb] = [sa.slice(0, -2), sb.slice(0, -2)];
  const batch = broadcast(la, lb);
  if (batch.kind !== 'shape')
    return complain(
      run,
      'NN0207',
      {
        verb: 'multiply',
        left: describe(left.value),
        right: describe(right.value),
        axis: batch.kind === 'differ' ? batch.axis - 2 : -3,
        suggestion: `the leading axes ${shapeText(la)} and ${shapeText(lb)} must be equal, or one side has none`,
      },
      left.place,
      { label: originOf(left), notes: [note(right.place, originOf(right), true)] },
    );
  return tensor(build.matmul(run.graph, a, b));
}

const originOf = (o: Operand, detail = ''): string =>
  o.value.kind === 'tensor' ? withOrigin(o.value, detail) : describe(o.value);

type Shapes = readonly [left: readonly Dim[], right: readonly Dim[]];

/** The size of the left side that is summed over, and that of the right. */
const innerSizes = ([left, right]: Shapes): readonly [columns: Dim, rows: Dim] => [
  left.at(-1) ?? 1,
  right.at(right.length === 1 ? -1 : -2) ?? 1,
];

function innerSizesDiffer(run: Run, left: Operand, right: Operand, shapes: Shapes): Unknown {
  const [columns, rows] = innerSizes(shapes);
  if (isBareSymbol(columns) && isBareSymbol(rows))
    return complain(run, 'NN0201', { first: dimText(columns), second: dimText(rows) }, left.place, {
      label: originOf(left),
      notes: [note(right.place, originOf(right), true)],
    });
  return complain(
    run,
    'NN0203',
    {
      left: dimText(columns),
      right: dimText(rows),
      suggestion: suggestTransposed(left, right, shapes) ?? suggestSizes(left, right),
    },
    left.place,
    {
      label: originOf(left, `: ${dimText(columns)} columns`),
      notes: [note(right.place, originOf(right, `: ${dimText(rows)} rows`), true)],
    },
  );
}

function suggestTransposed(left: Operand, right: Operand, [a, b]: Shapes): string | undefined {
  const [columns, rows] = innerSizes([a, b]);
  const leftFits = a.length === 2 && b.length === 2 && sameSize(a[0] ?? 1, rows);
  const rightFits = b.length === 2 && sameSize(columns, b[1] ?? 1);
  if (rightFits) return `\`${textAt(left.place)} @ ${textAt(right.place)}.T\` would fit`;
  if (leftFits) return `\`${textAt(left.place)}.T @ ${textAt(right.place)}\` would fit`;
  return undefined;
}

/** `param W: f32[784, 10]`, or a layer between: `x |> dense(100)`. */
function suggestSizes(left: Operand, right: Operand): string | undefined {
  const [a, b] = [left.value, right.value];
  if (a.kind !== 'tensor' || b.kind !== 'tensor' || b.origin?.what !== 'param') return undefined;
  const [rows, columns] = b.node.type.shape;
  const inner = a.node.type.shape.at(-1);
  if (rows === undefined || columns === undefined || inner === undefined) return undefined;
  const declared = `param ${textAt(right.place)}: ${b.node.type.dtype}${shapeText([inner, columns])}`;
  return `\`${declared}\`, or a layer between: \`${textAt(left.place)} |> dense(${dimText(rows)})\``;
}
