/** NN0905: `if c then a else b |> f`, where the pipe takes `b` only although it looks as if it took both. */
import type { Expr } from '../../grammar/ast.ts';
import { type Lint, type Program, textOf, warn } from './lint.ts';
import { expressionsIn } from './walk.ts';

export const branchPipe: Lint = {
  code: 'NN0905',
  find(program: Program) {
    return [...expressionsIn(program.file)].flatMap((expr) => {
      // Where both branches end in a pipe of their own it is plain what is meant.
      if (expr.kind !== 'if' || expr.else.kind !== 'pipe' || expr.then.kind === 'pipe') return [];
      const { head, stages } = unrolled(expr.else);
      const rest = program.source.text.slice(head.span.end, expr.span.end).trim();
      const shown = textOf(program, { start: expr.span.start, end: head.span.end });
      return [
        warn(
          program,
          'NN0905',
          { both: `(${shown}) ${rest}`, own: `else (${textOf(program, expr.else.span)})` },
          {
            span: { start: stages, end: expr.span.end },
            label: `applied to \`${textOf(program, head.span)}\` alone`,
          },
        ),
      ];
    });
  },
};

/** Where the pipes of a chain start. */
function unrolled(expr: Expr): { head: Expr; stages: number } {
  let head: Expr = expr;
  let stages = expr.span.end;
  while (head.kind === 'pipe') {
    stages = head.opSpan.start;
    head = head.head;
  }
  return { head, stages };
}
