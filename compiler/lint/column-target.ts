/**
 * NN0913: a prediction for each class minus an input of one column. Broadcasting makes it mean that all
 * classes have the same target, which trains as if nothing were wrong.
 */

import type { Expr } from '../../grammar/ast.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { typeText } from '../elaborate/report.ts';
import { sameShape } from '../elaborate/sizes.ts';
import { dimText } from '../graph/dim.ts';
import { isInteger } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { input } from '../ops/leaf.ts';
import { cast } from '../ops/map.ts';
import { type Lint, type Program, tensorsOf, textOf, warn } from './lint.ts';
import { expressionsIn } from './walk.ts';

export const columnTarget: Lint = {
  code: 'NN0913',
  find(program) {
    const { losses } = program.model.training;
    const minimised = new Set(reachable(losses.map((loss) => loss.node)));
    return [...expressionsIn(program.file)].flatMap((expr) => {
      if (expr.kind !== 'binary' || expr.op !== '-') return [];
      if (!tensorsOf(program, expr).some((node) => minimised.has(node))) return [];
      return [...column(program, expr.left, expr.right), ...column(program, expr.right, expr.left)];
    });
  },
};

function column(program: Program, prediction: Expr, target: Expr): readonly Diagnostic[] {
  const [p] = tensorsOf(program, prediction);
  const [t] = tensorsOf(program, target);
  if (p === undefined || t === undefined || !isColumnFor(p, t) || !isPredicted(p)) return [];
  const data = t.op === cast ? t.inputs[0] : t;
  if (data?.op !== input || data.attrs['kind'] !== 'data') return [];
  const classes = dimText(p.type.shape.at(-1) ?? 1);
  const name = String(data.attrs['name']);
  return [
    warn(
      program,
      'NN0913',
      {
        column: textOf(program, target.span),
        classes: `${classes} values`,
        oneHot:
          isInteger(data.type.dtype) && p.type.shape.length === 2
            ? `one_hot(${name}[:, 0], ${classes})`
            : undefined,
      },
      {
        span: target.span,
        label: typeText(t.type),
        notes: [{ message: typeText(p.type), file: program.source.name, span: prediction.span }],
      },
    ),
  ];
}

/** `[n, 10]` and `[n, 1]`. */
function isColumnFor(p: Node, t: Node): boolean {
  const [wide, narrow] = [p.type.shape, t.type.shape];
  if (wide.length !== narrow.length || wide.length < 2) return false;
  const last = wide.at(-1);
  return (
    narrow.at(-1) === 1 &&
    typeof last === 'number' &&
    last > 1 &&
    sameShape(wide.slice(0, -1), narrow.slice(0, -1))
  );
}

const isPredicted = (node: Node): boolean =>
  reachable([node]).some((n) => n.op === input && n.attrs['kind'] === 'param');
