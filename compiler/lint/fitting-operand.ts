/**
 * Where a tensor that comes from the data was meant to stand: an expression of parameters alone in
 * which it would fit, `w1 @ w2` where `x @ w2` was meant.
 */
import type { Expr, Span } from '../../grammar/ast.ts';
import { typeText } from '../elaborate/report.ts';
import { sameShape, sameSize } from '../elaborate/sizes.ts';
import type { Node, TensorType } from '../graph/node.ts';
import { dependsOnInput } from './influence.ts';
import { type Program, tensorsOf } from './lint.ts';
import { within } from './walk.ts';

export interface FittingOperand {
  /** `did you mean `x @ w2`?  f32[n, 100] @ f32[100, 50] gives f32[n, 50]`. */
  readonly help: string;
  /** The expression that does not depend on the data. */
  readonly node: Node;
}

interface Operand {
  readonly span: Span;
  readonly type: TensorType;
}

/** The first place within `expr` where `name`, of this type, could stand in the place of a parameter. */
export function fittingOperand(
  program: Program,
  expr: Expr,
  name: string,
  type: TensorType,
): FittingOperand | undefined {
  for (const inner of within(expr)) {
    const [node] = tensorsOf(program, inner);
    if (node === undefined || dependsOnInput(node)) continue;
    for (const operand of namedOperands(program, inner)) {
      const fits = fitting(program, inner, operand, type);
      if (fits === undefined) continue;
      const { text } = program.source;
      const written =
        text.slice(inner.span.start, operand.span.start) +
        name +
        text.slice(operand.span.end, inner.span.end);
      const shown = `did you mean \`${written.replace(/\s+/g, ' ')}\`?`;
      return { help: fits === '' ? shown : `${shown}  ${fits}`, node };
    }
  }
  return undefined;
}

/** Names of tensors that stand directly in an operation. */
function namedOperands(program: Program, expr: Expr): readonly Operand[] {
  const operands =
    expr.kind === 'binary'
      ? [expr.left, expr.right]
      : expr.kind === 'pipe'
        ? [expr.head]
        : expr.kind === 'call'
          ? expr.args.map((arg) => arg.value)
          : [];
  return operands.flatMap((operand) => {
    if (operand.kind !== 'name') return [];
    const [node] = tensorsOf(program, operand);
    return node === undefined ? [] : [{ span: operand.span, type: node.type }];
  });
}

/** What the operation would give, or nothing to say about it; undefined where the type does not fit. */
function fitting(
  program: Program,
  expr: Expr,
  operand: Operand,
  type: TensorType,
): string | undefined {
  if (type.dtype !== operand.type.dtype) return undefined;
  if (expr.kind === 'binary' && expr.op === '@') return product(program, expr, operand, type);
  return sameShape(type.shape, operand.type.shape) ? '' : undefined;
}

function product(
  program: Program,
  expr: Extract<Expr, { kind: 'binary' }>,
  operand: Operand,
  type: TensorType,
): string | undefined {
  const [a] = tensorsOf(program, expr.left);
  const [b] = tensorsOf(program, expr.right);
  if (a === undefined || b === undefined) return undefined;
  const isLeft = operand.span === expr.left.span;
  const [left, right] = isLeft ? [type, b.type] : [a.type, type];
  const [rows, columns] = right.shape;
  const inner = left.shape.at(-1);
  if (right.shape.length !== 2 || left.shape.length < 2) return undefined;
  if (rows === undefined || columns === undefined || inner === undefined) return undefined;
  if (!sameSize(inner, rows)) return undefined;
  const result = { dtype: type.dtype, shape: [...left.shape.slice(0, -1), columns] };
  return `${typeText(left)} @ ${typeText(right)} gives ${typeText(result)}`;
}
